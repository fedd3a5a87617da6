import {
  checkNames,
  listed,
  mustBe,
  nearest,
  plainOptions,
  reading,
  requireBoolean,
  requireFunction,
  requireShare,
  requireSignal,
  requireThreads,
} from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import { OPTIONS, SOLVER_OPTIONS, SOLVERS, type SolverOptions } from './catalogue.js';
import type { CoreOptions } from './core.js';

/** How a model is learned; `src/solvers/` has the objective, the update and the reference of each. */
export type Solver = keyof typeof SOLVERS;

/** An option of the core, by name. */
export type OptionName = keyof typeof OPTIONS;

/** The options that a model was trained with, every default filled in. */
export interface ModelOptions extends Required<Omit<SolverOptions, 'threads'>> {
  solver: Solver;
}

/** After each epoch. */
export interface EpochReport {
  /** 1 for the first. */
  epoch: number;
  /** The number of epochs in all. */
  epochs: number;
  /** The solver's objective, regularization included; of ratings in units of a squared rating. */
  loss: number;
  trainRmse?: number;
  /** With a validation part, for a solver that predicts ratings. */
  validationRmse?: number;
  /**
   * With a validation part, for a solver of implicit feedback: NDCG of the first 10 of all items but
   * those trained on, every validation pair relevant (see `evaluate`). It costs users × items × factors per epoch.
   */
  validationNdcg?: number;
  /** Spent on learning since the training began, this epoch included; a warm start adds to the seconds of its model. */
  seconds: number;
  /** In this epoch. */
  ratingsPerSecond: number;
}

/**
 * The options of `train`; one that is left out has the default of its solver, and one that the solver does not read is an error.
 * `R` are ratings, `M` a model, `F` features.
 */
export interface TrainOptions<R = unknown, M = unknown, F = unknown> extends Omit<SolverOptions, 'threads'> {
  /**
   * Default `variational`, and `implicit-als` for ratings without values; `als` for stored ratings with values. `bias` (mean and biases) and `popularity` (an item's score
   * is how many rated it) are baselines to compare with.
   */
  solver?: Solver;
  /**
   * A model to continue from, of the same solver, factors and biases: the users and items that it knows start from their
   * vectors there, new ones as in any training. Other users and items of the model are left out, unless `keep` is true. Options
   * that are left out are taken from the model, except `epochs`, which come on top of the model's own. With the same ratings the result is the
   * model of one long training, bit for bit, when the model comes from `train`, from `restore`, or from a file saved with
   * `state: true`; but a `bayesian` training that came to its end draws new samples, unless `samples` is 1.
   */
  warmStart?: M;
  /**
   * With `warmStart`: keep what that model knows; default false. The users and items that the ratings lack stay, with their
   * vectors as they are, after those of the ratings; their predictions among themselves stay the same, bit for bit. The vector
   * of a user or an item of both is the mean of the old and the newly trained one, weighted by the ratings behind each, if the
   * model has its ratings, and else the newly trained one. What a user rated before counts as rated, too; a newer rating
   * replaces an older one. The mean stays that of `warmStart`, and the range is that of both. Few `epochs` keep the old and the
   * new vectors in one space. The model is continued without its `state`.
   */
  keep?: boolean;
  /**
   * Features of the users, and of the items, by id: what they tell of the vectors and biases is learned with these. Read by
   * `variational`, `als`, `implicit-als` and `bayesian`. Ids without features are allowed. With `warmStart` they must be given
   * again; features other than those of its training start anew.
   */
  userFeatures?: F;
  itemFeatures?: F;
  /** A share of the ratings to hold out (not of stored ratings), or other ratings, of users and items that the ratings have. */
  validation?: number | R;
  /**
   * How many threads to train on, where there are threads: in Node, and in pages that are cross-origin isolated; elsewhere
   * one, and one for stored ratings. The model does not depend on it. `auto`, the default, takes all processors from 500,000 ratings on.
   */
  threads?: number | 'auto';
  /** Train in a Web Worker: true in browsers by default; in Node, training is done in slices between other tasks. */
  worker?: boolean;
  /** Called with each report; what it throws ends the training. */
  onEpoch?: (report: EpochReport) => void;
  signal?: AbortSignal;
}

const SOLVER_NAMES = Object.keys(SOLVERS) as Solver[];
const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];
const OWN_NAMES = ['solver', 'userFeatures', 'itemFeatures', 'validation', 'warmStart', 'keep', 'worker', 'onEpoch'];
const NAMES = [...OPTION_NAMES, ...OWN_NAMES, 'signal'];

/** The names of options before 1.0, and their current names. */
const RENAMED: { [old: string]: OptionName } = { implicit: 'implicitTerms' };

/** Rejects names that are not options; the error for an old name says the current one. */
export function checkOptionNames(what: string, options: unknown, allowed: readonly string[]): void {
  reading(`The options of ${what}`, () => {
    for (const name of Object.keys(options ?? {})) {
      const now = RENAMED[name];
      if (now && Object.hasOwn(RENAMED, name)) throw invalid(`${what}: the option '${name}' is now called '${now}'`);
    }
    checkNames(what, options, allowed);
  });
}

/** The options of a caller, each read once, and checked by name. */
export function plainTrainOptions<O extends TrainOptions>(options: O): O {
  checkOptionNames('train', options, NAMES);
  return plainOptions('train', options, NAMES);
}

/** The options of a model file of any version, under their current names. */
export function renamedOptions(options: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [renamed(name), value]));
}

const renamed = (name: string) => (Object.hasOwn(RENAMED, name) ? RENAMED[name]! : name);

/** The type of an option's values in JavaScript. */
export function typeOfOption(name: OptionName): 'boolean' | 'string' | 'number' {
  const { kind } = OPTIONS[name];
  return kind === 'switch' ? 'boolean' : kind === 'choice' ? 'string' : 'number';
}

function valuesOfOption(name: OptionName): string {
  const option = OPTIONS[name];
  if (option.kind === 'choice') return listed(option.choices);
  return option.kind === 'switch' ? 'true or false' : 'a number';
}

/**
 * Checks names and types; the core checks ranges. Returns the core's part. `given` are those of the caller, which the solver
 * must read; others are of a model, which has a value for every option.
 */
export function coreOptionsOf(options: TrainOptions, implicit: boolean, given = options): CoreOptions {
  checkOptionNames('train', options, NAMES);
  const solver = solverOf(options.solver, implicit);
  requireRead(solver, given);
  const core: CoreOptions = { solver };
  for (const name of OPTION_NAMES) {
    const value = options[name];
    if (value === undefined || name === 'threads') continue;
    if (typeof value !== typeOfOption(name)) throw mustBe(name, valuesOfOption(name), value);
    Object.assign(core, { [name]: value });
  }
  checkOwn(options);
  return core;
}

/** Whether a solver learns from implicit feedback: a rating is a weight, and a score has no range. */
export function isImplicit(solver: string): boolean {
  return Object.hasOwn(SOLVERS, solver) && SOLVERS[solver as Solver].feedback === 'implicit';
}

/** Whether a solver reads an option. */
export function readsOption(solver: Solver, name: OptionName): boolean {
  return (SOLVER_OPTIONS[solver] as readonly OptionName[]).includes(name);
}

/** Refuses options that the solver does not read: "confidence must be left out …". */
export function requireRead(solver: Solver, given: { [name in OptionName]?: unknown }): void {
  const unread = OPTION_NAMES.find((name) => given[name] !== undefined && !readsOption(solver, name));
  if (unread === undefined) return;
  const readers = SOLVER_NAMES.filter((each) => readsOption(each, unread)).map(show);
  const why = `which does not read it (read by ${readers.join(', ')})`;
  throw mustBe(unread, `left out with the solver '${solver}', ${why}`, given[unread]);
}

function solverOf(solver: unknown, implicit: boolean): Solver {
  if (solver === undefined) return implicit ? 'implicit-als' : 'variational';
  const known = SOLVER_NAMES.find((name) => name === solver);
  if (known === undefined) {
    const hint = typeof solver === 'string' ? ` (did you mean '${nearest(solver, SOLVER_NAMES)}'?)` : '';
    throw invalid(`solver must be one of ${SOLVER_NAMES.join(', ')}; it is ${show(solver)}${hint}`);
  }
  if (!implicit || isImplicit(known)) return known;
  const allowed = SOLVER_NAMES.filter(isImplicit).join(', ');
  throw invalid(`solver must be one of ${allowed} for ratings without values; it is '${known}'`);
}

function checkOwn({ threads, worker, onEpoch, signal, validation, patience, keep, warmStart }: TrainOptions): void {
  requireThreads('threads', threads);
  requireBoolean('keep', keep);
  if (keep && warmStart === undefined) throw invalid('keep must be false without warmStart; it is true');
  requireBoolean('worker', worker);
  requireFunction('onEpoch', onEpoch);
  requireSignal('signal', signal);
  if (typeof validation === 'number') requireShare('validation', validation);
  if (patience && validation === undefined) {
    throw invalid('patience needs a validation part to watch: pass validation too, such as 0.1');
  }
}
