import { invalid } from '../base/errors.js';
import type { CoreRankingTask } from '../core/core.js';
import { isImplicit } from '../core/options.js';
import { coreOf, type Model } from '../model/model.js';
import type { RatingsByUser } from '../ratings/by-user.js';
import { reindexed, SLICE_ROWS } from '../ratings/columns.js';
import { type Ratings, tableOf } from '../ratings/ratings.js';
import type { EvaluateOptions } from './metrics.js';

/** Pairs of dense indices of the model, −1 for what it does not know. */
interface Pairs {
  users: Int32Array;
  items: Int32Array;
}

/** What `evaluate` was asked, of the ranking. */
export interface RankingAsked {
  model: Model;
  pairs: Pairs & { values: Float32Array };
  /** The test ratings have no values. */
  implicit: boolean;
  options: EvaluateOptions;
}

/** @throws MatfacError `invalid-argument` for `novelty` asked for without knowing how often items were rated. */
export function* rankingTask(asked: RankingAsked): Generator<void, Omit<CoreRankingTask, 'threads'>> {
  const { pairs, options, model } = asked;
  const { metrics, k = 10, exclude = 'rated' } = options;
  const excluded = yield* excludedPairs(model, exclude);
  const wanted = (metric: 'auc' | 'diversity' | 'novelty') => !metrics || metrics.includes(metric);
  const known = exclude === 'none' ? yield* excludedPairs(model, 'rated') : excluded;
  if (metrics?.includes('novelty') && known.raters === 0) {
    const why = 'which needs to know how often each item was rated';
    throw invalid(`evaluate: metrics has 'novelty', ${why}: pass the ratings that the model learned from as exclude`);
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
    if (implicit) throw invalid('evaluate: relevance needs rating values, and the test ratings have none');
    return options.relevance;
  }
  return implicit || isImplicit(model.solver) ? null : model.mean;
}

/** Pairs of users who have rated, and how many of those there are. */
type Excluded = Pairs & { raters: number };

function* excludedPairs(model: Model, exclude: Ratings | 'rated' | 'none'): Generator<void, Excluded> {
  if (exclude === 'none') return { users: new Int32Array(), items: new Int32Array(), raters: 0 };
  if (exclude === 'rated') return ratedPairs(coreOf(model).rated);
  return { ...(yield* pairsIn(model, exclude)), raters: exclude.userCount };
}

/** Ratings by the dense indices of the model. */
export function* pairsIn(model: Model, ratings: Ratings): Generator<void, Pairs> {
  const core = coreOf(model);
  const { columns, users, items } = tableOf(ratings);
  return {
    users: yield* reindexed(columns.users, yield* core.users.indicesOf(users)),
    items: yield* reindexed(columns.items, yield* core.items.indicesOf(items)),
  };
}

/** What the model learned from; nothing in one that was saved without its ratings. */
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
