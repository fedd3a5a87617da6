/** Training on ratings in storage: the same model as in memory, bit for bit, and what a user does with it. */
import { Model, type Rating, Ratings, type TrainOptions, train } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

/** A text of the ratings of a sample, in an order without users together. */
async function textOf(withValues = true): Promise<string> {
  const rows = [...(await Ratings.sample('ml100k'))].map(({ user, item, rating }, row) => ({
    line: withValues ? `${user},${item},${rating}` : `${user},${item}`,
    key: (row * 7919) % 100_003,
  }));
  const header = withValues ? 'user,item,rating' : 'user,item';
  return [header, ...rows.sort((a, b) => a.key - b.key).map(({ line }) => line)].join('\n');
}

const stored = (text: string) => Ratings.fromFile(text, { storage: 'opfs' });

describe('the model of stored ratings is that of ratings in memory', () => {
  const cases: [options: TrainOptions, withValues: boolean][] = [
    [{ solver: 'als', epochs: 3 }, true],
    [{ solver: 'als', epochs: 2, preference: false, factors: 5 }, true],
    [{ solver: 'sgd', epochs: 4 }, true],
    [{ solver: 'implicit-als', epochs: 2, factors: 16 }, true],
    [{ solver: 'implicit-als', epochs: 2, factors: 16 }, false],
  ];
  test.each(cases)('%o', async (options, withValues) => {
    const text = await textOf(withValues);
    const ratings = await stored(text);
    const inMemory = await Ratings.fromFile(text);
    const model = await train(ratings, options);
    const other = await train(inMemory, { ...options, threads: 1 });
    expect(numbersOf(model)).toEqual(numbersOf(other));
    const someone = ratings.users[17]!;
    expect(model.recommend(someone)).toEqual(other.recommend(someone));
    ratings.dispose();
  });
});

test.each<[order: string, key: (row: Rating, index: number) => number]>([
  ['by item', ({ item }) => item as number],
  ['by time', (_, index) => (index * 7919) % 1_000_003],
])('a file sorted %s, of more ratings than are sorted at a time', async (_, key) => {
  const rows = [...(await Ratings.sample('ml1m'))];
  const order = rows.map(key);
  const lines = Array.from(rows.keys())
    .sort((a, b) => order[a]! - order[b]! || a - b)
    .map((row, time) => `${rows[row]!.user},${rows[row]!.item},${rows[row]!.rating},${1e9 + time}`);
  const text = `user,item,rating,timestamp\n${lines.join('\n')}`;
  const [ratings, inMemory] = [await stored(text), await Ratings.fromFile(text)];
  const { train: rest, test: latest } = await ratings.splitAsync({ by: 'time', test: 0.01 });
  const other = inMemory.split({ by: 'time', test: 0.01 });
  expect(byPair(latest)).toEqual(byPair(other.test));
  for (const solver of ['als', 'sgd', 'implicit-als'] as const) {
    const options: TrainOptions = { solver, epochs: 1, factors: 4, threads: 1 };
    expect(numbersOf(await train(ratings, options))).toEqual(numbersOf(await train(inMemory, options)));
  }
  for (const each of [ratings, rest]) each.dispose();
});

const byPair = (ratings: Iterable<Rating>) =>
  [...ratings].sort((a, b) => Number(a.user) - Number(b.user) || Number(a.item) - Number(b.item));

/** Everything learned, as bytes. */
function numbersOf(model: Model): unknown {
  const { userFactors, itemFactors, userBias, itemBias, mean, scale } = model;
  const losses = model.history.map(({ loss }) => loss);
  const bytes = [userFactors.data, itemFactors.data, userBias, itemBias].map((each) =>
    Buffer.from(each.buffer, each.byteOffset, each.byteLength).toString('base64'),
  );
  return { bytes, mean, scale, losses };
}

test('from a file to a judged model and recommendations, by default als', async () => {
  const ratings = await stored(await textOf());
  const { train: rest, test: held } = await ratings.splitAsync({ test: 0.1 });
  const training = train(rest, { epochs: 6, validation: held, patience: 5 });
  training.pause();
  training.step(2);
  const snapshot = await training.snapshot();
  expect(snapshot.history.length).toBeGreaterThan(0);
  training.resume();
  const model = await training;
  expect(model.solver).toBe('als');
  expect(training.engine).toEqual({ variant: 'simd', threads: 1 });
  expect(model.history.at(-1)!.validationRmse).toBeGreaterThan(0);
  ratings.dispose();
  rest.dispose();
  const user = model.users[3]!;
  const rated = new Set(
    [...(await Ratings.fromFile(await textOf()))].filter((row) => row.user === user).map((row) => row.item),
  );
  const heldOut = new Set([...held].filter((row) => row.user === user).map((row) => row.item));
  const all = model.recommend(user, { n: model.itemCount });
  expect(all.every(({ item }) => !rated.has(item) || heldOut.has(item))).toBe(true);
  expect(all.length).toBe(model.itemCount - [...rated].filter((item) => !heldOut.has(item)).length);
  expect(model.recommendMany([user])[0]).toEqual(model.recommend(user));
  expect(model.explain(user, all[0]!.item, { n: 3 })).toHaveLength(3);
  // What users rated is saved as from memory.
  const loaded = await Model.load(model.save());
  expect(loaded.recommend(user)).toEqual(model.recommend(user));
  expect(loaded.explain(user, all[0]!.item)).toEqual(model.explain(user, all[0]!.item));
});

test('ratings without values train implicit-als by default, and warm starts go on from a model', async () => {
  const ratings = await stored(await textOf(false));
  const first = await train(ratings, { epochs: 2, factors: 8 });
  expect(first.solver).toBe('implicit-als');
  const more = await train(ratings, { epochs: 1, warmStart: first });
  const once = await train(ratings, { epochs: 3, factors: 8 });
  expect(numbersOf(more)).toMatchObject({ bytes: (numbersOf(once) as { bytes: string[] }).bytes });
  ratings.dispose();
});

describe('what fails', () => {
  test('a solver that needs rows in memory, a share as validation, a disposed file', async () => {
    const ratings = await stored(await textOf());
    const other = await failure(() => train(ratings, { solver: 'bayesian' }));
    expect(other.message).toMatch(/^solver must be .*'als'.* for stored ratings; it is 'bayesian'$/);
    const share = await failure(() => train(ratings, { validation: 0.1 }));
    expect([share.code, share.message]).toEqual([
      'unsupported',
      'validation must be Ratings for stored ratings: splitAsync divides stored ratings, and its test part is one',
    ]);
    ratings.dispose();
    expect((await failure(() => train(ratings))).code).toBe('disposed');
  });

  test('ratings that are disposed before a training has opened them, whose descriptor another file then has', async () => {
    const ratings = await stored(await textOf());
    const early = failure(() => train(ratings, { solver: 'sgd', epochs: 1 }));
    ratings.dispose();
    const others = await stored(await textOf());
    expect((await early).code).toBe('disposed');
    const inMemory = await Ratings.fromFile(await textOf());
    const options: TrainOptions = { solver: 'sgd', epochs: 1, threads: 1 };
    expect(numbersOf(await train(others, options))).toEqual(numbersOf(await train(inMemory, options)));
    others.dispose();
  });

  test('trainings of the same ratings take turns; a cancelled one leaves its turn, a disposal waits for the last', async () => {
    const ratings = await stored(await textOf());
    const first = train(ratings, { solver: 'als', epochs: 3 });
    const second = train(ratings, { solver: 'sgd', epochs: 3 });
    const third = train(ratings, { solver: 'als', epochs: 3 });
    for await (const _ of first) break;
    second.cancel();
    expect((await failure(() => second)).code).toBe('aborted');
    ratings.dispose();
    expect(numbersOf(await third)).toEqual(numbersOf(await first));
    expect((await failure(() => train(ratings))).code).toBe('disposed');
  });
});
