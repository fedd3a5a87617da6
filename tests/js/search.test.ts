import {
  evaluate,
  Ratings,
  SearchCancelledError,
  SearchFailedError,
  type SearchOptions,
  type SearchProgress,
  type SearchSpace,
  type Solver,
  search,
  type TrainOptions,
  train,
} from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

/** Ratings from this number of planted factors and some noise, three in ten observed. */
function planted(factors: number, noise: number): Ratings {
  // Park and Miller's generator.
  let state = 7;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const matrix = (rows: number) => Array.from({ length: rows }, () => Array.from({ length: factors }, normal));
  const [users, items] = [matrix(150), matrix(100)];
  const rows: [number, number, number][] = [];
  for (const [user, left] of users.entries()) {
    for (const [item, right] of items.entries()) {
      if (uniform() < 0.7) continue;
      rows.push([user, item, left.reduce((sum, value, f) => sum + value * right[f]!, 0) + noise * normal()]);
    }
  }
  return Ratings.from(rows);
}

describe('on planted data', () => {
  test('it finds the planted number of factors and a regularization near the best', async () => {
    const data = planted(3, 0.3);
    // In 2 epochs, the first round of 20, too little of the planted factors shows to choose their number.
    const space = { solver: 'als', factors: [1, 2, 3], regularization: { log: [1e-3, 1e3] }, epochs: 150 } as const;
    const { best, trials } = await search(data, space, { trials: 40 });
    expect(best.factors).toBe(3);
    expect(trials).toHaveLength(40);
    // Slow and simple: every regularization on a grid, on a separate part.
    const { train: rest, test: held } = data.split({ seed: 99 });
    const error = async (options: TrainOptions) => evaluate(await train(rest, options), held).rmse;
    const errors = [];
    for (let power = -3; power <= 3; power += 0.5) {
      errors.push(await error({ solver: 'als', factors: 3, regularization: 10 ** power, epochs: 20 }));
    }
    expect(await error(best)).toBeLessThan(1.15 * Math.min(...errors));
    expect(Math.max(...errors)).toBeGreaterThan(2 * Math.min(...errors));
  });
});

describe('successive halving', () => {
  const space: SearchSpace = { solver: 'als', factors: [2, 4, 6], regularization: { log: [0.1, 10] }, epochs: 9 };

  test('gives the best third of the trials three times the epochs, round by round', async () => {
    const seen: SearchProgress[] = [];
    const { best, trials } = await search(ratings, space, { trials: 9, onProgress: (progress) => seen.push(progress) });
    const rounds = [1, 3, 9].map((epochs) =>
      trials.flatMap((trial) => trial.scores.filter((entry) => entry.epochs === epochs).map(({ score }) => score)),
    );
    expect(rounds.map(({ length }) => length)).toEqual([9, 3, 1]);
    const scoresAt = (epochs: number, more: boolean) =>
      trials
        .filter(({ scores }) => more === scores.some((entry) => entry.epochs > epochs))
        .flatMap(({ scores }) => scores.filter((entry) => entry.epochs === epochs).map(({ score }) => score));
    for (const epochs of [1, 3])
      expect(Math.max(...scoresAt(epochs, true))).toBeLessThanOrEqual(Math.min(...scoresAt(epochs, false)));
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([13]));
    const least = Math.min(...rounds.flat());
    expect(seen.at(-1)!.best).toEqual({ options: best, score: least });
    expect(trials.map(({ options }) => options)).toContainEqual({ ...best, epochs: 9 });
  });

  const solvers: Solver[] = [
    'variational',
    'als',
    'sgd',
    'nmf',
    'gradient-descent',
    'svd++',
    'bayesian',
    'implicit-als',
    'bpr',
    'bias',
  ];
  test.each(solvers)('%s: continued or started again, the score is that of one long training', async (solver) => {
    const { train: rest, test: validation } = ratings.split();
    const ranks = solver === 'implicit-als' || solver === 'bpr';
    const metric = ranks ? 'ndcg' : 'rmse';
    const factors = solver === 'bias' ? {} : { factors: [3, 20] };
    const tuned = { solver, epochs: 6, seed: [3, 4, 5, 6], ...factors };
    const { trials } = await search(rest, tuned, { trials: 4, reduction: 2, validation });
    for (const { options, scores } of trials) {
      for (const { epochs, score } of scores) {
        const model = await train(rest, { ...options, epochs });
        expect(score).toBe(evaluate(model, validation, { metrics: [metric] })[metric]);
      }
    }
    expect(Math.max(...trials.map(({ scores }) => scores.length))).toBe(3);
  });

  test('is the same again, also on other threads, and differs with another seed', async () => {
    const first = await search(ratings, space, { trials: 5, threads: 1 });
    expect(await search(ratings, space, { trials: 5, threads: 2 })).toEqual(first);
    const other = await search(ratings, space, { trials: 5, seed: 2 });
    expect(other.trials.map(({ options }) => options)).not.toEqual(first.trials.map(({ options }) => options));
  });
});

describe('the space', () => {
  test('gives numbers between its ends, whole ones for whole options', async () => {
    const space: SearchSpace = {
      solver: ['sgd', 'als'],
      factors: { log: [2, 8] },
      learningRate: { linear: [0.001, 0.02] },
      regularization: { log: [0.01, 1] },
      epochs: 1,
      seed: 5,
    };
    const { trials } = await search(ratings, space, { trials: 40 });
    expect(trials).toHaveLength(40);
    for (const { options } of trials) {
      expect([2, 3, 4, 5, 6, 7, 8]).toContain(options.factors);
      expect(options).toMatchObject({ epochs: 1, seed: 5 });
      // als does not read it.
      expect('learningRate' in options).toBe(options.solver === 'sgd');
    }
    const rates = trials.flatMap(({ options }) => options.learningRate ?? []);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.001);
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.02);
    expect(new Set(trials.map(({ options }) => options.solver))).toEqual(new Set(['sgd', 'als']));
    // Half of the logarithms lie below the geometric mean: 20 of 40, give or take 3 standard deviations.
    const low = trials.filter(({ options }) => options.regularization! < 0.1).length;
    expect(Math.abs(low - 20)).toBeLessThan(10);
  });

  test('with fewer combinations than trials is tried completely, each combination once', async () => {
    const { trials } = await search(
      ratings,
      { solver: 'als', factors: [2, 3], regularization: [0.1, 1, 10] },
      { trials: 20 },
    );
    expect(trials.map(({ options }) => `${options.factors} ${options.regularization}`).sort()).toEqual([
      '2 0.1',
      '2 1',
      '2 10',
      '3 0.1',
      '3 1',
      '3 10',
    ]);
  });

  test('leaves out what a solver does not read', async () => {
    const space: SearchSpace = { solver: ['als', 'bias', 'nmf'], factors: [2, 3], biases: [true, false], epochs: 1 };
    const { trials } = await search(ratings, space, { trials: 60 });
    expect(trials.filter(({ error }) => error)).toEqual([]);
    const of = (solver: string) =>
      trials.filter(({ options }) => options.solver === solver).map(({ options }) => options);
    expect(of('bias')).toEqual([{ solver: 'bias', epochs: 1 }]);
    expect(of('nmf')).toHaveLength(2);
    expect(of('nmf')).toEqual(expect.arrayContaining([2, 3].map((factors) => ({ solver: 'nmf', epochs: 1, factors }))));
    expect(of('als')).toHaveLength(4);
  });

  test('for ratings without values is evaluated by NDCG, with solvers that take them', async () => {
    const seen = Ratings.from([...ratings].map(({ user, item }) => [user, item] as [number, number]));
    const { best, trials } = await search(seen, { factors: [2, 8], epochs: 2 }, { trials: 2 });
    expect(best.solver).toBe('implicit-als');
    const scores = trials.flatMap((trial) => trial.scores.map(({ score }) => score));
    expect(Math.max(...scores)).toBe(
      trials.find(({ options }) => options.factors === best.factors)!.scores.at(-1)!.score,
    );
    const error = await failure(() => search(seen, { solver: 'als' }));
    expect(error.message).toMatch(/one of implicit-als, bpr, popularity for ratings without values; it is/);
  });
});

describe('a trial that fails', () => {
  test('has its error, and the others continue', async () => {
    const space: SearchSpace = { solver: 'sgd', learningRate: [0.01, 1e6], factors: [2, 3], epochs: 3 };
    const { best, trials } = await search(ratings, space, { trials: 4 });
    expect(best.learningRate).toBe(0.01);
    const failed = trials.filter(({ error }) => error);
    expect(failed.map(({ options }) => options.learningRate)).toEqual([1e6, 1e6]);
    for (const { error, scores } of failed) {
      expect(error!.message).toMatch(/diverge/);
      expect(scores).toEqual([]);
    }
  });

  test('like all others is the error of the search', async () => {
    const error = await failure(() => search(ratings, { solver: 'sgd', learningRate: [1e6, 1e7] }), SearchFailedError);
    expect(error.message).toMatch(/every trial failed, the first with: .*diverge/);
    expect(error.trials).toHaveLength(2);
  });
});

describe('cancelled', () => {
  test('the error has the trials so far and the best of them', async () => {
    const space: SearchSpace = { factors: [2, 3, 4, 5, 6, 7] };
    const whole = await search(ratings, space, { trials: 6 });
    expect(new Set(whole.trials.map(({ options }) => options.solver))).toEqual(new Set(['variational']));
    const stop = new AbortController();
    const onProgress = ({ done }: SearchProgress) => done === 2 && stop.abort('enough');
    const error = await failure(
      () => search(ratings, space, { trials: 6, onProgress, signal: stop.signal }),
      SearchCancelledError,
    );
    expect(error).toMatchObject({ code: 'aborted', cause: 'enough' });
    expect(error.trials.map(({ options }) => options)).toEqual(whole.trials.slice(0, 2).map(({ options }) => options));
    const scores = error.trials.map((trial) => trial.scores[0]!.score);
    expect(error.best!.factors).toBe(error.trials[scores.indexOf(Math.min(...scores))]!.options.factors);
  });

  test.each([0, 200, 1200])('after %i ms, it ends long before it would be complete', async (after) => {
    const many = await Ratings.sample('ml1m');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), after);
    // It does not converge.
    const endless = { solver: 'sgd', factors: [32, 64], epochs: 10_000 } as const;
    const error = await failure(() => search(many, endless, { signal: stop.signal }));
    expect(error.code).toBe('aborted');
  });
});

const bad: [name: string, space: unknown, options: unknown, message: RegExp][] = [
  ['an empty space', {}, {}, /the space is empty; give options of train/],
  [
    'an unknown option in it',
    { factor: [1] },
    {},
    /the space of search has no option 'factor': did you mean 'factors'/,
  ],
  ['no choice', { factors: [] }, {}, /no choice for factors/],
  [
    'a choice out of range',
    { factors: [4, 0] },
    {},
    /has 0 for factors: factors must be a whole number from 1 to 1024; it is 0/,
  ],
  [
    'a choice of another type',
    { solver: 'als', biases: ['yes'] },
    {},
    /has 'yes' for biases: biases must be true or false; it is 'yes'/,
  ],
  ['an unknown solver', { solver: ['als', 'asl'] }, {}, /did you mean 'als'/],
  [
    'an option that no solver reads',
    { solver: ['nmf', 'als'], samples: [2] },
    {},
    /has 2 for samples: samples must be left out with the solver 'nmf', .* \(read by 'bayesian'\); it is 2/,
  ],
  ['the old name of an option', { implicit: ['user'] }, {}, /the option 'implicit' is now called 'implicitTerms'/],
  ['a logarithm of 0', { regularization: { log: [0, 1] } }, {}, /\{log: \[0, 1\]\} for regularization; .* above 0/],
  ['ends the wrong way round', { factors: { linear: [9, 3] } }, {}, /\{linear: \[9, 3\]\} for factors/],
  ['an end out of range', { factors: { linear: [0, 3] } }, {}, /has 0 for factors/],
  ['another kind of range', { factors: { square: [1, 3] } }, {}, /for factors; allowed are an array of choices/],
  ['a range of what is no number', { solver: { linear: [1, 3] } }, {}, /for solver; allowed are an array of choices/],
  ['no trials', { factors: [2] }, { trials: 0 }, /trials must be .*; it is 0/],
  ['a reduction of 1', { factors: [2] }, { reduction: 1 }, /reduction must be .*; it is 1/],
  ['a bad seed', { factors: [2] }, { seed: 'x' }, /seed must be .*; it is 'x'/],
  ['a bad share', { factors: [2] }, { validation: 1 }, /search: validation must be .*; it is 1/],
  [
    'too small a share',
    { factors: [2] },
    { validation: 1e-9 },
    /validation must leave ratings to validate on; .* leaves none/,
  ],
  ['an unknown metric', { factors: [2] }, { metric: 'rsme' }, /did you mean 'rmse'/],
  [
    'errors of what predicts none',
    { solver: 'bpr' },
    { metric: 'mae' },
    /metric must be a ranking metric, .* solver 'bpr' predicts no ratings; it is 'mae'/,
  ],
  ['another option', { factors: [2] }, { tries: 3 }, /search has no option 'tries'/],
];
test.each(bad)('refuses %s', async (_, space, options, message) => {
  const error = await failure(() => search(ratings, space as SearchSpace, options as SearchOptions));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(message);
});
