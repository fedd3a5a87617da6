import { evaluate, Model, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

/** Two tastes: users and items of the same parity belong together. One pair of each user is held out. */
const USERS = 40;
const ITEMS = 30;
let seen: Ratings;
const held = (user: number) => (user % 2) + 2 * (Math.floor(user / 2) % (ITEMS / 2));
beforeAll(() => {
  const pairs: [string, number][] = [];
  for (let user = 0; user < USERS; user++) {
    for (let item = user % 2; item < ITEMS; item += 2) if (item !== held(user)) pairs.push([`user ${user}`, item]);
  }
  seen = Ratings.from(pairs);
});

describe('implicit feedback', () => {
  test('is learned by implicit-als by default', async () => {
    const model = await train(seen, { factors: 4 });
    expect(model.solver).toBe('implicit-als');
    expect(model.history[0]).not.toHaveProperty('trainRmse');
    const losses = model.history.map(({ loss }) => loss);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  });

  test.each(['implicit-als', 'bpr'] as const)('%s recommends the held-out items', async (solver) => {
    const model = await train(seen, { solver, factors: 4 });
    for (let user = 0; user < USERS; user++) {
      expect(model.recommend(`user ${user}`, { n: 1 })[0]?.item).toBe(held(user));
    }
    const visitor = model.foldIn([{ item: 1 }, { item: 3 }, { item: 5 }]);
    expect(visitor.ratings[0]).toEqual({ item: 1, rating: 1 });
    for (const { item } of visitor.recommend({ n: 5 })) expect((item as number) % 2).toBe(1);
  });

  test.each(['exact', 'conjugate-gradient', 'blocks'] as const)(
    'explanations of %s sum to the score',
    async (sweep) => {
      const model = await train(seen, { factors: 4, sweep });
      const visitor = model.foldIn([{ item: 1 }, { item: 3 }, { item: 5 }]);
      const shares = visitor.explain(7);
      const sum = shares.reduce((total, { contribution }) => total + contribution, 0);
      expect(sum).toBeCloseTo(visitor.recommend({ include: [7] })[0]!.score, 4);
    },
  );

  test.each(['implicit-als', 'bpr'] as const)('a model of %s loads from its file', async (solver) => {
    const model = await train(seen, { solver, factors: 4, epochs: 3 });
    const loaded = await Model.load(model.save());
    expect(loaded.recommend('user 3')).toEqual(model.recommend('user 3'));
    expect(loaded.foldIn([{ item: 1 }]).recommend()).toEqual(model.foldIn([{ item: 1 }]).recommend());
    expect(loaded.options).toEqual(model.options);
  });

  test('a model with a discount keeps the weights of its items in its file, for visitors and for a warm start', async () => {
    // Item 1 is in half as many pairs as the other odd ones.
    const rows = [...seen].filter(({ user, item }) => item !== 1 || Number(`${user}`.slice(5)) < 20);
    const fewer = Ratings.from(rows.map(({ user, item }): [typeof user, typeof item] => [user, item]));
    const options = { factors: 4, epochs: 3, discount: 0.5 };
    const model = await train(fewer, options);
    const visit = (other: Model) => other.foldIn([{ item: 1 }, { item: 4 }]).recommend();
    expect(visit(await train(fewer, { ...options, discount: 0 }))).not.toEqual(visit(model));
    const loaded = await Model.load(model.save());
    expect(visit(loaded)).toEqual(visit(model));
    expect(visit(await Model.load(model.save({ dtype: 'int8' })))[0]!.item).toBe(visit(model)[0]!.item);
    const longer = await train(fewer, { ...options, epochs: 5 });
    const resumed = await train(fewer, { ...options, epochs: 2, warmStart: loaded });
    expect(visit(resumed)).toEqual(visit(longer));
  });

  test('takes its defaults from the data, and says what they are', async () => {
    const { options } = await train(seen, { epochs: 1 });
    const pairs = USERS * (ITEMS / 2 - 1);
    expect(options.confidence).toBeCloseTo(0.7 / Math.sqrt(pairs / (USERS * ITEMS)), 10);
    expect(options.regularization).toBeCloseTo(0.075 / Math.cbrt(ITEMS), 10);
    expect(options).toMatchObject({ factors: 64, weights: 'log' });
    const fewer = await train(seen, { epochs: 1, factors: 3, confidence: 5 });
    expect(fewer.options).toMatchObject({ factors: 3, confidence: 5 });
  });

  test('tames counts by default', async () => {
    const counts = Ratings.from([...seen].map(({ user, item }, row) => [user, item, row % 7 === 0 ? 5000 : 1]));
    const weigh = async (ratings: Ratings, weights: 'raw' | 'log' | 'none' = 'log') => {
      const model = await train(ratings, { solver: 'implicit-als', factors: 4, epochs: 3, weights });
      return model.foldIn([{ item: 1, rating: 5000 }, { item: 3 }]).recommend({ n: 3 });
    };
    expect((await train(counts, { solver: 'implicit-als', epochs: 1 })).options.weights).toBe('log');
    expect(await weigh(counts, 'raw')).not.toEqual(await weigh(counts, 'log'));
    expect(await weigh(counts, 'none')).not.toEqual(await weigh(counts, 'log'));
  });

  test.each(['implicit-als', 'bpr', 'popularity'] as const)(
    'a visitor without ratings of %s gets what is popular',
    async (solver) => {
      // Item 29 is everybody's, and comes last.
      const pairs = [...seen].map(({ user, item }) => [user, item] as const).filter(([, item]) => item !== 29);
      const all = Array.from({ length: USERS }, (_, user) => [`user ${user}`, 29] as const);
      const model = await train(Ratings.from([...pairs, ...all]), { solver });
      expect(model.foldIn([]).recommend({ n: 1 })[0]?.item).toBe(29);
      const shared = await Model.load(model.save({ users: false, ratings: false, dtype: 'int8' }));
      expect(shared.foldIn([]).recommend({ n: 1 })[0]?.item).toBe(29);
    },
  );

  test.each(['implicit-als', 'bpr', 'popularity'] as const)('%s refuses negative ratings', async (solver) => {
    const message = `rating must be 0 or more for the solver '${solver}', which takes ratings as weights; it is -1`;
    const negative = Ratings.from([...seen].map(({ user, item }, row) => [user, item, row === 3 ? -1 : 1]));
    expect(await failure(() => train(negative, { solver }))).toMatchObject({ code: 'invalid-argument', message });
    const model = await train(seen, { solver, epochs: 1 });
    expect(await failure(async () => model.foldIn([{ item: 1, rating: -1 }]))).toMatchObject({ message });
  });

  test('is refused by solvers that learn from values, and by metrics that compare values', async () => {
    expect(await failure(() => train(seen, { solver: 'als' }))).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(
        /solver must be one of implicit-als, bpr, popularity for ratings without values; it is 'als'/,
      ),
    });
    const model = await train(seen, { epochs: 1 });
    const metrics = ['rmse'] as const;
    expect(await failure(async () => evaluate(model, seen, { metrics }))).toMatchObject({ code: 'unsupported' });
  });
});
