import { evaluate, Model, Ratings, TrainingCancelledError, type TrainOptions, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeTensors } from '../../bindings/js/base/safetensors.js';
import { decodeModel } from '../../bindings/js/model/file/model-file.js';
import { failure } from './support/failure.js';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

describe('warm start', () => {
  type Case = [name: string, options: TrainOptions];
  /** Everything that a training continues from, and that a file of it contains. */
  const bitsOf = (model: Model) => ({ ...decodeModel(model.save({ state: true })).tensors, options: model.options });

  const CUT: Case[] = [
    ['als', { solver: 'als', factors: 5 }],
    ['als without preference', { solver: 'als', factors: 5, preference: false }],
    ['als by conjugate gradient', { solver: 'als', factors: 20 }],
    ['als by blocks', { solver: 'als', factors: 20, sweep: 'blocks' }],
    ['sgd', { solver: 'sgd', factors: 5, learningRateDecay: 0.9 }],
    ['gradient-descent', { solver: 'gradient-descent', factors: 5 }],
    ['nmf', { solver: 'nmf', factors: 5 }],
    ['implicit-als', { solver: 'implicit-als', factors: 5 }],
    ['implicit-als by conjugate gradient', { solver: 'implicit-als', factors: 20 }],
    ['bpr', { solver: 'bpr', factors: 5 }],
    ['bias', { solver: 'bias' }],
  ];
  /** Solvers that need more than the model. */
  const STATEFUL: Case[] = [
    ['variational', { solver: 'variational', factors: 5 }],
    ['variational without preference', { solver: 'variational', factors: 5, preference: false }],
    ['svd++', { solver: 'svd++', factors: 5 }],
    ['adaptive sgd', { solver: 'sgd', factors: 5, adaptive: true }],
    ['bayesian', { solver: 'bayesian', factors: 5, samples: 4 }],
    ['bayesian with implicit terms of users', { solver: 'bayesian', factors: 5, samples: 4, implicitTerms: 'user' }],
    ['bayesian with implicit terms of both', { solver: 'bayesian', factors: 5, samples: 4, implicitTerms: 'both' }],
  ];
  test.each([...CUT, ...STATEFUL])(
    '%s, cancelled after 5 of 10 epochs, saved, loaded and continued, is the model of 10, bit for bit',
    async (_, options) => {
      const whole = await train(ratings, { ...options, seed: 4, epochs: 10 });
      const training = train(ratings, {
        ...options,
        seed: 4,
        epochs: 10,
        onEpoch: ({ epoch }) => epoch === 5 && training.cancel(),
      });
      const { model: cut } = await failure(() => training, TrainingCancelledError);
      expect(cut!.history.length).toBe(5);
      const isStateful = STATEFUL.some(([, stateful]) => stateful === options);
      const opened = await Model.load(cut!.save({ state: isStateful }));
      const rest = await train(ratings, { warmStart: opened, epochs: 5 });
      expect(bitsOf(rest)).toEqual(bitsOf(whole));
      expect(rest.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      const seconds = rest.history.map((report) => report.seconds);
      expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    },
  );

  const FINISHED: Case[] = [
    ...CUT,
    ...STATEFUL.filter(([, { solver }]) => solver !== 'bayesian'),
    ['als of 32 factors', { solver: 'als', factors: 32 }],
    ['bayesian of one sample', { solver: 'bayesian', factors: 5, samples: 1 }],
  ];
  test.each(FINISHED)(
    '%s, complete after 5 epochs and continued for 5, is the model of 10, too',
    async (_, options) => {
      const whole = await train(ratings, { ...options, seed: 4, epochs: 10 });
      const half = await train(ratings, { ...options, seed: 4, epochs: 5 });
      const rest = await train(ratings, { warmStart: await Model.load(half.save({ state: true })), epochs: 5 });
      expect(rest.userFactors).toEqual(whole.userFactors);
      expect(rest.itemFactors).toEqual(whole.itemFactors);
      expect(rest.userBias).toEqual(whole.userBias);
    },
  );

  test('a complete bayesian training continues its chain with new samples', async () => {
    const whole = await train(ratings, { solver: 'bayesian', epochs: 10 });
    const half = await train(ratings, { solver: 'bayesian', epochs: 5 });
    const rest = await train(ratings, { warmStart: half, epochs: 5 });
    expect(rest.history.map(({ loss }) => loss)).toEqual(whole.history.map(({ loss }) => loss));
    expect(rest.userFactors).not.toEqual(whole.userFactors);
  });

  test.each(['variational', 'svd++', 'bayesian'] as const)('%s continues without its state, too', async (solver) => {
    const first = await train(ratings, { solver, epochs: 10 });
    const more = await train(ratings, { warmStart: await Model.load(first.save()), epochs: 10 });
    expect(more.solver).toBe(solver);
    if (solver === 'variational') {
      // It ends by itself, and after 10 epochs it is nearly done.
      expect(more.history.length).toBeGreaterThan(10);
      expect(more.history.length).toBeLessThanOrEqual(20);
    } else {
      expect(more.history.length).toBe(20);
    }
    expect(evaluate(more, ratings).rmse).toBeLessThan(1);
  });

  test('a file has the state on request, and only exactly', async () => {
    const model = await train(ratings, { solver: 'svd++', factors: 8, epochs: 2 });
    const has = (bytes: Uint8Array) => decodeTensors(bytes).tensors.has('training_state');
    expect(has(model.save())).toBe(false);
    expect(has(model.save({ state: true }))).toBe(true);
    expect(has((await Model.load(model.save({ state: true }))).save({ state: true }))).toBe(true);
    expect(has((await train(ratings, { solver: 'nmf', epochs: 1 })).save({ state: true }))).toBe(false);
    for (const rounded of [{ dtype: 'int8' }, { dtype: 'float16' }, { users: false }] as const) {
      expect((await failure(() => model.save({ state: true, ...rounded }))).code).toBe('invalid-argument');
    }
    // biome-ignore lint/suspicious/noExplicitAny: an error in the types too
    expect((await failure(() => model.save({ state: 1 } as any))).message).toMatch(/state must be .*; it is 1/);
  });

  test.each(['variational', 'als'] as const)('of %s, with new users and items', async (solver) => {
    const model = await train(ratings, { solver, epochs: 8 });
    const rows: [string | number, string | number, number][] = [...ratings].map(({ user, item, rating }) => [
      user,
      item,
      rating,
    ]);
    const [first, second] = [model.items[0]!, model.items[1]!];
    rows.push(
      ['new user', first, 5],
      ['new user', second, 1],
      ['new user', 'new item', 5],
      [model.users[0]!, 'new item', 4],
    );
    const more = await train(Ratings.from(rows), { warmStart: model, epochs: 2 });
    expect(more.users).toContain('new user');
    expect(more.items).toContain('new item');
    expect(more.options).toMatchObject({ solver, factors: model.options.factors, epochs: 10 });
    const known = [...ratings].slice(0, 200);
    const close = known.filter(
      ({ user, item }) => Math.abs(more.predict(user, item) - model.predict(user, item)) < 0.3,
    );
    expect(close.length).toBeGreaterThan(190);
    expect(more.recommend('new user', { n: 3 }).length).toBe(3);
  });

  test.each(['variational', 'als'] as const)('from a model of %s without its users keeps the items', async (solver) => {
    const model = await train(ratings, { solver, epochs: 8 });
    const items = await Model.load(model.save({ users: false }));
    const more = await train(ratings, { warmStart: items, epochs: 1 });
    expect(evaluate(more, ratings).rmse).toBeLessThan(1);
  });

  test('of another shape is an error that names the option', async () => {
    const model = await train(ratings, { solver: 'als', epochs: 1 });
    const refused = async (options: object) => {
      const error = await failure(() => train(ratings, { warmStart: model, ...options }));
      expect(error.code).toBe('invalid-argument');
      return error.message;
    };
    expect(await refused({ solver: 'sgd' })).toMatch(
      /solver must be that of warmStart, 'als', or left out; it is 'sgd'/,
    );
    expect(await refused({ factors: 3 })).toMatch(/factors must be 16, as in the model of warmStart; it is 3/);
    expect(await refused({ biases: false })).toMatch(/biases must be true, as in the model of warmStart; it is false/);
    model.dispose();
    expect((await failure(() => train(ratings, { warmStart: model }))).code).toBe('disposed');
  });

  test('may add the preference layer or leave it out, which does not change the ratings of als', async () => {
    const [user] = ratings.users;
    const predictionsOf = (model: Model) => model.items.map((item) => model.predict(user!, item));
    const options: TrainOptions = { solver: 'als', epochs: 3 };
    const [plain, layered] = [
      await train(ratings, { ...options, preference: false }),
      await train(ratings, { ...options, preferenceFactors: 8 }),
    ];
    const continued = (warmStart: Model, preference: boolean) =>
      train(ratings, { warmStart, epochs: 2, preference, ...(preference && { preferenceFactors: 8 }) });
    const whole = await continued(layered, true);
    const [added, left] = [await continued(plain, true), await continued(layered, false)];
    expect(added.recommend(user!, { by: 'rating' })).toEqual(left.recommend(user!));
    expect(added.recommend(user!)).not.toEqual(left.recommend(user!));
    expect(left.recommend(user!)).toEqual((await continued(plain, false)).recommend(user!));
    expect(left.recommend(user!)).toEqual(whole.recommend(user!, { by: 'rating' }));
    expect(left.recommend(user!)).not.toEqual(whole.recommend(user!));
    expect(predictionsOf(added)).toEqual(predictionsOf(left));
  });
});
