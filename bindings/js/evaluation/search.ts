import { checkNames, checkShare, defined } from '../base/checks.js';
import { invalid, MatfacError } from '../base/errors.js';
import { heeding, inTurns } from '../base/pause.js';
import { show } from '../base/show.js';
import { loadCore } from '../core/load.js';
import { isImplicit } from '../core/options.js';
import { partOf, Ratings, tableOf } from '../ratings/ratings.js';
import { checkSeed, validationPart } from '../ratings/split.js';
import { TrainingCancelledError } from '../training/cancelled.js';
import type { TrainOptions } from '../training/train.js';
import { checkProgress } from './cross-validate.js';
import { type Bench, Contender, compareScores, halve, roundsOf, type Trial, trainingsOf } from './halving.js';
import { ACCURACY, checkEvaluateOptions, type EvaluateOptions, type Metric } from './metrics.js';
import { type CheckedSpace, checkSpace, drawTrials, type SearchSpace } from './search-space.js';

/** The error of a search that was cancelled; its code is `aborted`. */
export class SearchCancelledError extends MatfacError {
  /** The trials that were trained and judged, or failed, before. */
  readonly trials: readonly Trial[];
  /** The best options among them; undefined when no trial was judged. */
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
  readonly trials: readonly Trial[];

  /** Thrown by `search`. @internal */
  constructor(trials: readonly Trial[], first: MatfacError) {
    super(first.code, `search: every trial failed, the first with: ${first.message}`, { cause: first });
    this.trials = trials;
  }
}

/** How far a search has come. */
export interface SearchProgress {
  /** The one that was trained and judged just now, or failed. */
  trial: Trial;
  /** How many trainings are done, of so many (a trial has one in each round); failures make them fewer. */
  done: number;
  total: number;
  /** The best so far. */
  best?: { options: TrainOptions; score: number };
}

/** How `search` tries options, and what it goes by. */
export interface SearchOptions
  extends Pick<EvaluateOptions, 'k' | 'relevance'>,
    Pick<TrainOptions, 'threads' | 'worker' | 'validation'> {
  /** What to be best in; default `rmse`, and `ndcg` where a solver learns from what was seen alone. */
  metric?: Metric;
  /** How many draws from the space; default 27. */
  trials?: number;
  /** After each round one in so many goes on, to so many times the epochs: a whole number from 2; default 3. */
  reduction?: number;
  /** Of the draws and of the validation part; default 1. */
  seed?: number;
  /** Called after each training; what it throws ends the search. */
  onProgress?: (progress: SearchProgress) => void;
  /** Stops it within a tenth of a second; the promise then rejects with `aborted`, with `error.trials` and `error.best`. */
  signal?: AbortSignal;
}

/** What `search` found. */
export interface SearchResult {
  /** The options with the best score of all, and the epochs that it took: for `train`, as they are. */
  best: TrainOptions;
  /** In the order in which they were drawn. */
  trials: Trial[];
}

/**
 * Finds good options by random search with successive halving (Jamieson and Talwalkar 2016). All trials are trained for a
 * few epochs and judged on a validation part (`validation`: a share of the ratings, default 0.2, or other ratings); the best
 * third goes on to three times the epochs, and so on, until the best have all of theirs. A training that `warmStart` takes
 * up bit for bit goes on from where it was, any other begins anew. The same seed and ratings give the same result.
 * @throws MatfacError `invalid-argument` for a bad option or a bad space; `aborted`; when every trial fails, what the first
 * failed with, and `error.trials`.
 */
export async function search(ratings: Ratings, space: SearchSpace, options: SearchOptions = {}): Promise<SearchResult> {
  checkOptions(ratings, options);
  const { reduction = 3, seed = 1, onProgress, signal } = options;
  const checked = checkSpace(await loadCore(), space, ratings.implicit);
  const metric = metricFor(checked, ratings, options.metric);
  const contenders = drawTrials(checked, options.trials ?? 27, seed).map((drawn) => new Contender(drawn));
  const rounds = roundsOf(contenders, reduction);
  const best = () => bestOf(contenders, metric);
  let done = 0;
  const onTrial = ({ trial }: Contender) => {
    const total = trainingsOf(contenders.length, rounds);
    onProgress?.({ trial: copyOf(trial), done: ++done, total, ...defined({ best: best() }) });
  };
  try {
    await halve(contenders, rounds, await benchOf(ratings, metric, options), onTrial);
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

/** The ratings to learn from and those to judge by; every user and item of the latter is known to the former. */
async function benchOf(ratings: Ratings, metric: Metric, options: SearchOptions): Promise<Bench> {
  const { validation = 0.2, seed = 1, signal, threads, worker, k, relevance } = options;
  const how = { metric, evaluation: defined({ k, relevance }), training: defined({ threads, worker, signal }) };
  if (validation instanceof Ratings) return { rest: ratings, validation, ...how };
  const marks = await inTurns(heeding(signal, validationPart(tableOf(ratings), validation as number, seed)));
  const held = await inTurns(heeding(signal, partOf(ratings, marks, 1)));
  if (!held) throw invalid(`search: validation: ${validation} of ${ratings.size} ratings leaves none to validate on`);
  return { rest: (await inTurns(heeding(signal, partOf(ratings, marks, 0))))!, validation: held, ...how };
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
  throw invalid(
    `search: metric is '${metric}', and ${why}; choose a metric of the ranking, say 'ndcg', or other solvers`,
  );
}

function copyOf({ options, scores, ...rest }: Trial): Trial {
  return { options: { ...options }, scores: scores.map((score) => ({ ...score })), ...rest };
}

/** The trials that have a score or an error. */
function begunIn(contenders: readonly Contender[]): Trial[] {
  return contenders.map(({ trial }) => trial).filter(({ scores, error }) => scores.length > 0 || error);
}

function checkOptions(ratings: Ratings, options: SearchOptions): void {
  if (!(ratings instanceof Ratings)) throw invalid(`search: ratings is ${show(ratings)}; it must be Ratings`);
  const own = ['metric', 'trials', 'reduction', 'seed', 'onProgress', 'signal'];
  checkNames('search', options, [...own, 'k', 'relevance', 'threads', 'worker', 'validation']);
  const { metric, trials = 27, reduction = 3, seed, k, relevance, validation = 0.2 } = options;
  checkEvaluateOptions(defined({ metrics: metric === undefined ? undefined : [metric], k, relevance }));
  if (!Number.isInteger(trials) || trials < 1 || trials > 100_000) {
    throw invalid(`search: trials is ${show(trials)}; it must be a whole number from 1 to 100,000`);
  }
  if (!Number.isInteger(reduction) || reduction < 2) {
    throw invalid(`search: reduction is ${show(reduction)}; it must be a whole number from 2`);
  }
  checkSeed(seed ?? 1);
  if (!(validation instanceof Ratings)) checkShare('search: validation', validation);
  checkProgress('search', options.onProgress, options.signal);
}
