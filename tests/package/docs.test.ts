import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, run } from './support/installed.js';

test('the reference documents every public name; warnings of TypeDoc are errors', async () => {
  await run(join(root, 'node_modules/.bin/typedoc'), [], root);
  const page = await readFile(join(root, 'build/docs/classes/index.Ratings.html'), 'utf8');
  expect(page).toContain('fromFile');
});
