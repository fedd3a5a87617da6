import { checkNames, nearest, requireShare } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreOptions } from './core.js';

const RATING_SOLVERS = ['als', 'sgd', 'gradient-descent', 'svd++', 'nmf', 'bayesian', 'bias'] as const;
/** These learn from what was seen; a rating is a weight, and a score has no range. */
const IMPLICIT_SOLVERS = ['implicit-als', 'bpr', 'popularity'] as const;
const SOLVERS = [...RATING_SOLVERS, ...IMPLICIT_SOLVERS] as const;

/** How a model is learned; `src/solvers/` has the objective, the update and the reference of each. */
export type Solver = (typeof SOLVERS)[number];

/** After each epoch. */
export interface EpochReport {
  /** 1 for the first. */
  epoch: number;
  /** How many were asked for. */
  epochs: number;
  /** The solver's objective, regularization included. */
  loss: number;
  trainRmse?: number;
  /** When there is a validation part, of a solver that predicts ratings. */
  validationRmse?: number;
  /**
   * When there is a validation part, of a solver that learns from what was seen: NDCG of the first 10 of all items but
   * those trained on, every validation pair relevant (see `evaluate`). It costs users × items × factors an epoch.
   */
  validationNdcg?: number;
  /** Spent on learning since the training began, this epoch included; of a warm start, since that of its model began. */
  seconds: number;
  /** In this epoch. */
  ratingsPerSecond: number;
}

/** What the core learns by; what is left out takes the default of its solver. `R` are ratings, `M` a model. */
export interface TrainOptions<R = unknown, M = unknown> {
  /**
   * Default `als`, and `implicit-als` for ratings without values. `bias` (mean and biases) and `popularity` (an item's score
   * is how many rated it) are baselines to compare with.
   */
  solver?: Solver;
  /** How many numbers describe a user or an item. */
  factors?: number;
  epochs?: number;
  regularization?: number;
  /** implicit-als: the weight of an observed pair with rating 1, where every other pair has weight 1 at most. */
  confidence?: number;
  /**
   * als and implicit-als: how a row is solved, `exact`ly by Cholesky or improved by `conjugate-gradient` steps or `blocks`
   * of coordinates, which cost less with many factors. Default `auto`: by the number of factors. The users of the last
   * epoch are solved exactly in any case.
   */
  sweep?: 'auto' | 'exact' | 'conjugate-gradient' | 'blocks';
  /**
   * Of sgd, gradient-descent, svd++ and bpr. Default of gradient-descent: 1 / (2 σ), with the largest singular value σ of
   * the matrix of the ratings' absolute values.
   */
  learningRate?: number;
  /** The learning rate is multiplied by this after each epoch: above 0, at most 1. */
  learningRateDecay?: number;
  biases?: boolean;
  /**
   * bayesian: also learn from which items a user rated (`user`), and from which users rated an item too (`both`), whatever
   * the ratings were. Default `none`.
   */
  implicit?: 'none' | 'user' | 'both';
  /** bayesian: how many samples of the posterior the model keeps, 1 to 1,024; its size grows with them. */
  samples?: number;
  /** Of the biases alone; default: `regularization`. */
  biasRegularization?: number;
  /** sgd and svd++: the step of the biases, which does not decay; 0, the default of sgd: that of the factors. */
  biasLearningRate?: number;
  /** sgd: steps that shrink, row by row, with the gradients seen (Chin et al. 2015). */
  adaptive?: boolean;
  seed?: number;
  /**
   * A model to go on from, of the same solver, factors and biases: whom it knows starts from the vectors there, new users
   * and items as in any training. Other users and items of the model are left out. What is left out of the options is
   * taken from the model, all but `epochs`, which come on top of the model's own. With the same ratings that gives the model
   * of one long training, bit for bit, when the model comes from `train`, from `restore`, or from a file saved with
   * `state: true`; but a `bayesian` training that came to its end draws new samples, unless `samples` is 1.
   */
  warmStart?: M;
  /** About how long each user's and item's vector of factors is at the start. */
  initialScale?: number;
  /** A share of the ratings to hold out, or other ratings. */
  validation?: number | R;
  /**
   * Stop after so many epochs without a smaller validation RMSE (or, of solvers that learn from what was seen, a larger
   * validation NDCG), and keep the best epoch. Needs `validation`.
   */
  patience?: number;
  /**
   * How many to train on, where there are threads: in Node, and in pages that are cross-origin isolated; elsewhere one. The
   * model does not depend on it. `auto`, the default, takes all processors once there are 500,000 ratings.
   */
  threads?: number | 'auto';
  /** Train in a Web Worker: true in browsers by default; in Node, training is done in slices between other tasks. */
  worker?: boolean;
  /** Called with each report; what it throws ends the training. */
  onEpoch?: (report: EpochReport) => void;
  signal?: AbortSignal;
}

/** The options of the core, and their types. */
export const CORE_NAMES = {
  factors: 'number',
  epochs: 'number',
  regularization: 'number',
  learningRate: 'number',
  learningRateDecay: 'number',
  biases: 'boolean',
  biasRegularization: 'number',
  biasLearningRate: 'number',
  adaptive: 'boolean',
  seed: 'number',
  initialScale: 'number',
  confidence: 'number',
  implicit: 'string',
  samples: 'number',
  sweep: 'string',
  patience: 'number',
} as const;

const OWN_NAMES = ['solver', 'validation', 'warmStart', 'threads', 'worker', 'onEpoch', 'signal'];
const NAMES = [...Object.keys(CORE_NAMES), ...OWN_NAMES];

/** Checks names and types; the core checks ranges. Returns the core's part. */
export function coreOptionsOf(options: TrainOptions, implicit: boolean): CoreOptions {
  checkNames('train', options, NAMES);
  const core: CoreOptions = { solver: solverOf(options.solver, implicit) };
  for (const [name, type] of Object.entries(CORE_NAMES)) {
    const value = options[name as keyof typeof CORE_NAMES];
    if (value === undefined) continue;
    if (typeof value !== type) throw invalid(`${name} is ${show(value)}; it must be a ${type}`);
    Object.assign(core, { [name]: value });
  }
  checkOwn(options);
  return core;
}

/** Whether a solver learns from what was seen alone. */
export function isImplicit(solver: string): boolean {
  return IMPLICIT_SOLVERS.includes(solver as (typeof IMPLICIT_SOLVERS)[number]);
}

function solverOf(solver: unknown, implicit: boolean): Solver {
  if (solver === undefined) return implicit ? 'implicit-als' : 'als';
  const there = `there are: ${SOLVERS.join(', ')}`;
  if (SOLVERS.includes(solver as Solver)) {
    if (!implicit || isImplicit(solver as Solver)) return solver as Solver;
    const allowed = IMPLICIT_SOLVERS.join(', ').replace(/, ([^,]*)$/, ' and $1');
    throw invalid(
      `solver is '${solver}', which learns from rating values, and these ratings have none: ${allowed} fit`,
    );
  }
  const hint = typeof solver === 'string' ? ` (did you mean '${nearest(solver, SOLVERS)}'?)` : '';
  throw invalid(`solver is ${show(solver)}${hint}; ${there}`);
}

function checkOwn({ threads, worker, onEpoch, signal, validation, patience }: TrainOptions): void {
  const isCount = Number.isInteger(threads) && (threads as number) >= 1;
  if (threads !== undefined && threads !== 'auto' && !isCount) {
    throw invalid(`threads is ${show(threads)}; it must be a whole number from 1, or 'auto'`);
  }
  if (worker !== undefined && typeof worker !== 'boolean')
    throw invalid(`worker is ${show(worker)}; it must be a boolean`);
  if (onEpoch !== undefined && typeof onEpoch !== 'function') {
    throw invalid(`onEpoch is ${show(onEpoch)}; it must be a function`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid(`signal is ${show(signal)}; it must be an AbortSignal`);
  }
  if (typeof validation === 'number') requireShare('validation', validation);
  if (patience && validation === undefined) {
    throw invalid('patience needs a validation part to watch: pass validation too, say 0.1');
  }
}
