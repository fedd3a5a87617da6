import { invalid } from '../base/errors.js';
import type { CoreRankingTask } from '../core/core.js';
import { isImplicit } from '../core/options.js';
import { coreOf, type Model } from '../model/model.js';
import type { RatingsByUser } from '../ratings/by-user.js';
import { SLICE_ROWS } from '../ratings/columns.js';
import { knownPairs, type Pairs } from '../ratings/known-pairs.js';
import { type Ratings, tableOf } from '../ratings/ratings.js';
import type { EvaluateOptions } from './metrics.js';

/** The part of a call of `evaluate` that concerns the ranking. */
export interface RankingAsked {
  model: Model;
  pairs: Pairs & { values: Float32Array };
  /** Whether the test ratings have no values. */
  implicit: boolean;
  options: EvaluateOptions;
}

/** @throws MatfacError `invalid-argument` when `novelty` is requested and the rating counts of the items are unknown. */
export function* rankingTask(asked: RankingAsked): Generator<void, Omit<CoreRankingTask, 'threads'>> {
  const { pairs, options, model } = asked;
  const { metrics, k = 10, exclude = 'rated' } = options;
  const excluded = yield* excludedPairs(model, exclude);
  const wanted = (metric: 'auc' | 'diversity' | 'novelty') => !metrics || metrics.includes(metric);
  const known = exclude === 'none' ? yield* excludedPairs(model, 'rated') : excluded;
  if (metrics?.includes('novelty') && known.raters === 0) {
    const why = 'because novelty needs the rating counts of the items';
    throw invalid(`evaluate: exclude must be the ratings that the model learned from, ${why}`);
  }
  return {
    ...pairs,
    relevance: relevanceOf(asked),
    excludedUsers: excluded.users,
    excludedItems: excluded.items,
    k,
    auc: wanted('auc'),
    diversity: wanted('diversity'),
    ratingCounts: wanted('novelty') && known.raters > 0 ? yield* countsOf(known.items, coreOf(model).items.size) : null,
    raters: known.raters,
  };
}

function relevanceOf({ model, implicit, options }: RankingAsked): number | null {
  if (options.relevance !== undefined) {
    if (implicit) throw invalid('evaluate: relevance must be left out for test ratings without values');
    return options.relevance;
  }
  return implicit || isImplicit(model.solver) ? null : model.mean;
}

/** Rated pairs, and the number of users who rated. */
type Excluded = Pairs & { raters: number };

function* excludedPairs(model: Model, exclude: Ratings | 'rated' | 'none'): Generator<void, Excluded> {
  if (exclude === 'none') return { users: new Int32Array(), items: new Int32Array(), raters: 0 };
  if (exclude === 'rated') return ratedPairs(coreOf(model).rated);
  const pairs = yield* knownPairs('evaluate: exclude', tableOf(exclude), coreOf(model));
  return { ...pairs, raters: exclude.userCount };
}

/** The pairs that the model learned from; none in a model saved without its ratings. */
function ratedPairs(rated: RatingsByUser | null): Excluded {
  if (!rated) return { users: new Int32Array(), items: new Int32Array(), raters: 0 };
  const users = new Int32Array(rated.items.length);
  for (let user = 0; user + 1 < rated.offsets.length; user++) {
    users.fill(user, rated.offsets[user]!, rated.offsets[user + 1]!);
  }
  return { users, items: rated.items, raters: rated.offsets.length - 1 };
}

function* countsOf(items: Int32Array, itemCount: number): Generator<void, Int32Array> {
  const counts = new Int32Array(itemCount);
  for (let row = 0; row < items.length; row++) {
    if (row % SLICE_ROWS === 0) yield;
    const item = items[row]!;
    if (item >= 0) counts[item]!++;
  }
  return counts;
}
