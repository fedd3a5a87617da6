import { evaluate, Model, Ratings, type Solver, type TrainOptions, train } from 'matfac';
import { Model as ServeModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasRealData, realData } from './support/data.js';

/** Ratings a r + b. */
const inUnits = (ratings: Ratings, a: number, b: number): Ratings =>
  Ratings.from([...ratings].map(({ user, item, rating }) => [user, item, a * rating + b]));

/** Without biases, the zero of the ratings matters. */
const keepsZero = ({ solver, biases }: TrainOptions): boolean =>
  solver === 'nmf' || ((solver === 'sgd' || solver === 'gradient-descent') && !biases);

const unitsOf = (options: TrainOptions): [a: number, b: number][] =>
  [0.2, 2, 20].flatMap((a) => (keepsZero(options) ? [0] : [0, -3]).map((b): [number, number] => [a, b]));

describe('the unit of the ratings', () => {
  let ratings: Ratings;
  beforeAll(async () => {
    ratings = await Ratings.sample('tiny');
  });

  const all: [string, TrainOptions][] = [
    ['variational', { solver: 'variational' }],
    ['variational without preference', { solver: 'variational', preference: false }],
    ['als', { solver: 'als' }],
    ['als without preference', { solver: 'als', preference: false }],
    ['svd++', { solver: 'svd++' }],
    ['bayesian', { solver: 'bayesian' }],
    ['nmf', { solver: 'nmf' }],
    ['bias', { solver: 'bias' }],
    ['sgd', { solver: 'sgd' }],
    ['sgd with biases', { solver: 'sgd', biases: true }],
    ['gradient-descent', { solver: 'gradient-descent' }],
    ['gradient-descent with biases', { solver: 'gradient-descent', biases: true }],
  ];
  test.each(all)('makes no difference to %s', async (_, options) => {
    const one = await train(ratings, { ...options, epochs: 3 });
    const [user, item] = [one.users[4]!, one.items[7]!];
    const visitorOf = (a: number, b: number) =>
      one.items.slice(0, 4).map((of, place) => ({ item: of, rating: a * (5 - place) + b }));
    const folded = one.foldIn(visitorOf(1, 0));
    for (const [a, b] of unitsOf(options)) {
      const other = await train(inUnits(ratings, a, b), { ...options, epochs: 3 });
      expect(other.options.regularization).toBe(one.options.regularization);
      expect(other.scale / a).toBeCloseTo(one.scale, 5);
      for (const of of one.items.slice(0, 40)) {
        expect(other.predict(user, of) / a).toBeCloseTo(one.predict(user, of) + b / a, 3);
        expect(other.foldIn(visitorOf(a, b)).predict(of) / a).toBeCloseTo(folded.predict(of) + b / a, 3);
      }
      for (const by of ['preference', 'rating'] as const) {
        // Preference counts in standard deviations of the ratings.
        const unit = by === 'preference' && one.options.preference ? 1 : a;
        const parts = other.explain(user, item, { n: 1000, by });
        const others = new Map(parts.map((part) => [part.item, part.contribution / unit]));
        for (const part of one.explain(user, item, { by })) {
          expect(others.get(part.item)).toBeCloseTo(part.contribution, 3);
        }
      }
      if (one.options.preference) {
        const scores = new Map(other.recommend(user, { n: 1000 }).map((best) => [best.item, best.score]));
        for (const best of one.recommend(user)) expect(scores.get(best.item)).toBeCloseTo(best.score, 3);
      }
      if (options.solver !== 'bayesian' && options.solver !== 'variational') continue;
      expect(other.uncertainty(user, item) / a).toBeCloseTo(one.uncertainty(user, item), 3);
    }
  });

  test('is kept by a file and by a warm start', async () => {
    const large = inUnits(ratings, 20, -3);
    const whole = await train(large, { epochs: 5 });
    const part = await train(large, { epochs: 3 });
    const rest = await train(large, { epochs: 2, warmStart: part });
    expect(rest.itemFactors).toEqual(whole.itemFactors);
    const visitor = part.items.slice(0, 5).map((item, place) => ({ item, rating: 20 * place + 17 }));
    const expected = part.foldIn(visitor).recommend();
    expect((await Model.load(part.save())).foldIn(visitor).recommend()).toEqual(expected);
    expect((await ServeModel.load(part.save())).foldIn(visitor).recommend()).toEqual(expected);
  });

  test('of what the textbook solvers choose is shown, and what is given stays', async () => {
    const open = (await train(inUnits(ratings, 20, 0), { solver: 'sgd', epochs: 1 })).options;
    const one = (await train(ratings, { solver: 'sgd', epochs: 1 })).options;
    expect(open.learningRate).toBeCloseTo(one.learningRate / 20, 12);
    expect(open.initialScale).toBeCloseTo(one.initialScale * Math.sqrt(20), 6);
    const given = { learningRate: 1e-4, initialScale: 0.3, regularization: 0.2 };
    const model = await train(inUnits(ratings, 20, 0), { solver: 'sgd', epochs: 1, biases: true, ...given });
    expect(model.options).toMatchObject({ ...given, biasLearningRate: 0 });
  });
});

const U1 = ['ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'] as const;

describe.skipIf(!hasRealData(...U1))('the unit of MovieLens 100K, split u1', () => {
  const solvers: Solver[] = ['variational', 'als', 'svd++', 'bayesian', 'nmf', 'bias', 'sgd', 'gradient-descent'];
  test.each(solvers)('makes no difference to the error of %s', async (solver) => {
    const [base, held] = await Promise.all([
      Ratings.fromFile(await realData(U1[0])),
      Ratings.fromFile(await realData(U1[1])),
    ]);
    // The slow ones are as sensitive to the unit in a few epochs.
    const few = { 'svd++': 10, bayesian: 10, 'gradient-descent': 50 }[solver as string];
    const options: TrainOptions = { solver, ...(few && { epochs: few }) };
    const { rmse } = evaluate(await train(base, options), held, { metrics: ['rmse'] });
    for (const a of [0.2, 20]) {
      const b = keepsZero(options) ? 0 : -3;
      const model = await train(inUnits(base, a, b), options);
      const other = evaluate(model, inUnits(held, a, b), { metrics: ['rmse'] });
      expect(Math.abs(other.rmse / a / rmse - 1), `${a} r + ${b}`).toBeLessThan(0.002);
    }
  });
});
