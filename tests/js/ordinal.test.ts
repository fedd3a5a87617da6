/** Ordered ratings: the option, `distribution`, the model file, serving, and calibration on real ratings. */
import { evaluate, Model, type RatingProbability, Ratings, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasRealData, realData } from './support/data.js';
import { failure } from './support/failure.js';

const OPTIONS = { solver: 'bayesian', likelihood: 'ordinal', samples: 8, epochs: 30 } as const;

let ratings: Ratings;
let model: Model;
beforeAll(async () => {
  const sample = await Ratings.sample('tiny');
  ratings = Ratings.from([...sample].map((row) => ({ ...row, rating: Math.round(row.rating) })));
  model = await train(ratings, OPTIONS);
});

/**
 * By how much stated probabilities differ from frequencies, on average over all ratings and values in ten bins of each value; and
 * the mean logarithmic loss.
 */
function calibration(stated: { rating: number; distribution: RatingProbability[] }[]) {
  const bins = new Map<string, number>();
  let loss = 0;
  for (const { rating, distribution } of stated) {
    for (const { value, probability } of distribution) {
      if (value === rating) loss -= Math.log(probability);
      const key = `${value} ${Math.min(9, Math.floor(10 * probability))}`;
      bins.set(key, (bins.get(key) ?? 0) + probability - (value === rating ? 1 : 0));
    }
  }
  const values = stated[0]!.distribution.length;
  return { error: sumOf([...bins.values()].map(Math.abs)) / (values * stated.length), loss: loss / stated.length };
}

const sumOf = (numbers: Iterable<number>) => [...numbers].reduce((sum, number) => sum + number, 0);
const valuesIn = (of: Ratings) => [...new Set([...of].map((row) => row.rating))].sort((a, b) => a - b);

describe('distribution', () => {
  test('has a probability for each value that ratings have, whose mean is the prediction', () => {
    const [user, item] = [model.users[3]!, model.items[5]!];
    for (const [u, i] of [
      [user, item],
      ['nobody', item],
      [user, 'nothing'],
      ['nobody', 'nothing'],
    ] as const) {
      const distribution = model.distribution(u, i);
      expect(distribution.map(({ value }) => value)).toEqual(valuesIn(ratings));
      expect(sumOf(distribution.map(({ probability }) => probability))).toBeCloseTo(1, 6);
      expect(sumOf(distribution.map(({ value, probability }) => value * probability))).toBeCloseTo(
        model.predict(u, i),
        5,
      );
    }
    expect(model.predictMany([user], [item])[0]).toBeCloseTo(model.predict(user, item), 5);
  });

  test('values are the shortest decimals of float32 numbers', async () => {
    const tenths = Ratings.from([...ratings].map((row) => ({ ...row, rating: row.rating / 10 })));
    const small = await train(tenths, { ...OPTIONS, epochs: 2, preference: false });
    expect(small.distribution(0, 0).map(({ value }) => value)).toEqual(valuesIn(ratings).map((value) => value / 10));
  });

  test('needs the likelihood', async () => {
    const gaussian = await train(ratings, { solver: 'bayesian', epochs: 2, samples: 1 });
    const error = await failure(() => gaussian.distribution(model.users[0]!, model.items[0]!));
    expect(error.code).toBe('unsupported');
    expect(error.message).toMatch(
      /^distribution needs a model of the solver 'bayesian' trained with the likelihood 'ordinal'/,
    );
  });

  test('only bayesian reads the likelihood, and ratings have 2 to 64 values', async () => {
    const als = await failure(() => train(ratings, { solver: 'als', likelihood: 'ordinal' } as never));
    expect(als.message).toMatch(/likelihood.*bayesian/);
    const many = Ratings.from([...ratings].map((row, i) => ({ ...row, rating: i / 10 })));
    const error = await failure(() => train(many, OPTIONS));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(
      /^ratings must have 2 to 64 distinct values for the likelihood 'ordinal'; they have /,
    );
  });
});

describe('an ordinal model', () => {
  test('is the same after saving and loading, and where it is served', async () => {
    for (const dtype of ['float32', 'float16', 'int8'] as const) {
      const bytes = model.save({ dtype });
      const loaded = await Model.load(bytes);
      const [user, item] = [model.users[1]!, model.items[2]!];
      expect(loaded.options.likelihood).toBe('ordinal');
      const digits = { float32: 12, float16: 2, int8: 0 }[dtype];
      expect(loaded.predict(user, item)).toBeCloseTo(model.predict(user, item), digits);
      expect(loaded.distribution(user, item)[4]!.probability).toBeCloseTo(
        model.distribution(user, item)[4]!.probability,
        digits,
      );
      const served = await ServedModel.load(bytes);
      expect(served.predict(user, item)).toBe(loaded.predict(user, item));
      expect(served.recommend(user, { n: 3, by: 'rating' })).toEqual(loaded.recommend(user, { n: 3, by: 'rating' }));
    }
  });

  test('recommends with the expected rating, by rating and by preference', () => {
    const user = model.users[4]!;
    for (const { item, score, rating } of model.recommend(user, { n: 5, by: 'rating' })) {
      expect(rating).toBeCloseTo(model.predict(user, item), 5);
      expect(score).toBe(rating);
    }
    for (const { item, rating } of model.recommendMany([user], { n: 5 })[0]!) {
      expect(rating).toBeCloseTo(model.predict(user, item), 5);
    }
  });

  test('folds a visitor in near the user with the same ratings', () => {
    const user = model.users[0]!;
    const own = [...ratings].filter((row) => row.user === user);
    const visitor = model.foldIn(own);
    const errors = model.items.map((item) => visitor.predict(item) - model.predict(user, item));
    expect(Math.sqrt(sumOf(errors.map((error) => error * error)) / errors.length)).toBeLessThan(0.35);
    const fans = model.foldIn(own.map((row) => ({ ...row, rating: 5 })));
    expect(sumOf(model.items.map((item) => fans.predict(item) - visitor.predict(item)))).toBeGreaterThan(0);
    expect(visitor.uncertainty(model.items[0]!)).toBeGreaterThan(0);
    expect(visitor.explain(model.items[3]!, { n: own.length })).toHaveLength(own.length);
  });

  test("tells a visitor's distributions, the same where it is served", async () => {
    const visitor = model.foldIn([
      { item: model.items[0]!, rating: 5 },
      { item: model.items[1]!, rating: 2 },
    ]);
    const asked = model.items.slice(2, 6);
    const distributions = visitor.distributionMany(asked);
    for (const [i, distribution] of distributions.entries()) {
      expect(distribution.map(({ value }) => value)).toEqual(valuesIn(ratings));
      expect(sumOf(distribution.map(({ probability }) => probability))).toBeCloseTo(1, 6);
      const mean = sumOf(distribution.map(({ value, probability }) => value * probability));
      expect(Math.abs(mean - visitor.predict(asked[i]!))).toBeLessThan(0.15);
      expect(visitor.distribution(asked[i]!)).toEqual(distribution);
    }
    const served = (await ServedModel.load(model.save())).foldIn(visitor.ratings);
    expect(served.distributionMany(asked)).toEqual(distributions);
    expect((await failure(() => visitor.distribution('nothing'))).code).toBe('unknown-id');
    const gaussian = await train(ratings, { solver: 'bayesian', epochs: 2, samples: 1 });
    expect((await failure(() => gaussian.foldIn([]).distribution(model.items[0]!))).code).toBe('unsupported');
  });

  test('is no start of a training that keeps', async () => {
    const error = await failure(() => train(ratings, { ...OPTIONS, warmStart: model, keep: true }));
    expect(error.message).toMatch(/likelihood must be 'gaussian' in a training with keep/);
    expect((await train(ratings, { ...OPTIONS, warmStart: model, epochs: 1 })).options.likelihood).toBe('ordinal');
  });
});

describe.skipIf(!hasRealData('ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'))('on MovieLens 100K, u1', () => {
  test('stated probabilities are frequencies, and better than the shares of the stars', async () => {
    const known = await Ratings.fromFile(await realData('ml-100k.u1.base.gz'));
    const held = await Ratings.fromFile(await realData('ml-100k.u1.test.gz'));
    const options = { solver: 'bayesian', preference: false, epochs: 150 } as const;
    const trained = await train(known, { ...options, likelihood: 'ordinal' });
    const gaussian = await train(known, options);
    expect(evaluate(trained, held).rmse).toBeLessThan(evaluate(gaussian, held).rmse + 0.003);

    const shares = new Map<number, number>();
    for (const { rating } of known) shares.set(rating, (shares.get(rating) ?? 0) + 1 / known.size);
    const { error, loss } = calibration(
      [...held].map(({ user, item, rating }) => ({ rating, distribution: trained.distribution(user, item) })),
    );
    expect(error).toBeLessThan(0.012);
    expect(loss).toBeLessThan(1.22);
    const lossOfShares = sumOf([...held].map(({ rating }) => -Math.log(shares.get(rating)!)));
    expect(lossOfShares / held.size).toBeGreaterThan(1.47);
  });

  test('so are those of visitors whom the model does not know', async () => {
    const known = await Ratings.fromFile(await realData('ml-100k.u1.base.gz'));
    const rows = [...known];
    const visitors = new Map(known.users.filter((_, user) => user % 9 === 0).map((user) => [user, [] as typeof rows]));
    for (const row of rows) visitors.get(row.user)?.push(row);
    const others = Ratings.from(rows.filter(({ user }) => !visitors.has(user)));
    const trained = await train(others, { solver: 'bayesian', likelihood: 'ordinal', preference: false, epochs: 60 });
    const items = new Set(trained.items);
    const stated = [...visitors.values()].flatMap((all) => {
      const own = all.filter(({ item }) => items.has(item));
      const [given, asked] = [own.filter((_, row) => row % 5 > 0), own.filter((_, row) => row % 5 === 0)];
      const distributions = trained.foldIn(given).distributionMany(asked.map(({ item }) => item));
      return asked.map(({ rating }, at) => ({ rating, distribution: distributions[at]! }));
    });
    expect(visitors.size).toBe(105);
    const { error, loss } = calibration(stated);
    expect(error).toBeLessThan(0.03);
    expect(loss).toBeLessThan(1.23);
  });
});

test('the values are the ratings that were given, however long', async () => {
  const given = [0.1, 2.5, 1234567, 16777213];
  const rows = given.flatMap((rating, user) => [1, 2, 3].map((item) => ({ user, item: item + user, rating })));
  const model = await train(Ratings.from(rows), { solver: 'bayesian', likelihood: 'ordinal', factors: 1, epochs: 3 });
  expect(model.distribution(0, 1).map(({ value }) => value)).toEqual(given);
});
