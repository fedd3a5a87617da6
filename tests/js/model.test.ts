import { evaluate, type Id, Model, type PredictOptions, Ratings, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeModel } from '../../bindings/js/model/file/model-file.js';
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

/** The preference layer: its rows, and what a rating above the mean weighs in its scores, 0.1 per standard deviation. */
function layer() {
  const { likedUsers, likedItems, takenItems, preferenceTerms } = decodeModel(model.save()).tensors;
  const columns = likedItems.length / model.itemCount;
  const row = (data: Float32Array, index: number) => [...data.subarray(index * columns, (index + 1) * columns)];
  return {
    user: (index: number) => row(likedUsers, index),
    liked: (index: number) => row(likedItems, index),
    taken: (index: number) => row(takenItems, index),
    weight: 0.1 / preferenceTerms[3]!,
    population: [...preferenceTerms.slice(5)],
  };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, factor) => sum + value * b[factor]!, 0);
const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

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

describe.each(['preference', 'rating'] as const)('recommend by %s', (by) => {
  const byScore = (user: Id, allowed: (item: Id) => boolean) => {
    const row = model.users.indexOf(user);
    const rows = layer();
    const preference = (index: number) =>
      dot(rows.user(row), rows.liked(index)) + rows.weight * (score(row, index) - model.mean);
    return model.items
      .map((item, index) => ({ item, score: by === 'rating' ? score(row, index) : preference(index) }))
      .filter(({ item }) => allowed(item))
      .sort((a, b) => b.score - a.score);
  };

  test('gives the ten best that the user has not rated, with their predicted ratings', () => {
    const rated = ratedBy('u5');
    const found = model.recommend('u5', { by });
    const expected = byScore('u5', (item) => !rated.has(item)).slice(0, 10);
    expect(found.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
    for (const [place, { item, score, rating }] of found.entries()) {
      expect(score).toBeCloseTo(expected[place]!.score, 4);
      expect(rating).toBeCloseTo(model.predict('u5', item), 5);
    }
    expect(model.recommendMany(['u5'], { by })).toEqual([found]);
    expect(by === 'preference').toBe(found[0]!.score === model.recommend('u5')[0]!.score);
  });

  test('excludes nothing, or the given items; includes only the given items', () => {
    const all = byScore('u5', () => true).map(({ item }) => item);
    const items = (options: Parameters<Model['recommend']>[1]) =>
      model.recommend('u5', { by, ...options }).map(({ item }) => item);
    expect(items({ exclude: 'none', n: 5 })).toEqual(all.slice(0, 5));
    expect(items({ exclude: [all[0]!, all[2]!, 'unknown'], n: 3 })).toEqual([all[1], all[3], all[4]]);
    expect(items({ exclude: 'none', include: [all[9]!, all[4]!, 'unknown'] })).toEqual([all[4], all[9]]);
    expect(items({ include: [] })).toEqual([]);
    expect(items({ exclude: 'none', n: 1e6 })).toEqual(all);
  });
});

describe('recommend', () => {
  test('has one order, by ratings, in a model without preference', async () => {
    const plain = await train(ratings, { factors: 6, epochs: 8, preference: false });
    expect(plain.recommend('u5')).toEqual(plain.recommend('u5', { by: 'rating' }));
    for (const { item, score, rating } of plain.recommend('u5', { exclude: 'none', n: 1e6 })) {
      expect(rating).toBeCloseTo(plain.predict('u5', item), 5);
      expect(clip(score)).toBeCloseTo(rating!, 5);
    }
  });

  test('has no ratings in a model of observed pairs', async () => {
    const implicit = await train(ratings, { solver: 'implicit-als', epochs: 2 });
    for (const entry of implicit.recommend('u5')) expect(Object.keys(entry)).toEqual(['item', 'score']);
  });

  test('of an unknown user is an error', async () => {
    expect(await failure(() => model.recommend('nobody'))).toMatchObject({
      code: 'unknown-id',
      message: expect.stringMatching(/no user 'nobody'/),
    });
  });

  const bad: [name: string, options: unknown, message: RegExp][] = [
    ['by', { by: 'score' }, /by must be 'preference' or 'rating'; it is 'score'/],
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
  test('by the cosine of the factors in a model without preference', async () => {
    const plain = await train(ratings, { solver: 'als', factors: 6, epochs: 8, preference: false });
    for (const side of ['item', 'user'] as const) {
      const ids: readonly Id[] = side === 'item' ? plain.items : plain.users;
      const { data, columns } = side === 'item' ? plain.itemFactors : plain.userFactors;
      const row = (index: number) => [...data.subarray(index * columns, (index + 1) * columns)];
      const expected = ids
        .map((id, index) => ({ id, score: cosine(row(4), row(index)) }))
        .filter((_, index) => index !== 4)
        .sort((a, b) => b.score - a.score);
      const items = plain
        .similarItems(plain.items[4]!, { n: 5, shrinkage: 0 })
        .map(({ item, score }) => ({ id: item, score }));
      const users = plain.similarUsers(plain.users[4]!, { n: 5 }).map(({ user, score }) => ({ id: user, score }));
      const found = side === 'item' ? items : users;
      expect(found.map(({ id }) => id)).toEqual(expected.slice(0, 5).map(({ id }) => id));
      for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(expected[place]!.score, 4);
    }
  });

  test('items and users by the cosine of their vectors in who takes and likes what, without themselves', () => {
    const { taken: row, user } = layer();
    const likest = model.users
      .map((id, index) => ({ id, score: cosine(user(6), user(index)) }))
      .filter((_, index) => index !== 6)
      .sort((a, b) => b.score - a.score);
    const alike = model.similarUsers(model.users[6]!, { n: 5 });
    expect(alike.map(({ user }) => user)).toEqual(likest.slice(0, 5).map(({ id }) => id));
    for (const [place, { score }] of alike.entries()) expect(score).toBeCloseTo(likest[place]!.score, 4);
    const expected = model.items
      .map((item, index) => ({ item, score: cosine(row(4), row(index)) }))
      .filter((_, index) => index !== 4)
      .sort((a, b) => b.score - a.score);
    const found = model.similarItems(model.items[4]!, { n: 5, shrinkage: 0 });
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

  test('items with n ratings count n / (n + shrinkage), after saving too', async () => {
    const { taken: row } = layer();
    const counts = new Map<Id, number>();
    for (const { item } of ratings) counts.set(item, (counts.get(item) ?? 0) + 1);
    const served = [
      await Model.load(model.save()),
      await Model.load(model.save({ ratings: false })),
      await ServedModel.load(model.save({ users: false })),
    ];
    for (const shrinkage of [5, 0.5, 400]) {
      const expected = model.items
        .map((item, index) => {
          const n = counts.get(item)!;
          return { item, score: (cosine(row(4), row(index)) * n) / (n + shrinkage) };
        })
        .filter((_, index) => index !== 4)
        .sort((a, b) => b.score - a.score);
      const found = model.similarItems(model.items[4]!, { shrinkage });
      expect(found.map(({ item }) => item)).toEqual(expected.slice(0, 10).map(({ item }) => item));
      for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(expected[place]!.score, 4);
      for (const again of served) expect(again.similarItems(model.items[4]!, { shrinkage })).toEqual(found);
      if (shrinkage === 5) expect(model.similarItems(model.items[4]!)).toEqual(found);
    }
    for (const again of served) expect(again.map()).toEqual(model.map());
  });

  test('a model made without ratings has plain cosines, and says why it has no others', async () => {
    const factors = await Model.fromFactors({
      itemFactors: [
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      items: ['a', 'b', 'c'],
    });
    expect(factors.similarItems('a')).toEqual(factors.similarItems('a', { shrinkage: 0 }));
    const error = await failure(() => factors.similarItems('a', { shrinkage: 5 }));
    expect([error.code, error.message]).toEqual([
      'unsupported',
      'similarItems: shrinkage needs how many users rated each item, and this model was made without ratings',
    ]);
    expect((await failure(() => factors.map({ shrinkage: 1 }))).code).toBe('unsupported');
  });

  test('refuses unknown ids', async () => {
    const wrong = (shrinkage: unknown) => () =>
      model.similarItems(model.items[0]!, { shrinkage } as { shrinkage: number });
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5', null]) {
      const { code, message } = await failure(wrong(bad));
      expect(code).toBe('invalid-argument');
      expect(message).toMatch(/^similarItems: shrinkage must be a number of at least 0; it is /);
    }
    expect((await failure(() => model.map({ shrinkage: -2 }))).message).toBe(
      'map: shrinkage must be a number of at least 0; it is -2',
    );
    expect((await failure(() => model.similarUsers('u7', { shrinkage: 1 } as object))).message).toMatch(/no option/);
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
    const [best] = profile.recommend({ n: 1, by: 'rating' });
    const parts = profile.explain(best!.item, { n: 1000, by: 'rating' });
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
    expect(profile.predict(found[0]!.item)).toBeCloseTo(found[0]!.rating!, 4);
    const [highest] = profile.recommend({ by: 'rating' });
    expect(profile.predict(highest!.item)).toBeCloseTo(clip(highest!.score), 4);
    expect(highest!.rating).toBeCloseTo(clip(highest!.score), 5);
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

  test('a visitor without a rating gets what the mean user likes', () => {
    const profile = model.foldIn([]);
    const { population, liked, weight } = layer();
    const likest = model.items
      .map((item, index) => ({
        item,
        score: dot(population, liked(index)) + weight * (profile.predict(item) - model.mean),
      }))
      .sort((a, b) => b.score - a.score);
    expect(profile.recommend({ n: 3 }).map(({ item }) => item)).toEqual(likest.slice(0, 3).map(({ item }) => item));
    expect(profile.explain(model.items[0]!)).toEqual([]);
  });

  test('without preference, a visitor without a rating gets the items with the largest biases', async () => {
    const plain = await train(ratings, { solver: 'als', factors: 6, epochs: 8, preference: false });
    const profile = plain.foldIn([]);
    const best = plain.items
      .map((item, index) => ({ item, bias: plain.itemBias[index]! }))
      .sort((a, b) => b.bias - a.bias);
    expect(profile.recommend({ n: 3 }).map(({ item }) => item)).toEqual(best.slice(0, 3).map(({ item }) => item));
    expect(profile.explain(plain.items[0]!)).toEqual([]);
    expect(profile.predict('unknown')).toBeCloseTo(plain.mean, 5);
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
