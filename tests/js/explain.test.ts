import { type Id, type Model, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

const total = (parts: { contribution: number }[]) => parts.reduce((sum, { contribution }) => sum + contribution, 0);
const scoreOf = (from: { recommend: (options: object) => { score: number }[] }, item: Id) =>
  from.recommend({ include: [item], exclude: 'none' })[0]!.score;
const biasOf = (model: Model, item: Id) => model.itemBias[model.items.indexOf(item)] ?? 0;

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
  test.each(['als', 'sgd', 'gradient-descent', 'svd++', 'nmf', 'implicit-als', 'bpr', 'bias'] as const)(
    'of a visitor: %s',
    async (solver) => {
      using model = await train(ratings, { solver, epochs: 5 });
      const rated = model.items.slice(3, 15).map((item, place) => ({ item, rating: 1 + (place % 5) }));
      const visitor = model.foldIn(rated);
      for (const item of [model.items[0]!, model.items[4]!, model.items.at(-1)!]) {
        const parts = visitor.explain(item, { n: 100 });
        expect(parts.length).toBe(rated.length);
        // The baseline and the visitor's bias, which all scores of the visitor share.
        const hasBaseline = model.userBias.length > 0;
        const common = hasBaseline ? visitor.predict('unknown') : 0;
        expect(total(parts)).toBeCloseTo(scoreOf(visitor, item) - common - biasOf(model, item), 3);
      }
    },
  );

  test.each(['als', 'implicit-als'] as const)('of a user, by the factors of the model itself: %s', async (solver) => {
    // The users of the last epoch are solved exactly, with more than 16 factors too.
    for (const factors of [8, 24]) {
      using model = await train(ratings, { solver, factors, epochs: 4 });
      for (const user of model.users.slice(0, 10)) {
        for (const item of [model.items[1]!, model.items[30]!]) {
          const parts = model.explain(user, item, { n: 10_000 });
          expect(total(parts)).toBeCloseTo(product(model, user, item), 3);
        }
      }
    }
  });

  test('of a user of another solver, as in a fold-in of the same ratings', async () => {
    using model = await train(ratings, { solver: 'sgd', epochs: 5 });
    const user = model.users[2]!;
    const rated = [...ratings].filter((row) => row.user === user);
    const visitor = model.foldIn(rated);
    const item = model.items[9]!;
    const parts = model.explain(user, item, { n: 10_000 });
    expect(total(parts)).toBeCloseTo(total(visitor.explain(item, { n: 10_000 })), 5);
    expect(total(parts)).toBeCloseTo(scoreOf(visitor, item), 3);
  });
});
