/** An option that the solver does not read is an error when the caller gives it, and only then. */
import {
  crossValidate,
  DEFAULTS,
  type FactorsOptions,
  Model,
  OPTIONS,
  type OptionName,
  Ratings,
  SOLVER_OPTIONS,
  SOLVERS,
  type Solver,
  search,
  type TrainOptions,
  train,
} from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { checksumOf } from '../../bindings/js/base/checksum.js';
import { decodeTensors, encodeTensors } from '../../bindings/js/base/safetensors.js';
import { failure } from './support/failure.js';

let ratings: Ratings;
beforeAll(async () => {
  ratings = await Ratings.sample('tiny');
});

const solvers = Object.keys(SOLVERS) as Solver[];
const names = Object.keys(OPTIONS) as OptionName[];
const reads = (solver: Solver, name: OptionName) => (SOLVER_OPTIONS[solver] as readonly string[]).includes(name);
const pairs = solvers.flatMap((solver) => names.map((name) => [solver, name] as const));

/** A value that a solver which reads the option takes. */
function someValueOf(name: OptionName): unknown {
  const defaults: readonly { readonly [name: string]: unknown }[] = Object.values(DEFAULTS);
  return defaults.find((each) => name in each && each[name] !== undefined)?.[name] ?? 0.5;
}

describe('train', () => {
  test.each(pairs.filter(([solver, name]) => !reads(solver, name)))('%s refuses %s', async (solver, name) => {
    const value = someValueOf(name);
    const error = await failure(() => train(ratings, { solver, [name]: value }));
    const readers = solvers.filter((each) => reads(each, name)).map((each) => `'${each}'`);
    const shown = typeof value === 'string' ? `'${value}'` : value;
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toBe(
      `${name} must be left out with the solver '${solver}', which does not read it (read by ${readers.join(', ')}); it is ${shown}`,
    );
  });

  test('every solver takes what every solver reads', async () => {
    for (const solver of solvers) {
      const model = await train(ratings, { solver, epochs: 1, seed: 2, threads: 1, patience: 1, validation: 0.2 });
      expect(model.options).toMatchObject({ solver, epochs: 1, seed: 2, patience: 1 });
    }
  });

  test('an option that is undefined is not given', async () => {
    const options = { epochs: 1, confidence: undefined, sweep: undefined } as unknown as TrainOptions;
    expect((await train(ratings, options)).solver).toBe('variational');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '3'])('%s is refused, too', async (confidence) => {
    const error = await failure(() => train(ratings, { confidence } as TrainOptions));
    expect(error.message).toMatch(
      /^confidence must be left out with the solver 'variational', .* \(read by 'implicit-als'\)/,
    );
  });

  test('the solver of ratings without values decides', async () => {
    const views = Ratings.from([...ratings].map(({ user, item }) => [user, item] as const));
    expect((await train(views, { confidence: 2, epochs: 1 })).options.confidence).toBe(2);
    expect((await failure(() => train(views, { biases: true }))).message).toMatch(/with the solver 'implicit-als'/);
  });

  test.each(solvers)('%s continues from a model, whose options are not given', async (solver) => {
    const model = await train(ratings, { solver, epochs: 1 });
    const more = await train(ratings, { warmStart: model, epochs: 1 });
    expect(more.history).toHaveLength(2);
    const [unread] = names.filter((name) => !reads(solver, name));
    const given = { warmStart: model, [unread!]: someValueOf(unread!) };
    expect((await failure(() => train(ratings, given))).message).toMatch(
      new RegExp(`^${unread} must be left out with the solver '${solver.replaceAll('+', '\\+')}'`),
    );
  });
});

test('crossValidate and search refuse them, and search only what no solver of the space reads', async () => {
  expect((await failure(() => crossValidate(ratings, { confidence: 5 }))).message).toMatch(
    /^confidence must be left out/,
  );
  expect((await failure(() => search(ratings, { confidence: [1, 2] }))).message).toMatch(
    /^search: the space has 1 for confidence: confidence must be left out with the solver 'variational', .*'implicit-als'\)/,
  );
  const space = { solver: ['als', 'bayesian'], samples: [2], epochs: 1 } as const;
  const { trials } = await search(ratings, space, { trials: 2, metric: 'rmse' });
  expect(trials.map(({ options }) => options.samples).toSorted()).toEqual([2, undefined]);
});

test('fromFactors refuses what the solver of the fold-in does not read', async () => {
  const factors: FactorsOptions = { itemFactors: [[1, 0]], items: ['a'], confidence: 2 };
  expect((await failure(() => Model.fromFactors(factors))).message).toMatch(
    /^confidence must be left out with the solver 'als', which does not read it \(read by 'implicit-als'\); it is 2$/,
  );
  const other = { itemFactors: [[1, 0]], items: ['a'], solver: 'nmf', biasRegularization: 2 } as const;
  expect((await failure(() => Model.fromFactors(other))).message).toMatch(/^biasRegularization must be left out/);
  expect((await Model.fromFactors({ ...factors, solver: 'implicit-als' })).options.confidence).toBe(2);
});

describe('a model file', () => {
  /** The file of a model with other options. */
  async function changed(solver: Solver, change: { [name: string]: unknown }) {
    const model = await train(ratings, { solver, epochs: 1 });
    const file = decodeTensors(model.save());
    file.metadata.options = JSON.stringify({ ...JSON.parse(file.metadata.options!), ...change });
    file.metadata.checksum = checksumOf(file);
    return encodeTensors(file);
  }

  test.each(solvers)('of %s loads with any numbers of options that it does not read', async (solver) => {
    const unread = names.filter((name) => !reads(solver, name) && OPTIONS[name].kind === 'real');
    const change = Object.fromEntries(
      unread.map((name) => [name, name === 'learningRateDecay' || name === 'discount' ? 0.25 : 123]),
    );
    const model = await Model.load(await changed(solver, change));
    expect(model.options).toMatchObject({ ...change, solver });
    expect((await train(ratings, { warmStart: model, epochs: 1 })).history).toHaveLength(2);
  });

  test('is refused with a number out of range', async () => {
    const error = await failure(async () => Model.load(await changed('als', { confidence: -1 })));
    expect(error.code).toBe('corrupt-model');
    expect(error.message).toMatch(/confidence must be a finite number above 0; it is -1/);
  });
});
