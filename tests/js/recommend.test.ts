import { type Id, type Model, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

let ratings: Ratings;
let model: Model;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
  model = await train(ratings, { factors: 6, epochs: 6 });
});

const cosines = (items: Id[]) => {
  const { data, columns } = model.itemFactors;
  const rows = items.map((item) => {
    const index = model.items.indexOf(item);
    return [...data.subarray(index * columns, (index + 1) * columns)];
  });
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, factor) => sum + value * b[factor]!, 0);
  return rows.flatMap((a, place) => rows.slice(0, place).map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
};
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('recommendMany', () => {
  test('is recommend for each user, whatever the options', () => {
    const users = [...model.users, model.users[0]!];
    const [first, second] = model.items;
    for (const options of [
      {},
      { n: 3, exclude: 'none' },
      { exclude: [first!, 'unknown'] },
      { include: [first!, second!], exclude: 'none' },
      { n: 4, diversity: 0.5 },
      { approximate: true },
    ] as const) {
      expect(model.recommendMany(users, options)).toEqual(users.map((user) => model.recommend(user, options)));
    }
    expect(model.recommendMany([])).toEqual([]);
  });

  test('in slices and on threads gives the same', async () => {
    const users = model.users.slice(0, 30);
    const all = model.recommendMany(users, { n: 5 });
    expect(await model.recommendManyAsync(users, { n: 5 })).toEqual(all);
    expect(await model.recommendManyAsync(users, { n: 5, threads: 2 })).toEqual(all);
    expect(await model.recommendManyAsync([])).toEqual([]);
  });

  test('of a model without its ratings excludes nothing', async () => {
    const { Model } = await import('matfac');
    using bare = await Model.load(model.save({ ratings: false }));
    expect(bare.recommendMany([model.users[3]!])).toEqual([model.recommend(model.users[3]!, { exclude: 'none' })]);
  });

  test('refuses unknown users, items and options', async () => {
    expect((await failure(() => model.recommendMany([model.users[0]!, 'nobody']))).code).toBe('unknown-id');
    expect((await failure(() => model.recommendMany('ann' as unknown as Id[]))).message).toMatch(
      /users must be .*; it is 'ann'/,
    );
    const error = await failure(() => model.recommendMany([], { threads: 2 } as object));
    expect(error.message).toMatch(/recommendMany has no option 'threads'/);
    const zero = await failure(() => model.recommendManyAsync([], { threads: 0 }));
    expect(zero.message).toMatch(
      /recommendManyAsync: threads must be a whole number of at least 1, or 'auto'; it is 0/,
    );
    const gone = await failure(() => model.recommendManyAsync(model.users, { signal: AbortSignal.abort() }));
    expect(gone.code).toBe('aborted');
  });

  test('stops at the signal', async () => {
    const controller = new AbortController();
    // 30,000 users take several slices.
    const users = Array.from({ length: 30_000 }, (_, place) => model.users[place % model.users.length]!);
    const work = model.recommendManyAsync(users, { signal: controller.signal, threads: 1, n: 200 });
    controller.abort();
    expect((await failure(() => work)).code).toBe('aborted');
  });
});

describe('diversity', () => {
  test('of 0 changes nothing, and more makes the list more diverse at the cost of its scores', () => {
    for (const user of model.users.slice(0, 5)) {
      const plain = model.recommend(user, { by: 'rating' });
      expect(model.recommend(user, { by: 'rating', diversity: 0 })).toEqual(plain);
      const diverse = model.recommend(user, { by: 'rating', diversity: 0.8 });
      expect(diverse[0]).toEqual(plain[0]);
      expect(diverse.length).toBe(10);
      expect(new Set(diverse.map(({ item }) => item)).size).toBe(10);
      expect(mean(cosines(diverse.map(({ item }) => item)))).toBeLessThan(mean(cosines(plain.map(({ item }) => item))));
      expect(mean(diverse.map(({ score }) => score))).toBeLessThan(mean(plain.map(({ score }) => score)));
    }
  });

  test('works for visitors, with exclusions and inclusions', () => {
    const visitor = model.foldIn([{ item: model.items[0]!, rating: 5 }]);
    const diverse = visitor.recommend({ diversity: 1, n: 20 });
    expect(diverse.some(({ item }) => item === model.items[0])).toBe(false);
    expect(diverse).not.toEqual(visitor.recommend({ n: 20 }));
    const some = model.items.slice(5, 9);
    const among = visitor.recommend({ diversity: 0.5, include: some });
    expect(among.map(({ item }) => item).toSorted()).toEqual([...some].toSorted());
  });

  test.each([-0.1, 1.1, Number.NaN, '1'])('of %s is refused', async (diversity) => {
    const error = await failure(() => model.recommend(model.users[0]!, { diversity: diversity as number }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(/diversity must be a number from 0 to 1; it is ./);
  });
});

describe('approximate', () => {
  test('finds nearly the same, with the same scores', () => {
    let common = 0;
    for (const user of model.users) {
      const exact = model.recommend(user);
      const found = model.recommend(user, { approximate: true });
      common += found.filter(({ item, score }) =>
        exact.some((each) => each.item === item && each.score === score),
      ).length;
    }
    expect(common / model.users.length).toBeGreaterThan(9.5);
  });

  test('works for visitors, and must be true or false', async () => {
    const visitor = model.foldIn([{ item: model.items[0]!, rating: 5 }]);
    expect(visitor.recommend({ approximate: true, n: 5 })).toEqual(visitor.recommend({ n: 5 }));
    const error = await failure(() => visitor.recommend({ approximate: 1 as unknown as boolean }));
    expect(error.message).toMatch(/approximate must be true or false; it is 1/);
  });
});
