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
import { type Bench, Contender, compareScores, halve, roundsOf, type Trial, trainingsOf } from './halving.js';
import { ACCURACY, checkedEvaluateOptions, type Metric } from './metrics.js';
import {
  SearchCancelledError,
  SearchFailedError,
  type SearchOptions,
  type SearchProgress,
  type SearchResult,
} from './search-options.js';
import { type CheckedSpace, checkSpace, drawTrials, type SearchSpace } from './search-space.js';

/** See `search`. */
export async function runSearch(
  ratings: Ratings,
  space: SearchSpace,
  given: SearchOptions = {},
): Promise<SearchResult> {
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
