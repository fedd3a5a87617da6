import {
  type EpochReport,
  evaluate,
  MatfacError,
  type Model,
  Ratings,
  TrainingCancelledError,
  type TrainOptions,
  train,
} from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

let tiny: Ratings;
let sample: Ratings;
beforeAll(async () => {
  tiny = await Ratings.sample('tiny');
  sample = await Ratings.sample('ml100k');
});

async function reportsOf(training: AsyncIterable<EpochReport>): Promise<EpochReport[]> {
  const reports: EpochReport[] = [];
  for await (const report of training) reports.push(report);
  return reports;
}

describe('train', () => {
  test('without options gives a good model that has all its options', async () => {
    const { train: rest, test } = sample.split();
    const model = await train(rest);
    expect(model.solver).toBe('variational');
    expect(model.options).toMatchObject({ solver: 'variational', preference: true, seed: 1 });
    // It ends by itself, at the latest after all epochs.
    expect(model.history.length).toBeLessThanOrEqual(model.options.epochs);
    const ofMean = Math.sqrt([...test].reduce((sum, { rating }) => sum + (rating - rest.mean) ** 2, 0) / test.size);
    expect(evaluate(model, test).rmse).toBeLessThan(0.9 * ofMean);
  });

  test.each(['variational', 'als', 'sgd', 'gradient-descent', 'svd++', 'nmf'] as const)(
    '%s lowers its loss and learns',
    async (solver) => {
      const rate = ['variational', 'als', 'nmf'].includes(solver) ? {} : { learningRate: 0.002 };
      const reports = await reportsOf(train(tiny, { solver, epochs: 10, ...rate }));
      expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(reports.every(({ epochs }) => epochs === 10)).toBe(true);
      expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss);
      expect(reports.at(-1)!.trainRmse).toBeLessThan(reports[0]!.trainRmse!);
      expect(reports[0]!.validationRmse).toBeUndefined();
      const seconds = reports.map((report) => report.seconds);
      expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
      expect(reports.every(({ ratingsPerSecond }) => ratingsPerSecond > 0)).toBe(true);
    },
  );

  test('the same seed gives the same model, and another seed another model', async () => {
    const factors = async (seed: number) => (await train(tiny, { seed, epochs: 3 })).userFactors.data;
    expect(await factors(7)).toEqual(await factors(7));
    expect(await factors(7)).not.toEqual(await factors(8));
  });

  test('undefined options have their defaults', async () => {
    const model = await train(tiny, { factors: undefined, epochs: 2 } as unknown as TrainOptions);
    expect(model.options.factors).toBeGreaterThan(0);
  });

  test('divergence is an error that names the learning rate', async () => {
    const error = await failure(() => train(tiny, { solver: 'gradient-descent', learningRate: 10 }));
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(/learning ?rate/i) });
  });
});

describe('reports', () => {
  test('reach the callback, every reader, and late readers', async () => {
    const called: EpochReport[] = [];
    const training = train(tiny, { epochs: 5, onEpoch: (report) => called.push(report) });
    const [one, two, model] = await Promise.all([reportsOf(training), reportsOf(training), training]);
    expect(one).toEqual(called);
    expect(two).toEqual(called);
    expect(await reportsOf(training)).toEqual(called);
    expect(model.history).toEqual(called);
  });

  test('a reader may leave; the training continues', async () => {
    const training = train(tiny, { epochs: 5 });
    for await (const report of training) if (report.epoch === 2) break;
    expect((await training).history.length).toBe(5);
  });

  test('a failure rejects the reader and the promise', async () => {
    const training = train(tiny, { factors: -1 });
    expect((await failure(() => reportsOf(training))).code).toBe('invalid-argument');
    expect((await failure(() => training)).code).toBe('invalid-argument');
  });

  test('a training that is only iterated leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    await failure(() => reportsOf(train(tiny, { factors: -1 })));
    train(sample).cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('an error of onEpoch ends the training and rejects it', async () => {
    let calls = 0;
    const training = train(tiny, {
      onEpoch: () => {
        calls++;
        throw new RangeError('mine');
      },
    });
    await expect(training).rejects.toThrow('mine');
    expect(calls).toBe(1);
  });

  test('then, catch and finally are those of a promise', async () => {
    const training = train(tiny, { epochs: 1 });
    expect(await training.then((model) => model.history.length)).toBe(1);
    let ended = false;
    await training.finally(() => {
      ended = true;
    });
    expect(ended).toBe(true);
    expect(await train(tiny, { epochs: -1 }).catch((error) => error.code)).toBe('invalid-argument');
    expect(Object.prototype.toString.call(training)).toBe('[object Training]');
  });
});

describe('cancelling', () => {
  /** Enough factors that an epoch takes far longer than a tenth of a second. */
  const slow: TrainOptions = { solver: 'als', factors: 256, epochs: 50, seed: 2 };

  test.each([slow, { ...slow, solver: 'variational' } as const])(
    '$solver stops within an epoch, without a model if none was done',
    async (options) => {
      const training = train(sample, options);
      // Training works in slices between turns: some of them, and the epoch is far from done.
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      training.cancel();
      const error = await failure(() => training, TrainingCancelledError);
      expect(error.code).toBe('aborted');
      expect(error.model).toBeUndefined();
    },
  );

  test('gives the model of the epochs done', async () => {
    const options: TrainOptions = { epochs: 1000, seed: 3 };
    const stop = new AbortController();
    const onEpoch = ({ epoch }: EpochReport) => epoch === 3 && stop.abort();
    const error = await failure(
      () => train(tiny, { ...options, onEpoch, signal: stop.signal }),
      TrainingCancelledError,
    );
    expect(error).toBeInstanceOf(MatfacError);
    expect(error.code).toBe('aborted');
    const whole = await train(tiny, { ...options, epochs: 3 });
    expect(error.model!.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(error.model!.itemFactors).toEqual(whole.itemFactors);
    expect(error.model!.recommend(1, { n: 3 })).toEqual(whole.recommend(1, { n: 3 }));
  });

  test('a signal that is already aborted stops it before it begins', async () => {
    const error = await failure(() => train(tiny, { signal: AbortSignal.abort() }), TrainingCancelledError);
    expect(error.code).toBe('aborted');
    expect(error.model).toBeUndefined();
  });

  test('after the end it changes nothing', async () => {
    const stop = new AbortController();
    const training = train(tiny, { epochs: 2, signal: stop.signal });
    const model = await training;
    training.cancel();
    stop.abort();
    expect(await training).toBe(model);
  });

  test.each([slow, { factors: 64, seed: 2 }])('timers fire within an epoch: %o', async (options) => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    await train(sample, { ...options, epochs: 1 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });
});

describe('validation', () => {
  test('a share is held out, and the model still knows every user and item', async () => {
    const model = await train(tiny, { validation: 0.3, epochs: 4 });
    expect(model.users).toEqual(tiny.users);
    expect(model.items).toEqual(tiny.items);
    expect(model.history.every(({ validationRmse }) => (validationRmse ?? 0) > 0.1)).toBe(true);
  });

  test('other ratings may be given, with users and items not seen in training', async () => {
    const known = [...tiny]
      .slice(0, 50)
      .map(({ user, item, rating }): [number, number, number] => [Number(user), Number(item), rating]);
    const other = Ratings.from([...known, [999_999, 1, 3], [1, 999_999, 3]]);
    const model = await train(tiny, { validation: other, epochs: 2 });
    expect(model.history.at(-1)!.validationRmse).toBeCloseTo(evaluate(model, other).rmse, 5);
  });

  test('patience stops early and keeps the best epoch', async () => {
    const { train: rest, test } = tiny.split({ test: 0.3 });
    const options: TrainOptions = { solver: 'sgd', factors: 20, learningRate: 0.05, biases: true, epochs: 200 };
    const model = await train(rest, { ...options, validation: test, patience: 3 });
    const curve = model.history.map(({ validationRmse }) => validationRmse!);
    expect(curve.length).toBeLessThan(200);
    const best = Math.min(...curve);
    expect(curve.length - 1 - curve.indexOf(best)).toBe(3);
    expect(evaluate(model, test).rmse).toBeCloseTo(best, 5);
  });
});

describe('bad options', () => {
  const bad: [name: string, options: unknown, code: string, message: RegExp][] = [
    ['a misspelt name', { epcohs: 3 }, 'invalid-argument', /no option 'epcohs': did you mean 'epochs'/],
    ['no object', 7, 'invalid-argument', /options of train must be .*; they are 7/],
    ['null', null, 'invalid-argument', /options of train must be .*; they are null/],
    [
      'an unknown solver',
      { solver: 'alss' },
      'invalid-argument',
      /solver must be one of variational, als, .*; it is 'alss' \(did you mean 'als'\?\)/,
    ],
    [
      'a solver that there is not',
      { solver: 'slope-one' },
      'invalid-argument',
      /one of variational, als, sgd, gradient-descent, svd\+\+, nmf, bayesian, implicit-als, bpr, popularity, bias; it is 'slope-one'/,
    ],
    [
      'a warm start that is no model',
      { warmStart: {} },
      'invalid-argument',
      /warmStart must be a Model; it is an object/,
    ],
    [
      'a confidence of nothing',
      { solver: 'implicit-als', confidence: 0 },
      'invalid-argument',
      /confidence must be a finite number above 0; it is 0/,
    ],
    [
      'an unknown sweep',
      { solver: 'als', sweep: 'broom' as 'auto' },
      'invalid-argument',
      /sweep must be 'auto', 'exact', 'conjugate-gradient' or 'blocks'; it is 'broom'/,
    ],
    [
      'a sweep of another solver',
      { solver: 'sgd', sweep: 'blocks' },
      'invalid-argument',
      /sweep must be left out with the solver 'sgd', which does not read it \(read by 'als', 'implicit-als'\); it is 'blocks'/,
    ],
    [
      'factors of a baseline',
      { solver: 'bias', factors: 8 },
      'invalid-argument',
      /factors must be left out with the solver 'bias', .* \(read by 'variational', 'als', .*'bayesian', 'implicit-als', 'bpr'\); it is 8/,
    ],
    [
      'the old name of an option',
      { implicit: 'both' },
      'invalid-argument',
      /the option 'implicit' is now called 'implicitTerms'/,
    ],
    [
      'biases of a solver without',
      { solver: 'implicit-als', biases: true },
      'invalid-argument',
      /biases must be left out with the solver 'implicit-als', which does not read it \(read by 'als', .*\); it is true/,
    ],
    [
      'implicit terms of another solver',
      { implicitTerms: 'both' },
      'invalid-argument',
      /implicitTerms must be left out with the solver 'variational', .*\(read by 'bayesian'\); it is 'both'/,
    ],
    [
      'unknown implicit terms',
      { solver: 'bayesian', implicitTerms: 'all' },
      'invalid-argument',
      /implicitTerms must be 'none', 'user' or 'both'; it is 'all'/,
    ],
    [
      'samples of another solver',
      { samples: 8 },
      'invalid-argument',
      /samples must be left out with the solver 'variational', .*\(read by 'bayesian'\); it is 8/,
    ],
    [
      'no samples',
      { solver: 'bayesian', samples: 0 },
      'invalid-argument',
      /samples must be a whole number from 1 to 1024; it is 0/,
    ],
    [
      'no threads',
      { threads: 0 },
      'invalid-argument',
      /threads must be a whole number of at least 1, or 'auto'; it is 0/,
    ],
    [
      'a worker in Node',
      { worker: true },
      'unsupported',
      /worker must not be true here, where there are no Web Workers/,
    ],
    ['a worker that is no boolean', { worker: 'yes' }, 'invalid-argument', /worker must be true or false; it is 'yes'/],
    ['factors that are text', { factors: '16' }, 'invalid-argument', /factors must be a number; it is '16'/],
    ['no factors', { factors: 0 }, 'invalid-argument', /factors must be a whole number from 1 to 1024; it is 0/],
    [
      'half a factor',
      { factors: 2.5 },
      'invalid-argument',
      /factors must be a whole number from 1 to 1024; it is 2\.5/,
    ],
    [
      'a billion factors',
      { factors: 1e9 },
      'invalid-argument',
      /factors must be a whole number from 1 to 1024; it is 1000000000/,
    ],
    ['no epochs', { epochs: 0 }, 'invalid-argument', /epochs must be a whole number from 1 to 1000000; it is 0/],
    [
      'epochs that are NaN',
      { epochs: Number.NaN },
      'invalid-argument',
      /epochs must be a whole number from 1 to 1000000; it is NaN/,
    ],
    [
      'a negative regularization',
      { solver: 'als', regularization: -1 },
      'invalid-argument',
      /regularization must be a finite number above 0; it is -1/,
    ],
    [
      'an infinite regularization',
      { solver: 'als', regularization: Number.POSITIVE_INFINITY },
      'invalid-argument',
      /regularization must be a finite number above 0; it is Infinity/,
    ],
    [
      'a negative learning rate',
      { solver: 'sgd', learningRate: -1 },
      'invalid-argument',
      /learningRate must be a finite number above 0; it is -1/,
    ],
    [
      'a fractional seed',
      { seed: 0.5 },
      'invalid-argument',
      /seed must be a whole number from 0 to 9007199254740992; it is 0\.5/,
    ],
    [
      'biases that are a number',
      { solver: 'als', biases: 1 },
      'invalid-argument',
      /biases must be true or false; it is 1/,
    ],
    [
      'validation of nothing',
      { validation: 0 },
      'invalid-argument',
      /validation must be a number between 0 and 1.*; it is 0/,
    ],
    ['validation of all', { validation: 1 }, 'invalid-argument', /validation must be .*; it is 1/],
    ['validation with rows', { validation: [[1, 2, 3]] }, 'invalid-argument', /validation must be .*; it is an array/],
    ['patience alone', { patience: 3 }, 'invalid-argument', /patience needs a validation part/],
    ['onEpoch that is no function', { onEpoch: 'log' }, 'invalid-argument', /onEpoch must be a function; it is 'log'/],
    ['signal that is none', { signal: {} }, 'invalid-argument', /signal must be an AbortSignal; it is an object/],
  ];
  test.each(bad)('%s', async (_, options, code, message) => {
    const error = await failure(() => train(tiny, options as TrainOptions));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('ratings that are not Ratings', async () => {
    const error = await failure(() => train([[1, 2, 3]] as unknown as Ratings));
    expect(error).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/train: ratings must be Ratings, .*; it is an array/),
    });
  });
});

test('one rating is enough', async () => {
  const model: Model = await train(Ratings.from([['ann', 'alien', 4]]));
  expect(model.predict('ann', 'alien')).toBeCloseTo(4, 5);
  expect(model.recommend('ann')).toEqual([]);
});

describe('a snapshot', () => {
  test('is the model of the epochs done, and does not change the training', async () => {
    const options: TrainOptions = { epochs: 6, seed: 3 };
    const training = train(tiny, options);
    const seen: number[] = [];
    for await (const { epoch } of training) {
      if (epoch !== 2) continue;
      const [model, other] = await Promise.all([training.snapshot(), training.snapshot()]);
      const done = model.history.length;
      seen.push(done);
      const short = await train(tiny, { ...options, epochs: done });
      // The last epoch of als solves the users exactly; that of a snapshot is not its last.
      expect(model.itemFactors).toEqual(short.itemFactors);
      expect(model.recommend(1, { n: 3 })).toHaveLength(3);
      model.dispose();
      expect(other.itemFactors).toEqual(short.itemFactors);
    }
    expect(seen[0]).toBeGreaterThanOrEqual(2);
    expect((await training).itemFactors).toEqual((await train(tiny, options)).itemFactors);
  });

  test('waits for the first epoch', async () => {
    expect((await train(tiny, { epochs: 1000 }).snapshot()).history.length).toBeGreaterThanOrEqual(1);
  });

  test('is a model of its own after the end: disposing it leaves the model', async () => {
    const training = train(tiny, { epochs: 2 });
    const model = await training;
    const snapshot = await training.snapshot();
    expect(snapshot.save()).toEqual(model.save());
    snapshot.dispose();
    expect(model.recommend(model.users[0]!).length).toBeGreaterThan(0);
  });

  test('rejects if the training fails, or is cancelled before its first epoch', async () => {
    expect((await failure(() => train(tiny, { epochs: -1 }).snapshot())).code).toBe('invalid-argument');
    const training = train(sample, { factors: 256 });
    const snapshot = failure(() => training.snapshot());
    training.cancel();
    expect((await snapshot).code).toBe('aborted');
  });
});
