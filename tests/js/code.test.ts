/** The code that the page shows runs unchanged and gives the page's figures. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { evaluate, Ratings, type Solver, train } from 'matfac';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldedIn, recommendationsFor } from '../../web/compute/recommend.js';
import { codeFor, epochsToRepeat, optionsToRepeat, VERSION } from '../../web/settings/code.js';
import { openRoom } from './support/page.js';

const entry = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matfac-code-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** The output of the code, in which only the path of the package is changed. */
async function run(code: string): Promise<string> {
  const file = join(folder, 'code.mjs');
  await writeFile(file, code.replace("'matfac'", `'${entry}'`));
  return (await promisify(execFile)(process.execPath, [file], { cwd: folder })).stdout;
}

const number = (printed: string, name: string) => Number(new RegExp(`\\b${name}: (\\S+?),?\\n`).exec(printed)?.[1]);

test.each<Solver>(['variational', 'als', 'sgd', 'svd++', 'gradient-descent', 'nmf', 'bayesian', 'bias'])(
  'the code of %s gives the same errors',
  async (solver) => {
    const ratings = await Ratings.sample('tiny', { seed: 1 });
    const model = await train(ratings, { solver, epochs: 4, validation: 0.2, seed: 7 });
    const options = optionsToRepeat(model.options);
    const printed = await run(codeFor({ source: { sample: 'tiny' }, options, validation: 0.2 }));
    const { validationRmse, loss } = model.history.at(-1)!;
    expect(number(printed, 'validationRmse')).toBe(validationRmse);
    expect(number(printed, 'loss')).toBe(loss);
    const { train: known, test: held } = ratings.split({ test: 0.2, seed: 1 });
    const judged = await train(known, { solver, epochs: 4, seed: 7 });
    if (solver !== 'gradient-descent' && solver !== 'sgd')
      // Their default learning rates depend on the ratings; the code has the rates for all of them.
      expect(number(printed, 'rmse')).toBe(evaluate(judged, held, { k: 10, exclude: known }).rmse);
    expect(number(printed, 'ndcg')).toBeGreaterThan(0);
  },
);

test.each<Solver>(['implicit-als', 'bpr', 'popularity'])('the code of %s gives the same loss', async (solver) => {
  const model = await train(await Ratings.sample('tiny', { seed: 1 }), { solver, epochs: 3 });
  const options = optionsToRepeat(model.options, model.history.length);
  const printed = await run(codeFor({ source: { sample: 'tiny' }, options, validation: 0 }));
  expect(number(printed, 'loss')).toBe(model.history.at(-1)!.loss);
});

test('the code repeats a training that converged, and the evaluation of one that lost its patience', async () => {
  const ratings = await Ratings.sample('tiny', { seed: 1 });
  const model = await train(ratings, { epochs: 2000 });
  expect(model.history.length).toBeLessThan(model.options.epochs);
  expect(epochsToRepeat(model, true)).toBe(model.options.epochs);
  expect(epochsToRepeat(model, false)).toBe(model.history.length);
  const options = optionsToRepeat(model.options, epochsToRepeat(model, true));
  expect(number(await run(codeFor({ source: { sample: 'tiny' }, options, validation: 0 })), 'loss')).toBe(
    model.history.at(-1)!.loss,
  );

  const patient = await train(ratings, { solver: 'als', factors: 16, epochs: 200, patience: 1, validation: 0.2 });
  expect(patient.history.length).toBeLessThan(200);
  const all = optionsToRepeat(patient.options, epochsToRepeat(patient, true));
  const printed = await run(codeFor({ source: { sample: 'tiny' }, options: all, validation: 0.2 }));
  const { train: known, test: held } = ratings.split({ test: 0.2, seed: 1 });
  const judged = await train(known, { ...all, epochs: patient.history.length, patience: 0 });
  expect(number(printed, 'rmse')).toBe(evaluate(judged, held, { k: 10, exclude: known }).rmse);
});

test('the code for a file reads it by its name', async () => {
  const rows = ['user,item,rating'];
  for (let user = 0; user < 20; user++)
    for (let item = 0; item < 15; item++)
      if ((user * item) % 4) rows.push(`${user},${item},${1 + ((user + item) % 5)}`);
  const text = `${rows.join('\n')}\n`;
  await writeFile(join(folder, 'my "ratings".csv'), text);
  const model = await train(await Ratings.fromFile(new Blob([text])), { factors: 3, validation: 0.1 });
  const printed = await run(
    codeFor({ source: { file: 'my "ratings".csv' }, options: optionsToRepeat(model.options), validation: 0.1 }),
  );
  expect(number(printed, 'validationRmse')).toBe(model.history.at(-1)!.validationRmse);
});

test('the visitor’s stars are folded in, and print what the page recommends', async () => {
  const ratings = await Ratings.sample('tiny', { seed: 1 });
  const model = await train(ratings, { epochs: 3 });
  const stars = new Map(model.items.slice(0, 4).map((item, i) => [item, [5, 1, 4, 5][i]!]));
  const given = foldedIn(model, stars, model.ratingRange);
  const options = optionsToRepeat(model.options, epochsToRepeat(model, true));
  const printed = await run(codeFor({ source: { sample: 'tiny' }, options, validation: 0, stars: given }));
  const items = [...printed.matchAll(/\bitem: (\d+)/g)].map(([, item]) => Number(item));
  const shown = recommendationsFor(model, stars, { n: 10, diversity: 0, range: model.ratingRange });
  expect(items).toEqual(shown.map(({ item }) => item));
});

test('the code for a page runs in a page, from a bundle and from a CDN', async () => {
  const model = await train(await Ratings.sample('tiny', { seed: 1 }), { epochs: 3 });
  const options = optionsToRepeat(model.options, epochsToRepeat(model, true));
  const repeat = { source: { sample: 'tiny' }, options, validation: 0, stars: [{ item: model.items[0]!, rating: 5 }] };
  const room = await openRoom();
  try {
    const told: Promise<unknown>[] = [];
    room.page.on('console', (message) => message.type() === 'log' && told.push(message.args()[0]!.jsonValue()));
    await room.script('bundled.js', codeFor(repeat, 'browser').replace("'matfac'", "'./index.js'"));
    await room.run("await import('./bundled.js')");
    const [, recommended, metrics] = await Promise.all(told.splice(0));
    expect(recommended).toEqual(model.foldIn(repeat.stars).recommend({ n: 10 }));
    expect(metrics).toMatchObject({ ndcg: expect.any(Number) });
    // The other origin stands for the CDN.
    const page = codeFor(repeat, 'cdn');
    const address = `https://cdn.jsdelivr.net/npm/matfac@${VERSION}/dist/index.js`;
    expect(page).toContain(address);
    await room.renew();
    await room.page.evaluate(
      (html) => {
        document.open();
        document.write(html);
        document.close();
      },
      page.replace(address, `${room.other}index.js`),
    );
    await expect.poll(() => told.length).toBe(3);
    expect((await Promise.all(told)).slice(1)).toEqual([recommended, metrics]);
  } finally {
    await room.leave();
  }
});

test('the version on the CDN is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(VERSION).toBe(version);
});
