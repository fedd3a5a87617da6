import { type ExplainOptions, type Id, type Model, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeModel } from '../../bindings/js/model/file/model-file.js';
import { failure } from './support/failure.js';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

type By = NonNullable<ExplainOptions['by']>;
const WAYS: By[] = ['preference', 'rating'];
const total = (parts: { contribution: number }[]) => parts.reduce((sum, { contribution }) => sum + contribution, 0);
const scoreOf = (from: { recommend: (options: object) => { score: number }[] }, item: Id, by: By) =>
  from.recommend({ include: [item], exclude: 'none', by })[0]!.score;
const biasOf = (biases: Float32Array, ids: readonly Id[], id: Id) => biases[ids.indexOf(id)] ?? 0;

/** The weight of a rating above the mean in the score by preference: 0.1 per standard deviation. */
function weightOf(model: Model): number {
  const [, , , deviation] = decodeModel(model.save()).tensors.preferenceTerms;
  return 0.1 / deviation!;
}

/** u·v of a user of the model, by a simple sum. */
function product(model: Model, user: Id, item: Id): number {
  const { data, columns } = model.userFactors;
  const { data: others } = model.itemFactors;
  const [row, column] = [model.users.indexOf(user) * columns, model.items.indexOf(item) * columns];
  let sum = 0;
  for (let factor = 0; factor < columns; factor++) sum += data[row + factor]! * others[column + factor]!;
  return sum;
}

describe('contributions sum to the score less its bias part', () => {
  const SOLVERS = [
    'variational',
    'als',
    'sgd',
    'gradient-descent',
    'svd++',
    'nmf',
    'bayesian',
    'implicit-als',
    'bpr',
    'bias',
  ] as const;

  test.each(SOLVERS)('of a visitor: %s', async (solver) => {
    using model = await train(ratings, { solver, epochs: 5 });
    const rated = model.items.slice(3, 15).map((item, place) => ({ item, rating: 1 + (place % 5) }));
    const visitor = model.foldIn(rated);
    const hasLayer = decodeModel(model.save()).tensors.preferenceTerms.length > 0;
    expect(hasLayer).toBe(!['sgd', 'gradient-descent', 'implicit-als', 'bpr'].includes(solver));
    // The baseline, and the visitor's bias, which all ratings of the visitor share.
    const baseline = model.userBias.length > 0 ? model.mean : 0;
    const own = model.userBias.length > 0 ? visitor.predict('unknown') - model.mean : 0;
    for (const item of [model.items[0]!, model.items[4]!, model.items.at(-1)!]) {
      const bias = biasOf(model.itemBias, model.items, item);
      for (const by of WAYS) {
        const parts = visitor.explain(item, { n: 100, by });
        expect(parts.length).toBe(rated.length);
        const biases = hasLayer && by === 'preference' ? weightOf(model) * (own + bias) : baseline + own + bias;
        expect(total(parts), by).toBeCloseTo(scoreOf(visitor, item, by) - biases, 3);
      }
    }
    expect(visitor.explain(model.items[0]!)).toEqual(visitor.explain(model.items[0]!, { by: 'preference' }));
  });

  const OWN_FACTORS = [
    ['als', {}],
    ['als', { preference: false }],
    ['implicit-als', {}],
  ] as const;
  test.each(OWN_FACTORS)('of a user, by the factors of the model itself: %s %o', async (solver, options) => {
    // The users of the last epoch are solved exactly, with more than 16 factors too.
    for (const factors of [8, 24]) {
      using model = await train(ratings, { solver, factors, epochs: 4, ...options });
      for (const user of model.users.slice(0, 10)) {
        for (const item of [model.items[1]!, model.items[30]!]) {
          const parts = model.explain(user, item, { n: 10_000, by: 'rating' });
          expect(total(parts)).toBeCloseTo(product(model, user, item), 3);
        }
      }
    }
  });

  test('of a user, by the layer of the model itself', async () => {
    using model = await train(ratings, { solver: 'als', factors: 8, epochs: 15 });
    const weight = weightOf(model);
    for (const user of model.users.slice(0, 10)) {
      for (const item of [model.items[1]!, model.items[30]!]) {
        const biases = biasOf(model.userBias, model.users, user) + biasOf(model.itemBias, model.items, item);
        const score = scoreOf({ recommend: (options) => model.recommend(user, options) }, item, 'preference');
        expect(total(model.explain(user, item, { n: 10_000 }))).toBeCloseTo(score - weight * biases, 3);
      }
    }
  });

  test.each(['sgd', 'variational'] as const)('of a user of %s, as in a fold-in of the same ratings', async (solver) => {
    using model = await train(ratings, { solver, epochs: 5 });
    const user = model.users[2]!;
    const rated = [...ratings].filter((row) => row.user === user);
    const visitor = model.foldIn(rated);
    const item = model.items[9]!;
    for (const by of WAYS) {
      const parts = model.explain(user, item, { n: 10_000, by });
      expect(parts).toHaveLength(rated.length);
      expect(total(parts)).toBeCloseTo(total(visitor.explain(item, { n: 10_000, by })), 5);
      if (solver === 'sgd') expect(total(parts)).toBeCloseTo(scoreOf(visitor, item, by), 3);
    }
  });
});

test('by is one of two', async () => {
  using model = await train(ratings, { epochs: 1 });
  const by = 'score' as 'rating';
  const [user, item] = [model.users[0]!, model.items[0]!];
  const message = /^explain: by must be 'preference' or 'rating'; it is 'score'$/;
  for (const explain of [() => model.explain(user, item, { by }), () => model.foldIn([]).explain(item, { by })]) {
    expect(await failure(explain)).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(message) });
  }
});
