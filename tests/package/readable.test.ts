import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installed, installPackage, run } from './support/installed.js';

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

test.each([
  ['by the API', "import { Ratings } from 'matfac';\nRatings.from([['ann', 'dune', 'five']]);\n"],
  [
    'by the core',
    "import { Ratings, train } from 'matfac';\nawait train(Ratings.from([['ann', 'dune', 5]]), { factors: -3 });\n",
  ],
  ['by matfac/serve', "import { Model } from 'matfac/serve';\nawait Model.load(new Uint8Array(100));\n"],
])('an uncaught error thrown %s prints a short line and names its functions', async (_, code) => {
  const file = join(installed.folder, 'uncaught.mjs');
  await writeFile(file, code);
  const { stderr } = await run(process.execPath, [file], installed.folder).then(
    () => ({ stderr: 'it ended without an error' }),
    (error: { stderr: string }) => error,
  );
  expect(stderr).toMatch(/^MatfacError: /m);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThan(300);
  const functions = [...stderr.matchAll(/^ +at (?:async |new )*(\S+) \(.*\/matfac\/dist\//gm)].map(([, name]) => name!);
  expect(functions.length).toBeGreaterThan(0);
  expect(functions.filter((name) => name.split('.').at(-1)!.length < 3)).toEqual([]);
});
