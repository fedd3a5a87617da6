/** Predictions at a time: the option, `at`, evaluation at the times of test ratings, the model file. */
import { crossValidate, evaluate, Model, Ratings, type TrainOptions, train } from 'matfac';
import { Model as ServedModel } from 'matfac/serve';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeTensors } from '../../bindings/js/base/safetensors.js';
import { hasRealData, realData } from './support/data.js';
import { failure } from './support/failure.js';

const START = 1_000_000_000;

/** Each user rates in sittings of ten minutes, in one mood each, alternately half a star up and down. */
function moody(sample: Ratings): Ratings {
  const counts = new Map<unknown, number>();
  return Ratings.from(
    [...sample].map(({ user, item, rating }) => {
      const nth = counts.get(user) ?? 0;
      counts.set(user, nth + 1);
      const sitting = Math.floor(nth / 6);
      const timestamp = START + sitting * 86_400 + (nth % 6) * 40;
      return { user, item, rating: rating + (sitting % 2 === 0 ? 1 : -1), timestamp };
    }),
  );
}

let base: Ratings;
let held: Ratings;
let model: Model;
beforeAll(async () => {
  ({ train: base, test: held } = moody(await Ratings.sample('tiny')).split({ test: 0.2 }));
  model = await train(base, { time: 'mood' });
});

const pairsOf = (ratings: Ratings) => {
  const rows = [...ratings];
  return {
    users: rows.map(({ user }) => user),
    items: rows.map(({ item }) => item),
    times: rows.map(({ timestamp }) => timestamp!),
    values: rows.map(({ rating }) => rating),
  };
};

describe('predictions at a time', () => {
  test('evaluate predicts each test rating at its own timestamp', async () => {
    const { users, items, times, values } = pairsOf(held);
    const predicted = model.predictMany(users, items, { at: times });
    const squares = values.reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0);
    expect(evaluate(model, held).rmse).toBeCloseTo(Math.sqrt(squares / values.length), 5);
    expect(evaluate(model, held).rmse).toBeLessThan(0.9 * evaluate(await train(base), held).rmse);
  });

  test('predict takes seconds or a Date, and without them the last time of the user', () => {
    const { user, item, timestamp = 0 } = held.at(0);
    const late = Math.max(...[...base].filter((row) => row.user === user).map((row) => row.timestamp!));
    expect(model.predict(user, item, { at: late })).toBe(model.predict(user, item));
    expect(model.predict(user, item, { at: new Date(1000 * timestamp) })).toBe(
      model.predict(user, item, { at: timestamp }),
    );
    const times = [START, START + 86_400, START + 2 * 86_400];
    expect(new Set(times.map((at) => model.predict(user, item, { at }))).size).toBeGreaterThan(1);
    expect(model.predictMany([user, user], [item, item], { at: timestamp })[1]).toBeCloseTo(
      model.predict(user, item, { at: timestamp }),
      5,
    );
  });

  test('unknown users and items are predicted at any time', () => {
    expect(model.predict('nobody', held.at(0).item, { at: START })).toBe(model.predict('nobody', held.at(0).item));
    expect(Number.isFinite(model.predict(held.at(0).user, 'nothing', { at: START }))).toBe(true);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '2020', null, new Date('?')])(
    'at must be a time: %s',
    async (at) => {
      const ask = () => model.predict(held.at(0).user, held.at(0).item, { at: at as number });
      expect(await failure(ask)).toMatchObject({ code: 'invalid-argument' });
      expect((await failure(ask)).message).toContain('predict: at must be seconds since 1970 or a Date');
    },
  );

  test('predictMany takes one time or as many as there are pairs', async () => {
    const ask = () => model.predictMany([1, 2], [1, 2], { at: [START] });
    expect((await failure(ask)).message).toBe('predictMany: at must have one time or 2, as the pairs; it has 1');
  });

  test('a model without time predicts the same at any time', async () => {
    const plain = await train(base, { epochs: 2 });
    const { user, item } = held.at(0);
    expect(plain.predict(user, item, { at: START })).toBe(plain.predict(user, item));
  });
});

describe('training', () => {
  const rejects = async (ratings: Ratings, options: TrainOptions) =>
    (await train(ratings, options).catch((error: Error) => error)) as Error;

  test('needs timestamps', async () => {
    const untimed = Ratings.from([...base].map(({ user, item, rating }) => [user, item, rating] as const));
    expect((await rejects(untimed, { time: 'mood' })).message).toBe(
      "time must be 'none' for ratings without times; it is 'mood'",
    );
    await expect(train(untimed, { time: 'none', epochs: 1 })).resolves.toBeInstanceOf(Model);
  });

  test('needs a solver that reads them', async () => {
    expect((await rejects(base, { solver: 'als', time: 'mood' })).message).toContain(
      "time must be left out with the solver 'als', which does not read it (read by 'variational', 'bayesian')",
    );
    expect((await rejects(base, { time: 'days' })).message).toBe(
      "time must be 'none', 'mood' or 'all' with the solver 'variational'; it is 'days'",
    );
  });

  test('validates at the times of the validation ratings', async () => {
    const timed = await train(base, { time: 'mood', epochs: 4, validation: held });
    expect(timed.history.at(-1)!.validationRmse).toBeCloseTo(evaluate(timed, held).rmse, 5);
    const part = await train(base, { time: 'mood', epochs: 4, validation: 0.2 });
    expect(part.history.at(-1)!.validationRmse).toBeLessThan(1.2 * evaluate(timed, held).rmse);
  });

  test('cross-validates', async () => {
    const { mean } = await crossValidate(base, { time: 'mood', epochs: 5 }, { folds: 2, metrics: ['rmse'] });
    const { mean: plain } = await crossValidate(base, { epochs: 5 }, { folds: 2, metrics: ['rmse'] });
    expect(mean.rmse).toBeLessThan(plain.rmse);
  });
});

describe('the model file', () => {
  const { users, items, times } = {
    users: () => pairsOf(held).users,
    items: () => pairsOf(held).items,
    times: () => pairsOf(held).times,
  };

  test.each(['float32', 'float16', 'int8'] as const)('in %s keeps the times', async (dtype) => {
    const loaded = await Model.load(model.save({ dtype }));
    expect(loaded.options.time).toBe('mood');
    const before = model.predictMany(users(), items(), { at: times() });
    const after = loaded.predictMany(users(), items(), { at: times() });
    const gap = Math.max(...before.map((rating, i) => Math.abs(rating - after[i]!)));
    expect(gap).toBeLessThan({ float32: 1e-9, float16: 0.01, int8: 0.2 }[dtype]);
  });

  test('for serving predicts at the last times', async () => {
    const served = await ServedModel.load(model.save());
    const { user, item } = held.at(0);
    expect(served.predict(user, item)).toBe(model.predict(user, item));
  });

  test('shared or without users has none of them', async () => {
    expect(decodeTensors(model.save()).tensors.has('user_times')).toBe(true);
    for (const bytes of [model.save({ share: true }), model.save({ users: false })]) {
      expect(decodeTensors(bytes).tensors.has('user_times')).toBe(false);
      const loaded = await Model.load(bytes);
      expect(loaded.predict('someone', held.at(0).item, { at: START })).toBe(
        loaded.predict('someone', held.at(0).item),
      );
    }
  });
});

const U1 = ['ml-100k.u1.base.gz', 'ml-100k.u1.test.gz'] as const;

describe.skipIf(!hasRealData(...U1))('MovieLens 100K', () => {
  test('mood lowers the error of split u1, and that of a split by time not at all or little', async () => {
    const [u1, test1] = await Promise.all([
      Ratings.fromFile(await realData(U1[0])),
      Ratings.fromFile(await realData(U1[1])),
    ]);
    expect(evaluate(await train(u1, { time: 'mood' }), test1, { metrics: ['rmse'] }).rmse).toBeLessThan(0.881);
    const { train: early, test: late } = Ratings.from([...u1, ...test1]).split({ by: 'time', test: 0.2 });
    const errorOf = async (options: TrainOptions) =>
      evaluate(await train(early, options), late, { metrics: ['rmse'] }).rmse;
    expect(await errorOf({ time: 'mood' })).toBeLessThan(1.001 * (await errorOf({})));
  });
});
