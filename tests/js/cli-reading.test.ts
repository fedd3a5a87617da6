/** The flags by which the command reads tables that say too little of themselves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { matfac } from './support/cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matfac-cli-reading-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...words: string[]) => matfac(words, { cwd: folder });

/** How many ratings, users and items the command reads. */
async function sizes(file: string | Uint8Array, ...flags: string[]): Promise<number[]> {
  await writeFile(join(folder, 'log.csv'), file);
  const words = ['train', 'log.csv', ...flags, '--solver', 'popularity', '-o', 'm.safetensors', '--json'];
  const { status, out, err } = await run(...words);
  expect([status, err]).toEqual([0, '']);
  const { ratings, users, items } = JSON.parse(out);
  return [ratings, users, items];
}

const LOG = 'user,item,event,time\nann,lamp,view,07/04/2014\nann,bed,buy,08/04/2014\nbob,lamp,buy,09/04/2014\n';

test('--events chooses an event, or gives weights', async () => {
  expect(await sizes(LOG)).toEqual([3, 2, 2]);
  expect(await sizes(LOG, '--events', 'buy')).toEqual([2, 2, 2]);
  expect(await sizes(LOG, '--events', 'view=1,share=5')).toEqual([1, 1, 1]);
  const { status, err } = await run('train', 'log.csv', '--events', 'view=much');
  expect([status, err]).toEqual([
    2,
    expect.stringMatching(/events\.view must be a finite number of at least 0; it is NaN/),
  ]);
});

test('--time-format, --encoding, --skip-lines and --missing', async () => {
  expect(await sizes(LOG, '--time-format', 'DD/MM/YYYY')).toEqual([3, 2, 2]);
  const { status, err } = await run('train', 'log.csv', '--time-format', 'YYYY-MM-DD');
  expect([status, err]).toEqual([1, expect.stringContaining('YYYY-MM-DD')]);
  const names = Uint8Array.from('user,item,rating\nZo\xeb,lamp,5\nann,bed,3\n', (letter) => letter.charCodeAt(0));
  expect(await sizes(names, '--encoding', 'latin1')).toEqual([2, 2, 2]);
  expect(
    await sizes('an,export,of\nuser,item,rating\nann,lamp,-1\nann,bed,4\n', '--skip-lines', '1', '--missing=-1,NA'),
  ).toEqual([1, 1, 1]);
});
