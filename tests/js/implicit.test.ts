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
