import {
  type CrossValidateOptions,
  CrossValidationCancelledError,
  crossValidate,
  evaluate,
  type FoldProgress,
  type FoldTrainOptions,
  type Metric,
  type Metrics,
  Ratings,
  train,
} from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { openRoom } from './support/page.js';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

/** MurmurHash3's finalizer with BigInt: slow and simple. */
function mix(x: number): number {
  let value = BigInt(x >>> 0);
  const turn = (shift: bigint, factor: bigint) => {
    value = ((value ^ (value >> shift)) * factor) % 2n ** 32n;
  };
  turn(16n, 0x85ebca6bn);
  turn(13n, 0xc2b2ae35n);
  return Number(value ^ (value >> 16n));
}

/** The folds as they are documented: dealt out in turn, then shuffled by Fisher and Yates. */
function foldsByHand(size: number, folds: number, seed: number): number[] {
  const fold = Array.from({ length: size }, (_, row) => row % folds);
  for (let row = size - 1; row > 0; row--) {
    const other = mix((row ^ mix(seed)) >>> 0) % (row + 1);
    const kept = fold[row]!;
    fold[row] = fold[other]!;
    fold[other] = kept;
  }
  return fold;
}

async function judgedByHand(options: FoldTrainOptions, folds: number, seed: number, k: number): Promise<Metrics[]> {
  const rows = [...ratings];
  const fold = foldsByHand(rows.length, folds, seed);
  const judged: Metrics[] = [];
  for (let at = 0; at < folds; at++) {
    const model = await train(Ratings.from(rows.filter((_, row) => fold[row] !== at)), options);
    judged.push(evaluate(model, Ratings.from(rows.filter((_, row) => fold[row] === at)), { k }));
  }
  return judged;
}

describe('cross-validation', () => {
  // Only the baseline without preference does not depend on the order of its users and items, which differs by hand.
  test.each([
    ['five folds', 5, 7, 5],
    ['two', 2, 1, 10],
    ['thirteen', 13, 2 ** 32 + 5, 3],
  ])('of %s has the figures of trainings and judgements by hand', async (_, folds, seed, k) => {
    const options = { solver: 'bias', regularization: 3, preference: false } as const;
    const found = await crossValidate(ratings, options, { folds, seed, k });
    const expected = await judgedByHand(options, folds, seed % 2 ** 32, k);
    const names = Object.keys(expected[0]!) as Metric[];
    expect(Object.keys(found.mean)).toEqual(names);
    for (const name of names) {
      const values = expected.map((fold) => fold[name]);
      for (const [at, fold] of found.folds.entries()) expect(fold[name], name).toBeCloseTo(values[at]!, 6);
      const mean = values.reduce((sum, value) => sum + value) / folds;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (folds - 1);
      expect(found.mean[name]).toBeCloseTo(mean, 6);
      expect(found.std[name]).toBeCloseTo(Math.sqrt(variance), 6);
    }
  });

  test('has five folds and computes only the metrics asked for', async () => {
    const { folds, mean, std } = await crossValidate(ratings, { factors: 2, epochs: 1 }, { metrics: ['rmse', 'ndcg'] });
    expect(folds).toHaveLength(5);
    for (const part of [...folds, mean, std]) expect(Object.keys(part)).toEqual(['rmse', 'ndcg']);
    expect(new Set(folds.map(({ rmse }) => rmse)).size).toBe(5);
    expect(std.rmse).toBeGreaterThan(0);
  });

  test('can leave one rating out at a time', async () => {
    const few = Ratings.from([
      ['a', 'x', 5],
      ['a', 'y', 1],
      ['b', 'x', 4],
      ['b', 'y', 2],
    ]);
    const { folds } = await crossValidate(few, { solver: 'bias' }, { folds: 4, metrics: ['mae', 'rmse'] });
    // For a single rating, both errors are its distance.
    for (const { mae, rmse } of folds) expect(rmse).toBeCloseTo(mae, 12);
  });

  test('evaluates a fold whose item is in no other', async () => {
    const rows: [string, string, number][] = [
      ['a', 'x', 5],
      ['a', 'y', 1],
      ['b', 'x', 4],
      ['b', 'only', 2],
    ];
    const { folds } = await crossValidate(Ratings.from(rows), { solver: 'bias' }, { folds: 4, metrics: ['rmse'] });
    expect(folds.every(({ rmse }) => Number.isFinite(rmse))).toBe(true);
  });

  test.each(['users', 'items'])('refuses ratings whose %s have one rating each', async (name) => {
    const rows = Array.from({ length: 30 }, (_, n): [string, string, number] =>
      name === 'users' ? [`u${n}`, `i${n % 3}`, 1 + (n % 5)] : [`u${n % 3}`, `i${n}`, 1 + (n % 5)],
    );
    const error = await failure(() => crossValidate(Ratings.from(rows), { epochs: 1 }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toBe(
      `crossValidate: ratings must have ${name} with several ratings; 30 ratings are of 30 ${name}`,
    );
  });

  test('is the same on two threads', async () => {
    const one = await crossValidate(ratings, { epochs: 2, threads: 1 }, { folds: 2 });
    expect(await crossValidate(ratings, { epochs: 2, threads: 2 }, { folds: 2 })).toEqual(one);
  });

  test('reports each epoch and each evaluated fold', async () => {
    const seen: FoldProgress[] = [];
    const onProgress = (progress: FoldProgress) => seen.push(progress);
    const { folds } = await crossValidate(ratings, { factors: 2, epochs: 2 }, { folds: 2, onProgress });
    expect(seen).toEqual(
      [1, 2].flatMap((fold) => [
        { fold, folds: 2, epoch: 1, epochs: 2 },
        { fold, folds: 2, epoch: 2, epochs: 2 },
        { fold, folds: 2, epoch: 2, epochs: 2, metrics: folds[fold - 1] },
      ]),
    );
  });

  test('an error of onProgress ends it', async () => {
    const onProgress = () => {
      throw new Error('enough');
    };
    await expect(crossValidate(ratings, {}, { onProgress })).rejects.toThrow('enough');
  });
});

describe('cancelled', () => {
  test('the error has the folds that were evaluated', async () => {
    const options = { factors: 4, epochs: 3 };
    const whole = await crossValidate(ratings, options);
    const stop = new AbortController();
    const onProgress = ({ fold, epoch }: FoldProgress) => fold === 3 && epoch === 2 && stop.abort('why not');
    const error = await failure(
      () => crossValidate(ratings, options, { signal: stop.signal, onProgress }),
      CrossValidationCancelledError,
    );
    expect(error).toMatchObject({ code: 'aborted', cause: 'why not' });
    expect(error.message).toMatch(/2 of 5 folds evaluated/);
    expect(error.folds).toEqual(whole.folds.slice(0, 2));
  });

  test('before the start, the error has no folds', async () => {
    const error = await failure(() => crossValidate(ratings, {}, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'aborted', folds: [] });
  });

  test.each([0, 30, 300, 1500])('after %i ms, it ends long before it would be complete', async (after) => {
    const many = await Ratings.sample('ml1m');
    // It does not converge.
    const endless = { solver: 'sgd', factors: 32, epochs: 10_000 } as const;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), after);
    const error = await failure(() => crossValidate(many, endless, { signal: stop.signal }));
    expect(error).toMatchObject({ code: 'aborted', folds: [] });
  });
});

test('in a page, the trainings run in workers, and the page stays responsive', async () => {
  const room = await openRoom();
  try {
    const found = await room.run<{ workers: number; ticks: number; rmse: number }>(`
      const ratings = await matfac.Ratings.sample('ml100k');
      let workers = 0;
      const Plain = Worker;
      globalThis.Worker = class extends Plain { constructor(...all) { super(...all); workers++; } };
      let ticks = 0;
      const timer = setInterval(() => ticks++, 4);
      const { mean } = await matfac.crossValidate(ratings, { epochs: 3 }, { folds: 3 });
      clearInterval(timer);
      return { workers, ticks, rmse: mean.rmse };
    `);
    expect(found.workers).toBe(3);
    expect(found.ticks).toBeGreaterThanOrEqual(3);
    const { mean } = await crossValidate(await Ratings.sample('ml100k'), { epochs: 3 }, { folds: 3 });
    expect(found.rmse).toBe(mean.rmse);
  } finally {
    await room.leave();
  }
});

const bad: [name: string, options: unknown, how: unknown, message: RegExp][] = [
  ['one fold', {}, { folds: 1 }, /folds must be a whole number from 2 to the number of ratings, \d+; it is 1/],
  ['more folds than ratings', {}, { folds: 1e6 }, /folds must be .*; it is 1000000/],
  ['half a fold', {}, { folds: 2.5 }, /folds must be .*; it is 2\.5/],
  ['a bad seed', {}, { seed: -1 }, /seed must be .*; it is -1/],
  ['a bad k', {}, { k: 0 }, /k must be .*; it is 0/],
  ['an unknown metric', {}, { metrics: ['rsme'] }, /did you mean 'rmse'/],
  ['another option', {}, { fold: 5 }, /crossValidate has no option 'fold': did you mean 'folds'/],
  ['a progress that is no function', {}, { onProgress: 1 }, /onProgress must be a function; it is 1/],
  ['a signal that is none', {}, { signal: {} }, /signal must be .*; it is an object/],
  ['a warm start', { warmStart: 1 }, {}, /warmStart must not be an option of its trainings: that model has learned/],
  ['onEpoch', { onEpoch: () => {} }, {}, /pass onProgress to crossValidate itself/],
  ['a bad option of the training', { factors: 0 }, {}, /factors must be a whole number from 1 to 1024; it is 0/],
];
test.each(bad)('refuses %s', async (_, options, how, message) => {
  const error = await failure(() => crossValidate(ratings, options as FoldTrainOptions, how as CrossValidateOptions));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(message);
});

test('refuses arguments that are not Ratings', async () => {
  const error = await failure(() => crossValidate([['a', 'x', 1]] as unknown as Ratings));
  expect(error.message).toMatch(/ratings must be Ratings; it is an array of length 1/);
});
