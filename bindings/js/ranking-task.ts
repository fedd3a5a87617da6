import type { CoreRankingTask } from './core.js';
import { invalid } from './errors.js';
import type { EvaluateOptions } from './metrics.js';
import { coreOf, type Model } from './model.js';
import { isImplicit } from './options.js';
import type { Rated } from './rated.js';
import { type Ratings, tableOf } from './ratings.js';

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
export function rankingTask(asked: RankingAsked): Omit<CoreRankingTask, 'threads'> {
  const { pairs, options, model } = asked;
  const { metrics, k = 10, exclude = 'rated' } = options;
  const excluded = excludedPairs(model, exclude);
  const wanted = (metric: 'auc' | 'diversity' | 'novelty') => !metrics || metrics.includes(metric);
  const known = exclude === 'none' ? excludedPairs(model, 'rated') : excluded;
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
    ratingCounts: wanted('novelty') && known.raters > 0 ? countsOf(known.items, coreOf(model).items.size) : null,
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

function excludedPairs(model: Model, exclude: Ratings | 'rated' | 'none'): Excluded {
  if (exclude === 'none') return { users: new Int32Array(), items: new Int32Array(), raters: 0 };
  const core = coreOf(model);
  if (exclude === 'rated') return ratedPairs(core.rated);
  const { columns, users, items } = tableOf(exclude);
  const userIndex = core.users.findAll(users.list);
  const itemIndex = core.items.findAll(items.list);
  return {
    users: columns.users.map((user) => userIndex[user]!),
    items: columns.items.map((item) => itemIndex[item]!),
    raters: users.size,
  };
}

/** What the model learned from; nothing in one that was saved without its ratings. */
function ratedPairs(rated: Rated | null): Excluded {
  if (!rated) return { users: new Int32Array(), items: new Int32Array(), raters: 0 };
  const users = new Int32Array(rated.items.length);
  for (let user = 0; user + 1 < rated.offsets.length; user++) {
    users.fill(user, rated.offsets[user]!, rated.offsets[user + 1]!);
  }
  return { users, items: rated.items, raters: rated.offsets.length - 1 };
}

function countsOf(items: Int32Array, itemCount: number): Int32Array {
  const counts = new Int32Array(itemCount);
  for (const item of items) if (item >= 0) counts[item]!++;
  return counts;
}
