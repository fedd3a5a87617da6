/** `matfac recommend`: to a user, to a visitor with ratings or a list, with titles. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recommendation } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { sampleFolder } from './support/cli-folder.js';

const here = sampleFolder();
const { run, json, opened } = here;

const cellsOf = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ +/));

test('lists the best items of a user', async () => {
  const model = await opened('model.safetensors');
  const user = here.rest.users[3]!;
  const found = await json('recommend', 'model.safetensors', '--user', `${user}`, '-n', '4');
  expect(found).toEqual(model.recommend(user, { n: 4 }));
  expect(found[0].rating).toBeCloseTo(model.predict(user, found[0].item), 5);
  const { out } = await run('recommend', 'model.safetensors', '--user', `${user}`, '-n', '4');
  expect(cellsOf(out)).toEqual([
    ['score', 'rating', 'item'],
    ...found.map(({ item, score, rating }: Required<Recommendation>) => [
      score.toFixed(4),
      rating.toFixed(2),
      `${item}`,
    ]),
  ]);
});

test('orders by the predicted rating or by preference', async () => {
  const model = await opened('model.safetensors');
  const user = here.rest.users[3]!;
  const lists = [];
  for (const by of ['rating', 'preference'] as const) {
    const found = await json('recommend', 'model.safetensors', '--user', `${user}`, '--by', by);
    expect(found).toEqual(model.recommend(user, { by }));
    lists.push(found.map(({ item }: Recommendation) => item));
  }
  expect(lists[0]).not.toEqual(lists[1]);
});

test('shows no rating where the model predicts none', async () => {
  await json('train', 'train.csv', '--solver', 'implicit-als', '--epochs', '2', '-o', 'implicit.safetensors');
  const user = here.rest.users[3]!;
  const [best] = await json('recommend', 'implicit.safetensors', '--user', `${user}`);
  expect(best).not.toHaveProperty('rating');
  const { out } = await run('recommend', 'implicit.safetensors', '--user', `${user}`);
  expect(cellsOf(out).slice(0, 2)).toEqual([
    ['score', 'item'],
    [best.score.toFixed(4), `${best.item}`],
  ]);
});

test('lists the best items of a visitor, with titles', async () => {
  const [a, b] = here.rest.items as [number, number];
  const model = await opened('model.safetensors');
  await writeFile(
    join(here.folder, 'titles.csv'),
    `movieId,title,genres\n${here.rest.items.map((id) => `${id},Film ${id},Drama\n`).join('')}`,
  );
  const words = ['recommend', 'model.safetensors', '--rate', `${a}=5,${b}=2`, '--titles', 'titles.csv'];
  const expected = model
    .foldIn([
      { item: a, rating: 5 },
      { item: b, rating: 2 },
    ])
    .recommend();
  expect(await json(...words)).toEqual(expected.map((entry) => ({ ...entry, title: `Film ${entry.item}` })));
  expect(await json('recommend', 'model.safetensors', '--rate', `${a}=5`, '--rate', `${b}=2`)).toEqual(expected);
});

describe('--profile', () => {
  const films = () => here.rest.items.map((id, index) => ({ id, title: `Film ${id}`, year: 1930 + (index % 80) }));

  beforeAll(async () => {
    const titles = films().map(({ id, title, year }) => `${id},${title} (${year})`);
    await writeFile(join(here.folder, 'films.csv'), `movieId,title\n${titles.join('\n')}`);
  });

  test("recommends by a person's own list, and not what is on it", async () => {
    const [a, b, c] = films() as [{ id: number; title: string; year: number }, ...ReturnType<typeof films>];
    const own = `Const,Your Rating,Title,Year\ntt1,10,${a.title},${a.year}\ntt2,4,${b!.title},${b!.year}\ntt3,8,No Film,1999\n`;
    await writeFile(join(here.folder, 'imdb.csv'), own);
    const model = await opened('model.safetensors');
    const visitor = model.foldIn([
      { item: a.id, rating: 5 },
      { item: b!.id, rating: 2 },
    ]);
    const words = ['recommend', 'model.safetensors', '--profile', 'imdb.csv', '--titles', 'films.csv'];
    const found = await json(...words);
    expect(found.map(({ title: _, ...entry }: { title: string }) => entry)).toEqual(visitor.recommend());
    const { err } = await run(...words);
    expect(err).toContain('2 ratings of imdb.csv are of items of the model; 1 are not.');
    expect(err).toContain('line 4: No Film: no such title');

    // A watched film without a rating is not recommended either.
    const best = films().find(({ id }) => id === found[0].item)!;
    const other = `Name,Year,Letterboxd URI,Rating\n${a.title},${a.year},x,5\n${c!.title},${c!.year},z,2\n${best.title},${best.year},y,\n`;
    await writeFile(join(here.folder, 'letterboxd.csv'), other);
    const rated = model.foldIn([
      { item: a.id, rating: 5 },
      { item: c!.id, rating: 2 },
    ]);
    const expected = rated.recommend({ exclude: [a.id, c!.id, best.id] });
    const words2 = ['recommend', 'model.safetensors', '--profile', 'letterboxd.csv', '--titles', 'films.csv'];
    const others = await json(...words2);
    expect(others.map(({ item }: Recommendation) => item)).toEqual(expected.map(({ item }) => item));
    expect(others.map(({ item }: Recommendation) => item)).not.toContain(best.id);
  });

  test('says what is wrong with the list', async () => {
    const words = ['recommend', 'model.safetensors', '--titles', 'films.csv', '--profile'];
    const many = await run(...words, 'train.csv');
    expect(many.status).toBe(1);
    expect(many.err).toMatch(/train\.csv: Line 1: the file must be .*; /);
    await writeFile(join(here.folder, 'none.csv'), 'Title,Rating\nNo Film,5\n');
    const none = await run(...words, 'none.csv');
    expect(none.status).toBe(1);
    expect(none.err).toContain('none.csv: the list must have ratings of items of the model; it has none');
  });
});

test('accepts ids that are text', async () => {
  await writeFile(join(here.folder, 'text.csv'), 'user,item,rating\nann,7,5\nann,x y,3\nbob,7,4\nbob,z,1\n');
  await json('train', 'text.csv', '--factors', '1', '-o', 'text.safetensors');
  const found = await json('recommend', 'text.safetensors', '--user', 'ann');
  expect(found.map(({ item }: { item: string }) => item)).toEqual(['z']);
});
