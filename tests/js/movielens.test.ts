import { gunzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { evaluate, type Id, type ItemRating, Model, Ratings, type RecommendOptions, Titles, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasRealData, realData } from './support/data.js';

const U1 = ['ml-100k.u1.base.gz', 'ml-100k.u1.test.gz', 'ml-100k.u.item.gz'] as const;

describe.skipIf(!hasRealData(...U1))('MovieLens 100K, split u1', () => {
  let base: Ratings;
  let held: Ratings;
  beforeAll(async () => {
    [base, held] = await Promise.all([
      Ratings.fromFile(await realData(U1[0])),
      Ratings.fromFile(await realData(U1[1])),
    ]);
  });

  test('is read completely', async () => {
    expect(base).toMatchObject({ size: 80_000, userCount: 943, itemCount: 1650, implicit: false, hasTimestamps: true });
    expect(held.size).toBe(20_000);
    expect(base.range).toEqual([1, 5]);
    expect(base.source).toEqual({
      format: 'movielens',
      delimiter: '\t',
      compression: 'gzip',
      columns: { user: 0, item: 1, rating: 2, timestamp: 3 },
      notes: [],
    });
    const titles = await Titles.fromFile(await realData(U1[2]));
    expect(titles.size).toBe(1682);
    expect(base.items.every((item) => titles.has(item))).toBe(true);
    expect(titles.get(50)).toEqual({
      title: 'Star Wars (1977)',
      genres: ['Action', 'Adventure', 'Romance', 'Sci-Fi', 'War'],
    });
  });

  test('is read from its original zip archive, with its titles', async () => {
    const bytesOf = async (name: string) => gunzipSync(await (await realData(name)).arrayBuffer());
    const files = { 'ml-100k/u.data': await bytesOf(U1[0]), 'ml-100k/u.item': await bytesOf(U1[2]) };
    const ratings = await Ratings.fromFile(new Blob([new Uint8Array(zipSync(files))]));
    expect([...ratings]).toEqual([...base]);
    expect(ratings.source!.itemTitles).toEqual(await Titles.fromFile(await realData(U1[2])));
  });

  test('means of users and items give the known errors', () => {
    const meansBy = (key: 'user' | 'item') => {
      const sums = new Map<Id, [number, number]>();
      for (const rating of base) {
        const [sum, count] = sums.get(rating[key]) ?? [0, 0];
        sums.set(rating[key], [sum + rating.rating, count + 1]);
      }
      return (id: Id) => {
        const [sum, count] = sums.get(id) ?? [base.mean, 1];
        return sum / count;
      };
    };
    const rmse = (predict: (row: { user: Id; item: Id }) => number) =>
      Math.sqrt([...held].reduce((sum, row) => sum + (row.rating - predict(row)) ** 2, 0) / held.size);
    const [ofUser, ofItem] = [meansBy('user'), meansBy('item')];
    expect(rmse(() => base.mean)).toBeCloseTo(1.15368, 5);
    expect(rmse(({ user }) => ofUser(user))).toBeCloseTo(1.063, 5);
    expect(rmse(({ item }) => ofItem(item))).toBeCloseTo(1.03341, 5);
  });

  test('train without options: RMSE ≤ 0.888 and NDCG@10 ≥ 0.455, from rounded files too', async () => {
    const model = await train(base);
    expect(model.solver).toBe('variational');
    const { rmse, ndcg } = evaluate(model, held, { metrics: ['rmse', 'ndcg'] });
    expect(rmse).toBeLessThanOrEqual(0.888);
    expect(ndcg).toBeGreaterThanOrEqual(0.455);
    for (const dtype of ['int8', 'float16'] as const) {
      const rounded = evaluate(await Model.load(model.save({ dtype })), held, { metrics: ['rmse', 'ndcg'] });
      expect(Math.abs(rounded.rmse - rmse), dtype).toBeLessThan(0.002);
      expect(Math.abs(rounded.ndcg - ndcg), dtype).toBeLessThan(0.005);
    }
    // The rating beside the score is the one predicted, whatever the order.
    const user = model.users[0]!;
    const known = new Set([...base].filter((row) => row.user === user).map(({ item }) => item));
    for (const by of ['preference', 'rating'] as const) {
      const best = model.recommend(user, { by });
      expect(best.some(({ item }) => known.has(item))).toBe(false);
      for (const { item, rating } of best) expect(rating).toBeCloseTo(model.predict(user, item), 5);
    }
  });

  test('als: RMSE ≤ 0.925, with and without preference', async () => {
    const [layered, plain] = [
      await train(base, { solver: 'als' }),
      await train(base, { solver: 'als', preference: false }),
    ];
    const metrics = ['rmse', 'ndcg'] as const;
    const [liked, rated] = [evaluate(layered, held, { metrics }), evaluate(plain, held, { metrics })];
    expect(liked.rmse).toBeLessThanOrEqual(0.925);
    expect(rated.rmse).toBe(liked.rmse);
    expect(liked.ndcg).toBeGreaterThan(1.5 * rated.ndcg);
  });

  test('a visitor who dislikes romances is recommended fewer of them', async () => {
    const titles = await Titles.fromFile(await realData(U1[2]));
    const isRomance = (item: Id) => titles.get(item)!.genres!.includes('Romance');
    const counts = new Map<Id, number>();
    for (const { item } of base) counts.set(item, (counts.get(item) ?? 0) + 1);
    const romances = [...counts.keys()].filter(isRomance).sort((a, b) => counts.get(b)! - counts.get(a)!);
    const disliked = romances.slice(0, 3);
    const model = await train(base);
    const among = (ratings: ItemRating[], options: RecommendOptions = {}) =>
      model
        .foldIn(ratings)
        .recommend(options)
        .filter(({ item }) => isRomance(item)).length;
    const ratings = disliked.map((item) => ({ item, rating: 1 }));
    expect(among(ratings)).toBeLessThan(among([]));
    // Not only because the three are left out.
    const exclude = disliked;
    expect(among(ratings, { exclude })).toBeLessThan(among([], { exclude }));
  });

  test('sgd and gradient-descent, tuned on a part of the training file: RMSE ≤ 0.96', async () => {
    const sgd = { factors: 8, epochs: 40, learningRate: 0.01, regularization: 0.1, biases: true };
    expect(evaluate(await train(base, { solver: 'sgd', ...sgd }), held).rmse).toBeLessThanOrEqual(0.96);
    const descent = { factors: 8, epochs: 200, learningRate: 0.002, regularization: 5, biases: true };
    expect(evaluate(await train(base, { solver: 'gradient-descent', ...descent }), held).rmse).toBeLessThanOrEqual(
      0.96,
    );
  });

  test('svd++ with its defaults, and sgd tuned on parts of the training file: RMSE ≤ 0.915', async () => {
    expect(evaluate(await train(base, { solver: 'svd++' }), held).rmse).toBeLessThanOrEqual(0.915);
    const rates = { learningRate: 0.035, learningRateDecay: 0.93, biasLearningRate: 0.0016, initialScale: 0.08 };
    const sgd = { factors: 128, epochs: 80, biases: true, regularization: 0.08, biasRegularization: 0.015, ...rates };
    expect(evaluate(await train(base, { solver: 'sgd', ...sgd }), held).rmse).toBeLessThanOrEqual(0.915);
  });

  test('bayesian with its defaults: RMSE ≤ 0.906, and with implicit terms ≤ 0.889', async () => {
    expect(evaluate(await train(base, { solver: 'bayesian' }), held).rmse).toBeLessThanOrEqual(0.906);
    const both = await train(base, { solver: 'bayesian', implicitTerms: 'both', threads: 1 });
    expect(evaluate(both, held).rmse).toBeLessThanOrEqual(0.889);
  });

  test.each([{ solver: 'variational' }, { solver: 'bayesian', implicitTerms: 'both' }] as const)(
    'nine in ten test ratings lie within the 90% intervals of $solver',
    async (options) => {
      const model = await train(base, options);
      const known = [...held].filter(({ user, item }) => model.users.includes(user) && model.items.includes(item));
      const within = known.filter(({ user, item, rating }) => {
        const [middle, half] = [model.predict(user, item), 1.645 * model.uncertainty(user, item)];
        return Math.abs(rating - middle) <= half;
      });
      expect(within.length / known.length).toBeGreaterThan(0.87);
      expect(within.length / known.length).toBeLessThan(0.93);
    },
  );

  test('a visitor with ten ratings gets ten recommendations', async () => {
    const model = await train(base);
    const visitor = [50, 172, 181, 1, 121, 127, 98, 100, 56, 258].map((item, place) => ({
      item,
      rating: 1 + (place % 5),
    }));
    const found = model.foldIn(visitor).recommend();
    expect(found.length).toBe(10);
    expect(found.some(({ item }) => visitor.some((rated) => rated.item === item))).toBe(false);
  });
});

test('a visitor with ten ratings gets ten of 10,000 items', async () => {
  const size = 40_000;
  const ratings = Ratings.fromColumns({
    user: Int32Array.from({ length: size }, (_, row) => row % 500),
    item: Int32Array.from({ length: size }, (_, row) => (row * 7) % 10_000),
    rating: Float32Array.from({ length: size }, (_, row) => 1 + ((row * 31) % 5)),
  });
  const model = await train(ratings, { epochs: 2 });
  expect(model.items.length).toBe(10_000);
  const visitor = Array.from({ length: 10 }, (_, item) => ({ item, rating: 1 + (item % 5) }));
  expect(model.foldIn(visitor).recommend().length).toBe(10);
});

const LATEST = 'ml-latest-small.ratings.csv.gz';
test.skipIf(!hasRealData(LATEST))('MovieLens latest-small, a CSV with a header', async () => {
  const ratings = await Ratings.fromFile(await realData(LATEST));
  expect(ratings).toMatchObject({ size: 100_004, userCount: 671, itemCount: 9066 });
  expect(ratings.range).toEqual([0.5, 5]);
  expect(ratings.source!.titles).toEqual(['userId', 'movieId', 'rating', 'timestamp']);
});
