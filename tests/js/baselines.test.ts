/** The metrics of the baselines, compared with counting and averaging by hand. */
import { evaluate, evaluateAsync, type Id, Ratings, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';

let rest: Ratings;
let held: Ratings;
beforeAll(async () => {
  ({ train: rest, test: held } = (await Ratings.sample('tiny')).split({ test: 0.3, seed: 6 }));
});

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('popularity', () => {
  test('by hand: three users, four items', async () => {
    // a is rated by 3, b by 2, c and d by 1 each; c came first.
    const known = Ratings.from([
      ['u', 'a'],
      ['u', 'c'],
      ['v', 'a'],
      ['v', 'b'],
      ['w', 'a'],
      ['w', 'b'],
      ['w', 'd'],
    ]);
    const model = await train(known, { solver: 'popularity' });
    // u is shown b and d (a and c are rated), v is shown c and d, w is shown c alone.
    const found = evaluate(
      model,
      Ratings.from([
        ['u', 'd'],
        ['v', 'c'],
      ]),
      { k: 2 },
    );
    // u: the hit is second of two; v: first of two.
    expect(found.precision).toBeCloseTo(1 / 2, 12);
    expect(found.recall).toBe(1);
    expect(found.ndcg).toBeCloseTo((1 / Math.log2(3) + 1) / 2, 12);
    expect(found.map).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(found.mrr).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(found.hitRate).toBe(1);
    // u: d loses to b; v: c and d are as popular.
    expect(found.auc).toBeCloseTo((0 + 1 / 2) / 2, 12);
    // Shown are b, d and c, of four; of three users 2, 1 and 1 rated them.
    expect(found.coverage).toBeCloseTo(3 / 4, 12);
    expect(found.novelty).toBeCloseTo((-Math.log2(2 / 3) - 3 * Math.log2(1 / 3)) / 4, 12);
  });

  test.each([1, 10, 30])(
    'ranks by counts, equally for all users except for the items they rated: k = %i',
    async (k) => {
      const counts = new Map<Id, number>();
      for (const { item } of rest) counts.set(item, (counts.get(item) ?? 0) + 1);
      // Array's sort is stable: equal counts stay in the order of appearance.
      const order = [...rest.items].sort((a, b) => counts.get(b)! - counts.get(a)!);
      const found = { precision: [] as number[], recall: [] as number[], mrr: [] as number[], hitRate: [] as number[] };
      const shown = new Set<Id>();
      for (const user of rest.users) {
        const of = (ratings: Ratings) => [...ratings].filter((row) => row.user === user).map(({ item }) => item);
        const [rated, relevant] = [of(rest), of(held)];
        if (relevant.length === 0) continue;
        const top = order.filter((item) => !rated.includes(item)).slice(0, k);
        const hits = top.filter((item) => relevant.includes(item));
        found.precision.push(hits.length / k);
        found.recall.push(hits.length / relevant.length);
        found.mrr.push(hits.length > 0 ? 1 / (top.indexOf(hits[0]!) + 1) : 0);
        found.hitRate.push(Math.min(1, hits.length));
        for (const item of top) shown.add(item);
      }
      const model = await train(rest, { solver: 'popularity' });
      const metrics = evaluate(model, held, { k });
      for (const [name, values] of Object.entries(found)) {
        expect(metrics[name as keyof typeof found], name).toBeCloseTo(mean(values), 12);
      }
      expect(metrics.coverage).toBeCloseTo(shown.size / rest.itemCount, 12);
      expect(await evaluateAsync(model, held, { k })).toEqual(metrics);
    },
  );
});

describe('bias', () => {
  test('has the errors of the mean and the biases, fitted by hand', async () => {
    const regularization = 5;
    const rows = [...rest];
    const biases = { user: new Map<Id, number>(), item: new Map<Id, number>() };
    const of = (side: 'user' | 'item', id: Id) => biases[side].get(id) ?? 0;
    for (let sweep = 0; sweep < 60; sweep++) {
      for (const [side, other] of [
        ['item', 'user'],
        ['user', 'item'],
      ] as const) {
        const sums = new Map<Id, [sum: number, count: number]>();
        for (const row of rows) {
          const [sum, count] = sums.get(row[side]) ?? [0, 0];
          sums.set(row[side], [sum + row.rating - rest.mean - of(other, row[other]), count + 1]);
        }
        for (const [id, [sum, count]] of sums) biases[side].set(id, sum / (regularization + count));
      }
    }
    const errors = [...held].map(({ user, item, rating }) => {
      const [least, most] = rest.range;
      return Math.min(most, Math.max(least, rest.mean + of('user', user) + of('item', item))) - rating;
    });
    const model = await train(rest, { solver: 'bias', regularization, epochs: 60 });
    const { rmse, mae } = evaluate(model, held, { metrics: ['rmse', 'mae'] });
    expect(rmse).toBeCloseTo(Math.sqrt(mean(errors.map((error) => error ** 2))), 5);
    expect(mae).toBeCloseTo(mean(errors.map(Math.abs)), 5);
  });

  test('is worse than a model with factors on ratings that have factors', async () => {
    const [bias, als] = [await train(rest, { solver: 'bias' }), await train(rest, { solver: 'als' })];
    const rmse = (model: typeof als) => evaluate(model, held, { metrics: ['rmse'] }).rmse;
    const constant = Math.sqrt(mean([...held].map(({ rating }) => (rating - rest.mean) ** 2)));
    expect(rmse(bias)).toBeLessThan(constant);
    expect(rmse(als)).toBeLessThan(rmse(bias));
  });
});
