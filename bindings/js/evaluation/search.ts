import {
  defined,
  plainOptions,
  requireCount,
  requireFunction,
  requireInstance,
  requireSeed,
  requireShare,
  requireSignal,
} from '../base/checks.js';
import { invalid, MatfacError } from '../base/errors.js';
import { abortable, inTurns } from '../base/pause.js';
import { Told } from '../base/told.js';
import { loadCore } from '../core/load.js';
import { isImplicit } from '../core/options.js';
import { knownPairs } from '../ratings/known-pairs.js';
import { partOf, Ratings, tableOf } from '../ratings/ratings.js';
import { validationPart } from '../ratings/split.js';
import { TrainingCancelledError } from '../training/cancelled.js';
import type { TrainOptions } from '../training/train.js';
import { type Bench, Contender, compareScores, halve, roundsOf, type Trial, trainingsOf } from './halving.js';
import { ACCURACY, checkedEvaluateOptions, type EvaluateOptions, type Metric } from './metrics.js';
import { type CheckedSpace, checkSpace, drawTrials, type SearchSpace } from './search-space.js';

/** The error of a search that was cancelled; its code is `aborted`. */
export class SearchCancelledError extends MatfacError {
  /** The trials that were trained and evaluated, or failed, before. */
  readonly trials: readonly Trial[];
  /** The best options among them; undefined when no trial was evaluated. */
  readonly best: TrainOptions | undefined;

  /** Thrown by `search`. @internal */
  constructor(trials: readonly Trial[], drawn: number, best: TrainOptions | undefined, cause: unknown) {
    const message = `The search was cancelled with ${trials.length} of ${drawn} trials begun: error.trials`;
    super('aborted', message, { cause });
    this.trials = trials;
    this.best = best;
  }
}

/** The error of a search in which every trial failed; its code is that of the first failure. */
export class SearchFailedError extends MatfacError {
  /** All trials, each with its error. */
  readonly trials: readonly Trial[];

  /** Thrown by `search`. @internal */
  constructor(trials: readonly Trial[], first: MatfacError) {
    super(first.code, `search: every trial failed, the first with: ${first.message}`, { cause: first });
    this.trials = trials;
  }
}

/** The progress of a search. */
export interface SearchProgress {
  /** The trial that was just trained and evaluated, or failed. */
  trial: Trial;
  /** The number of trainings done. */
  done: number;
  /** The number of trainings in all, one per trial and round; failures reduce it. */
  total: number;
  /** The best so far. */
  best?: { options: TrainOptions; score: number };
}

/** How `search` tries options, and by which metric. */
export interface SearchOptions
  extends Pick<EvaluateOptions, 'k' | 'relevance'>,
    Pick<TrainOptions, 'threads' | 'worker' | 'validation'> {
  /** The metric to optimize; default `rmse`, or `ndcg` when a solver learns from implicit feedback. */
  metric?: Metric;
  /** The number of draws from the space; default 27. */
  trials?: number;
  /** After each round, one in this many trials continues, to this many times the epochs: at least 2; default 3. */
  reduction?: number;
  /** The seed of the draws and of the validation part; default 1. */
  seed?: number;
  /** Called after each training; an error that it throws ends the search. */
  onProgress?: (progress: SearchProgress) => void;
  /** Cancels within a tenth of a second; the promise then rejects with a `SearchCancelledError`. */
  signal?: AbortSignal;
}

/** The result of `search`. */
export interface SearchResult {
  /** The options with the best score, `epochs` included: ready for `train`. */
  best: TrainOptions;
  /** In the order of the draws. */
  trials: Trial[];
}

/**
 * Finds good options by random search with successive halving (Jamieson and Talwalkar 2016). All trials are trained for a few
 * epochs and evaluated on a validation part (`validation`: a share of the ratings, default 0.2, or other ratings); the best
 * third continues to three times the epochs, and so on, until the best trials have all their epochs. A training continues
 * where it stopped if `warmStart` can do so bit for bit, and otherwise starts over. The same seed and ratings give the same
 * result.
 * @throws MatfacError `invalid-argument` for a bad option or space; `SearchCancelledError`; `SearchFailedError` when every
 * trial fails.
 */
export async function search(ratings: Ratings, space: SearchSpace, given: SearchOptions = {}): Promise<SearchResult> {
  const options = checkedOptions(ratings, given);
  const { reduction = 3, seed = 1, onProgress, signal } = options;
  const checked = checkSpace(await loadCore(), space, ratings.implicit);
  const metric = metricFor(checked, ratings, options.metric);
  const contenders = drawTrials(checked, options.trials ?? 27, seed).map((drawn) => new Contender(drawn));
  const rounds = roundsOf(contenders, reduction);
  const best = () => bestOf(contenders, metric);
  const told = new Told(onProgress);
  let done = 0;
  const onTrial = ({ trial }: Contender) => {
    const total = trainingsOf(contenders.length, rounds);
    told.call({ trial: copyOf(trial), done: ++done, total, ...defined({ best: best() }) });
  };
  try {
    await halve(contenders, rounds, await benchOf(ratings, metric, options), onTrial);
    await told.end(signal);
  } catch (failure) {
    if (!(failure instanceof MatfacError && failure.code === 'aborted')) throw failure;
    if (failure instanceof TrainingCancelledError) failure.model?.dispose();
    throw new SearchCancelledError(begunIn(contenders), contenders.length, best()?.options, signal?.reason);
  } finally {
    for (const contender of contenders) contender.release();
  }
  const trials = contenders.map(({ trial }) => trial);
  const found = best();
  if (!found) throw new SearchFailedError(trials, trials[0]!.error!);
  return { best: found.options, trials };
}

/** The ratings to train on and those to evaluate on; a drawn validation part has no user or item that is unknown to the rest. */
async function benchOf(ratings: Ratings, metric: Metric, options: SearchOptions): Promise<Bench> {
  const { validation = 0.2, seed = 1, signal, threads, worker, k, relevance } = options;
  const how = { metric, evaluation: defined({ k, relevance }), training: defined({ threads, worker, signal }) };
  if (validation instanceof Ratings) {
    const known = knownPairs('search: validation', tableOf(validation), tableOf(ratings), 'the ratings');
    await inTurns(abortable(signal, known));
    return { rest: ratings, validation, ...how };
  }
  const marks = await inTurns(abortable(signal, validationPart(tableOf(ratings), validation as number, seed)));
  const held = await inTurns(abortable(signal, partOf(ratings, marks, 1)));
  if (!held)
    throw invalid(`search: validation must leave ratings to validate on; ${validation} of ${ratings.size} leaves none`);
  return { rest: (await inTurns(abortable(signal, partOf(ratings, marks, 0))))!, validation: held, ...how };
}

function bestOf(contenders: readonly Contender[], metric: Metric): SearchProgress['best'] {
  const all = contenders.flatMap(({ trial }) =>
    trial.scores.map(({ epochs, score }) => ({ options: { ...trial.options, epochs }, score })),
  );
  return all.sort((a, b) => compareScores(metric, a.score, b.score))[0];
}

function metricFor({ solvers }: CheckedSpace, ratings: Ratings, metric: Metric | undefined): Metric {
  const ranker = ratings.implicit ? solvers[0] : solvers.find(isImplicit);
  if (metric === undefined) return ranker ? 'ndcg' : 'rmse';
  if (!ranker || !ACCURACY.includes(metric)) return metric;
  const why = `solver '${ranker}' predicts no ratings`;
  throw invalid(`search: metric must be a ranking metric, such as 'ndcg', because ${why}; it is '${metric}'`);
}

function copyOf({ options, scores, ...rest }: Trial): Trial {
  return { options: { ...options }, scores: scores.map((score) => ({ ...score })), ...rest };
}

/** The trials that have a score or an error. */
function begunIn(contenders: readonly Contender[]): Trial[] {
  return contenders.map(({ trial }) => trial).filter(({ scores, error }) => scores.length > 0 || error);
}

function checkedOptions(ratings: Ratings, given: SearchOptions): SearchOptions {
  requireInstance('search: ratings', ratings, Ratings, 'Ratings');
  const own = ['metric', 'trials', 'reduction', 'seed', 'onProgress', 'signal'];
  const options = plainOptions('search', given, [...own, 'k', 'relevance', 'threads', 'worker', 'validation']);
  const { metric, trials = 27, reduction = 3, seed, k, relevance, validation = 0.2 } = options;
  checkedEvaluateOptions(defined({ metrics: metric === undefined ? undefined : [metric], k, relevance }));
  requireCount('search: trials', trials, 1, 100_000);
  requireCount('search: reduction', reduction, 2);
  requireSeed('search: seed', seed ?? 1);
  if (!(validation instanceof Ratings)) requireShare('search: validation', validation);
  requireFunction('search: onProgress', options.onProgress);
  requireSignal('search: signal', options.signal);
  return options;
}
