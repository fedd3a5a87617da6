import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model, Ratings } from 'matfac';
import { afterAll, beforeAll, expect } from 'vitest';
import { matfac } from './cli.js';

/**
 * For the tests of a file, a folder with the sample 'tiny': its rest in train.csv, what is held out in test.csv, the
 * same of other users in strangers.csv, and in model.safetensors a model of four factors; and the program run there.
 */
export function sampleFolder() {
  const here = {
    folder: '',
    rest: undefined as unknown as Ratings,
    held: undefined as unknown as Ratings,
    run: (...words: string[]) => matfac(words, { cwd: here.folder }),
    json: async (...words: string[]) => {
      const { status, out, err } = await here.run(...words, '--json');
      expect({ status, err }).toEqual({ status: 0, err: '' });
      return JSON.parse(out);
    },
    opened: async (name: string) => Model.load(await readFile(join(here.folder, name))),
  };
  beforeAll(async () => {
    here.folder = await mkdtemp(join(tmpdir(), 'matfac-cli-'));
    const csv = (ratings: Ratings) =>
      `user,item,rating\n${[...ratings].map(({ user, item, rating }) => `${user},${item},${rating}\n`).join('')}`;
    const parts = (await Ratings.sample('tiny')).split();
    await writeFile(join(here.folder, 'train.csv'), csv(parts.train));
    await writeFile(join(here.folder, 'test.csv'), csv(parts.test));
    await writeFile(join(here.folder, 'strangers.csv'), csv(parts.test).replaceAll(/^(?=\d)/gm, 's'));
    here.rest = await Ratings.fromFile(csv(parts.train));
    here.held = await Ratings.fromFile(csv(parts.test));
    const { status, err } = await here.run('train', 'train.csv', '--factors', '4', '--out', 'model.safetensors');
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });
  afterAll(() => rm(here.folder, { recursive: true, force: true }));
  return here;
}
