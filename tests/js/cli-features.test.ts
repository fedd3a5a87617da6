import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Features, Model, Ratings, train } from 'matfac';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matfac } from './support/cli.js';

let folder: string;
let ratings: Ratings;
const genres = ['Drama', 'Drama|War', 'Comedy'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matfac-cli-'));
  ratings = await Ratings.sample('tiny');
  const lines = [...ratings].map(({ user, item, rating }) => `${user},${item},${rating}`);
  await writeFile(join(folder, 'ratings.csv'), ['user,item,rating', ...lines].join('\n'));
  const items = ratings.items.map((id) => `${id},Film ${id},${genres[Number(id) % 3]},${1950 + (Number(id) % 50)}`);
  await writeFile(join(folder, 'items.csv'), ['id,title,genres,year', ...items].join('\n'));
  const users = ratings.users.map((id) => `${id},${18 + ((Number(id) * 7) % 50)},${'MF'[Number(id) % 2]}`);
  await writeFile(join(folder, 'users.csv'), ['id,age,sex', ...users].join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...words: string[]) => matfac(words, { cwd: folder });

describe('matfac train with features', () => {
  const words = [
    'train',
    'ratings.csv',
    '--epochs',
    '3',
    '--item-features',
    'items.csv',
    '--user-features',
    'users.csv',
  ];

  test('saves the model that the library trains, and notes what is left out', async () => {
    const { status, err } = await run(...words, '--out', 'model.safetensors');
    expect(status).toBe(0);
    expect(err).toContain("items.csv: 'title' is no feature: its name says that it names the rows");
    const read = async (name: string) => Features.fromFile(await readFile(join(folder, name), 'utf8'));
    const model = await train(await Ratings.fromFile(await readFile(join(folder, 'ratings.csv'), 'utf8')), {
      epochs: 3,
      itemFeatures: await read('items.csv'),
      userFeatures: await read('users.csv'),
    });
    const saved = await Model.load(await readFile(join(folder, 'model.safetensors')));
    expect(saved.itemFactors).toEqual(model.itemFactors);
    const features = { age: 24, sex: 'F' };
    expect(saved.foldIn([], { features }).recommend()).toEqual(model.foldIn([], { features }).recommend());
  });

  test('names the file that cannot be read', async () => {
    await writeFile(join(folder, 'bad.csv'), 'id,age\n1,24,x\n');
    const { status, err } = await run('train', 'ratings.csv', '--user-features', 'bad.csv');
    expect(status).toBe(1);
    expect(err).toContain('bad.csv: Line 2, column 3: the line must have 2 fields, as the first one; it has 3');
    expect((await run('train', 'ratings.csv', '--user-features', 'none.csv')).err).toContain(
      'none.csv could not be read',
    );
  });
});
