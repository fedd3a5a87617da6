import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CoreFactory } from '../../bindings/js/core/core.js';
import { type GoldenModels, hashesOf } from './support/golden.js';
import { openRoom } from './support/page.js';

const golden: GoldenModels = JSON.parse(readFileSync(new URL('../golden/models.json', import.meta.url), 'utf8'));
const expected = {
  // From the test vectors of its authors.
  foobar: '85944171f73967e8',
  ratings: golden.ratings.map(({ hash }) => hash),
  cases: golden.cases.map(({ hash }) => hash),
};

test('one seed gives the golden ratings and models in Node, bit for bit', async () => {
  const glue: { default: CoreFactory } = await import(new URL('../../dist/wasm/matfac.js', import.meta.url).href);
  expect(await hashesOf(glue.default, golden)).toEqual(expected);
});

test('one seed gives them in Chromium, too', async () => {
  const room = await openRoom();
  try {
    await room.script('golden.js', readFileSync(new URL('support/golden.js', import.meta.url), 'utf8'));
    const found = await room.run(`
      const { hashesOf } = await import('${room.own}golden.js');
      const { default: createCore } = await import('${room.own}wasm/matfac.js');
      return hashesOf(createCore, ${JSON.stringify(golden)});
    `);
    expect(found).toEqual(expected);
  } finally {
    await room.leave();
  }
});
