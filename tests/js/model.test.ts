import { evaluate, type Id, Model, type PredictOptions, Ratings, train } from 'matfac';
import { Model as ServeModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

let ratings: Ratings;
let model: Model;
beforeAll(async () => {
  const sample = await Ratings.sample('tiny');
  // Strings for users, numbers for items: both kinds of ids in one model.
  ratings = Ratings.from(
    [...sample].map(({ user, item, rating }) => ({ user: `u${user}`, item: Number(item), rating })),
  );
  model = await train(ratings, { factors: 6, epochs: 8 });
});

const ratedBy = (user: Id) => new Set([...ratings].filter((rating) => rating.user === user).map(({ item }) => item));

/** mean + biases + factors, by a simple sum. */
function score(user: number, item: number): number {
  const { data, columns } = model.userFactors;
  const other = model.itemFactors.data;
  let sum = model.mean + model.userBias[user]! + model.itemBias[item]!;
  for (let factor = 0; factor < columns; factor++)
    sum += data[user * columns + factor]! * other[item * columns + factor]!;
  return sum;
}

const clip = (value: number) => Math.min(model.ratingRange[1], Math.max(model.ratingRange[0], value));

describe('a model', () => {
  test('has its ids, its shape and its range', () => {
    expect(model.users).toEqual(ratings.users);
    expect(model.items).toEqual(ratings.items);
    expect(model.ratingRange).toEqual(ratings.range);
    expect(model.mean).toBeCloseTo(ratings.mean, 6);
    expect(model.userFactors).toMatchObject({ rows: ratings.userCount, columns: 6 });
    expect(model.itemFactors.data.length).toBe(6 * ratings.itemCount);
    expect(model.userBias.length).toBe(ratings.userCount);
    expect(model.itemBias.length).toBe(ratings.itemCount);
  });

  test('returns copies of its arrays', () => {
    model.itemFactors.data.fill(0);
    model.userBias.fill(0);
    expect(model.itemFactors.data.some((value) => value !== 0)).toBe(true);
    expect(model.userBias.some((value) => value !== 0)).toBe(true);
  });

  test('has no biases when trained without them', async () => {
    const plain = await train(ratings, { solver: 'sgd', biases: false, epochs: 2 });
    expect(plain.userBias.length + plain.itemBias.length).toBe(0);
    expect(plain.predict('u1', 'unknown')).toBeCloseTo(plain.mean, 5);
  });
});

describe('predict', () => {
  test('is mean + biases + factors, clipped', () => {
    for (const [user, item] of [
      [0, 0],
      [3, 40],
      [99, 7],
    ] as const) {
      expect(model.predict(model.users[user]!, model.items[item]!)).toBeCloseTo(clip(score(user, item)), 4);
    }
  });

  test('of an unknown user or item is the mean and the known bias', () => {
    expect(model.predict('nobody', 'nothing')).toBeCloseTo(model.mean, 5);
    expect(model.predict('nobody', model.items[3]!)).toBeCloseTo(clip(model.mean + model.itemBias[3]!), 5);
    expect(model.predict(model.users[3]!, 'nothing')).toBeCloseTo(clip(model.mean + model.userBias[3]!), 5);
  });

  test('predictMany is predict, pair by pair', async () => {
    const users = ['u1', 'u2', 'nobody'];
    const items = [model.items[0]!, -1, model.items[2]!];
    expect([...model.predictMany(users, items)]).toEqual(
      users.map((user, place) => Math.fround(model.predict(user, items[place]!))),
    );
    for (const ask of [() => model.predictMany(['u1'], []), () => model.countUnknown(['u1'], [])]) {
      expect((await failure(ask)).message).toMatch(
        /users and items must have equal lengths; they have 1 and 0 entries/,
      );
    }
  });

  test('predictMany can leave unknown pairs out, and they are counted', async () => {
    const users = [model.users[0]!, model.users[1]!, 'nobody', 'no one', model.users[2]!];
    const items = [model.items[0]!, 'nothing', model.items[2]!, 'none', model.items[1]!];
    const plain = model.predictMany(users, items);
    expect(plain.every(Number.isFinite)).toBe(true);
    expect(model.predictMany(users, items, { unknown: 'mean' })).toEqual(plain);
    const known = model.predictMany(users, items, { unknown: 'nan' });
    expect([...known]).toEqual([plain[0], Number.NaN, Number.NaN, Number.NaN, plain[4]]);
    expect(model.countUnknown(users, items)).toEqual({ users: 2, items: 2, pairs: 3 });
    expect(model.countUnknown([], [])).toEqual({ users: 0, items: 0, pairs: 0 });
    const options = { unknown: 'NaN' } as unknown as PredictOptions;
    expect((await failure(() => model.predictMany(users, items, options))).message).toBe(
      "predictMany: unknown must be 'mean' or 'nan'; it is 'NaN'",
    );
    expect((await failure(() => model.predictMany(users, items, { unkown: 'nan' } as object))).message).toMatch(
      /no option 'unkown'/,
    );
  });
});

describe('recommend', () => {
  const byScore = (user: Id, allowed: (item: Id) => boolean) =>
    model.items
      .map((item, index) => ({ item, score: score(model.users.indexOf(user), index) }))
      .filter(({ item }) => allowed(item))
      .sort((a, b) => b.score - a.score);

  test('gives the ten best that the user has not rated', () => {
    const rated = ratedBy('u5');
    const found = model.recommend('u5');
    const expected = byScore('u5', (item) => !rated.has(item)).slice(0, 10);
    expect(found.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
    for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(expected[place]!.score, 4);
  });

  test('excludes nothing, or the given items; includes only the given items', () => {
    const all = byScore('u5', () => true).map(({ item }) => item);
    const items = (options: Parameters<Model['recommend']>[1]) =>
      model.recommend('u5', options).map(({ item }) => item);
    expect(items({ exclude: 'none', n: 5 })).toEqual(all.slice(0, 5));
    expect(items({ exclude: [all[0]!, all[2]!, 'unknown'], n: 3 })).toEqual([all[1], all[3], all[4]]);
    expect(items({ exclude: 'none', include: [all[9]!, all[4]!, 'unknown'] })).toEqual([all[4], all[9]]);
    expect(items({ include: [] })).toEqual([]);
    expect(items({ exclude: 'none', n: 1e6 })).toEqual(all);
  });

  test('of an unknown user is an error', async () => {
    expect(await failure(() => model.recommend('nobody'))).toMatchObject({
      code: 'unknown-id',
      message: expect.stringMatching(/no user 'nobody'/),
    });
  });

  const bad: [name: string, options: unknown, message: RegExp][] = [
    ['n of 0', { n: 0 }, /n must be a whole number of at least 1; it is 0/],
    ['a negative n', { n: -3 }, /n must be .*; it is -3/],
    ['half an n', { n: 2.5 }, /n must be .*; it is 2\.5/],
    ['exclude', { exclude: 'seen' }, /exclude must be .*; it is 'seen'/],
    ['include', { include: 7 }, /include must be .*; it is 7/],
    ['a name', { count: 7 }, /no option 'count'/],
  ];
  test.each(bad)('refuses a bad option: %s', async (_, options, message) => {
    const error = await failure(() => model.recommend('u1', options as object));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });
});

describe('similar', () => {
  test('items and users by the cosine of their factors, without themselves', () => {
    const { data, columns } = model.itemFactors;
    const row = (index: number) => [...data.subarray(index * columns, (index + 1) * columns)];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, factor) => sum + value * b[factor]!, 0);
    const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    const expected = model.items
      .map((item, index) => ({ item, score: cosine(row(4), row(index)) }))
      .filter((_, index) => index !== 4)
      .sort((a, b) => b.score - a.score);
    const found = model.similarItems(model.items[4]!, { n: 5 });
    expect(found.map(({ item }) => item)).toEqual(expected.slice(0, 5).map(({ item }) => item));
    for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(expected[place]!.score, 4);
    expect(model.similarItems(model.items[4]!, { n: 1e6 }).length).toBe(model.items.length - 1);
    const others = model.similarItems(model.items[4]!, { n: 1e6 });
    const [exclude, include] = [
      [others[0]!.item, others[7]!.item, 'none'],
      [others[7]!.item, others[3]!.item, 'none'],
    ];
    expect(model.similarItems(model.items[4]!, { n: 1e6, exclude })).toEqual(
      others.filter(({ item }) => !exclude.includes(item)),
    );
    expect(model.similarItems(model.items[4]!, { include: [...include, model.items[4]!] })).toEqual([
      others[3],
      others[7],
    ]);
    expect(model.similarItems(model.items[4]!, { include, exclude })).toEqual([others[3]]);
    expect(model.similarItems(model.items[4]!, { include: [] })).toEqual([]);
    const nearest = model.similarUsers('u7', { n: 3 });
    expect(model.similarUsers('u7', { exclude: [nearest[1]!.user], n: 2 })).toEqual([nearest[0], nearest[2]]);
    expect(model.similarUsers('u7', { include: [nearest[2]!.user, 'u7'] })).toEqual([nearest[2]]);
    const users = model.similarUsers('u7');
    expect(users.length).toBe(10);
    expect(users.some(({ user }) => user === 'u7')).toBe(false);
  });

  test('refuses unknown ids', async () => {
    expect((await failure(() => model.similarItems('none'))).code).toBe('unknown-id');
    expect((await failure(() => model.similarUsers('none'))).code).toBe('unknown-id');
    expect((await failure(() => model.similarItems(model.items[0]!, { n: 0 }))).code).toBe('invalid-argument');
    const refused = async (options: object) =>
      (await failure(() => model.similarItems(model.items[0]!, options))).message;
    expect(await refused({ exclude: 'rated' })).toBe("similarItems: exclude must be an array of ids; it is 'rated'");
    expect(await refused({ include: 7 })).toBe('similarItems: include must be an array of ids; it is 7');
    expect(await refused({ excluded: [] })).toMatch(/similarItems has no option 'excluded': did you mean 'exclude'\?/);
  });
});

describe('explain and foldIn', () => {
  const some = () => model.items.slice(0, 10).map((item, place) => ({ item, rating: 1 + (place % 5) }));

  test('a user is explained by the rated items, the largest contribution first', () => {
    const rated = ratedBy('u5');
    const reasons = model.explain('u5', model.items[8]!, { n: 4 });
    expect(reasons.length).toBe(Math.min(4, rated.size));
    for (const { item, rating } of reasons) {
      expect([...ratings].find((row) => row.user === 'u5' && row.item === item)!.rating).toBe(rating);
    }
    const weights = reasons.map(({ contribution }) => Math.abs(contribution));
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
  });

  test("a visitor's contributions sum to the score less its bias part", () => {
    const profile = model.foldIn(some());
    const [best] = profile.recommend({ n: 1 });
    const parts = profile.explain(best!.item, { n: 1000 });
    expect(parts.length).toBe(10);
    const sum = parts.reduce((total, { contribution }) => total + contribution, 0);
    // The bias part consists of the visitor's score of an unknown item and the item's own bias.
    const bias = profile.predict('unknown') + model.itemBias[model.items.indexOf(best!.item)]!;
    expect(sum + bias).toBeCloseTo(best!.score, 3);
  });

  test('a visitor gets recommendations without the rated items', () => {
    const profile = model.foldIn(some());
    const found = profile.recommend();
    expect(found.length).toBe(10);
    const rated = new Set(some().map(({ item }) => item));
    expect(found.some(({ item }) => rated.has(item))).toBe(false);
    expect(profile.recommend({ exclude: 'none', include: [some()[0]!.item] }).length).toBe(1);
    expect(profile.predict(found[0]!.item)).toBeCloseTo(clip(found[0]!.score), 4);
  });

  test('add and remove are the same as another fold-in', () => {
    const profile = model.foldIn(some().slice(0, 9));
    profile.add(some()[9]!);
    expect(profile.recommend()).toEqual(model.foldIn(some()).recommend());
    profile.add([{ item: some()[0]!.item, rating: 5 }]);
    expect(profile.ratings[0]).toEqual({ item: some()[0]!.item, rating: 5 });
    expect(profile.remove(some()[0]!.item)).toBe(true);
    expect(profile.remove(some()[0]!.item)).toBe(false);
    expect(profile.remove('unknown')).toBe(false);
    expect(profile.ratings).toEqual(some().slice(1));
    expect(profile.recommend()).toEqual(model.foldIn(some().slice(1)).recommend());
  });

  test('a visitor without a rating gets the items with the largest biases', () => {
    const profile = model.foldIn([]);
    const best = model.items
      .map((item, index) => ({ item, bias: model.itemBias[index]! }))
      .sort((a, b) => b.bias - a.bias);
    expect(profile.recommend({ n: 3 }).map(({ item }) => item)).toEqual(best.slice(0, 3).map(({ item }) => item));
    expect(profile.explain(model.items[0]!)).toEqual([]);
    expect(profile.predict('unknown')).toBeCloseTo(model.mean, 5);
  });

  test('one bad rating rejects all', async () => {
    expect((await failure(() => model.foldIn([{ item: 'none', rating: 3 }]))).code).toBe('unknown-id');
    expect((await failure(() => model.foldIn(7 as unknown as []))).message).toMatch(/ratings must be .*; it is 7/);
    const profile = model.foldIn(some());
    const bad = [
      { item: model.items[20]!, rating: 4 },
      { item: model.items[21]!, rating: Number.NaN },
    ];
    expect((await failure(() => profile.add(bad))).message).toMatch(/rating of item .* is NaN/);
    expect(profile.ratings).toEqual(some());
  });
});

describe('a rating of a visitor', () => {
  const ofItem = (rating: number) => () => model.foldIn([{ item: model.items[3]!, rating }]);

  test.each([0.499, 5.0001, 50, -1])('of %s is outside the range', async (rating) => {
    const error = await failure(ofItem(rating));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toBe(`The rating of item ${model.items[3]} must be from 0.5 to 5; it is ${rating}`);
    const profile = model.foldIn([]);
    await failure(() => profile.add({ item: model.items[3]!, rating }));
    expect(profile.ratings).toEqual([]);
  });

  test.each([0.5, 5, 2.25, 0.5 - 1e-9, 5 + 1e-9])('of %s is in it, to the precision of float32', (rating) => {
    expect(ofItem(rating)().ratings).toHaveLength(1);
  });

  test('may be an end of the range that is not a float32 number', async () => {
    const tenths = Ratings.from([...ratings].map(({ user, item, rating }) => ({ user, item, rating: rating / 10 })));
    const small = await train(tenths, { epochs: 1 });
    for (const model of [small, await Model.load(small.save()), await ServeModel.load(small.save())]) {
      const ends = [0.05, 0.5].map((rating) => model.foldIn([{ item: small.items[0]!, rating }]).ratings[0]!.rating);
      expect(ends).toEqual([0.05, 0.5]);
      expect(() => model.foldIn([{ item: small.items[0]!, rating: 0.6 }])).toThrow(
        /must be from 0\.05 to 0\.5; it is 0\.6/,
      );
    }
  });

  test('is any number in a model of observed pairs, and where the range is unknown', async () => {
    const implicit = await train(ratings, { solver: 'implicit-als', epochs: 1 });
    expect(implicit.foldIn([{ item: model.items[3]!, rating: 50 }]).ratings[0]!.rating).toBe(50);
    const factors = { itemFactors: [[1, 0]], items: ['a'] };
    const open = await Model.fromFactors(factors);
    expect(open.foldIn([{ item: 'a', rating: -50 }]).ratings[0]!.rating).toBe(-50);
    const closed = await Model.fromFactors({ ...factors, range: [0.1, 3] });
    expect(closed.foldIn([{ item: 'a', rating: 0.1 }]).ratings[0]!.rating).toBe(0.1);
    expect((await failure(() => closed.foldIn([{ item: 'a', rating: 4 }]))).message).toMatch(/from 0\.1 to 3; it is 4/);
  });
});

describe('evaluate', () => {
  test('is the error of the clipped predictions, unknown ids included', () => {
    const test = Ratings.from([...[...ratings].slice(0, 300), ['nobody', 1, 3], ['u1', 'nothing', 5]]);
    const errors = [...test].map(({ user, item, rating }) => rating - model.predict(user, item));
    const found = evaluate(model, test);
    expect(found.rmse).toBeCloseTo(Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length), 5);
    expect(found.mae).toBeCloseTo(errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length, 5);
  });

  test('refuses what it cannot evaluate', async () => {
    expect((await failure(() => evaluate({} as Model, ratings))).message).toMatch(/model must be .*; it is an object/);
    expect((await failure(() => evaluate(model, [] as unknown as Ratings))).message).toMatch(
      /test must be Ratings; it is an array/,
    );
    expect((await failure(() => evaluate(model, ratings, { metrics: ['rsme' as 'rmse'] }))).code).toBe(
      'invalid-argument',
    );
    const pairs = Ratings.from([['u1', 1]]);
    expect((await failure(() => evaluate(model, pairs, { metrics: ['rmse'] }))).message).toMatch(
      /test must have rating values/,
    );
  });
});

test('after dispose, every method is an error that says so', async () => {
  const gone = await train(ratings, { epochs: 1 });
  const profile = gone.foldIn([]);
  gone.dispose();
  gone.dispose();
  const uses: (() => unknown)[] = [
    () => gone.predict('u1', 1),
    () => gone.predictMany([], []),
    () => gone.recommend('u1'),
    () => gone.similarItems(model.items[0]!),
    () => gone.similarUsers('u1'),
    () => gone.explain('u1', model.items[0]!),
    () => gone.foldIn([]),
    () => gone.userFactors,
    () => gone.save(),
    () => evaluate(gone, ratings),
    () => profile.recommend(),
    () => profile.predict(model.items[0]!),
  ];
  for (const use of uses) expect((await failure(use)).code).toBe('disposed');
  const other = await train(ratings, { epochs: 1 });
  other[Symbol.dispose]();
  expect((await failure(() => other.mean)).code).toBe('disposed');
});
