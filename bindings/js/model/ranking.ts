import { checkNames } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreRanking, CoreRecommendTask } from '../core/core.js';
import type { Id, Ids } from '../ratings/ids.js';

/** Which items are recommended, and how many. */
export interface RecommendOptions {
  /** How many at most; default 10. */
  n?: number;
  /** Items not to recommend: those the user rated (default), none, or these. */
  exclude?: 'rated' | 'none' | readonly Id[];
  /** Recommend only of these items. */
  include?: readonly Id[];
  /**
   * 0 to 1, default 0: how much it counts that the items differ, by the cosine of their factors. Above 0 the list is chosen
   * item by item, each the one with the largest (1 − diversity) · score − diversity · (greatest cosine to those chosen),
   * with scores stretched from 0 to 1 (maximal marginal relevance, Carbonell and Goldstein 1998), among the best 10 n items
   * by score, at least 100. The list is in the order of choice, its best item first.
   */
  diversity?: number;
  /**
   * Look for the best by factors rounded to 8 bits, made at first use (a byte a factor of memory): in a fraction of the time
   * where there are very many items, and nearly always the same items. The best 2 n + 16 are then ranked by their own
   * scores. Default false; with `include` nothing is rounded.
   */
  approximate?: boolean;
}

/** An item and its score, which is a rating as predicted but not clipped. */
export interface Recommendation {
  item: Id;
  score: number;
}

/** How many to list. */
export function checkCount(what: string, n: unknown): number {
  if (Number.isInteger(n) && (n as number) >= 1) return n as number;
  throw invalid(`${what}: n is ${show(n)}; it must be a whole number of at least 1`);
}

const NAMES = ['n', 'exclude', 'include', 'diversity', 'approximate'];

/** What of the options is the same for every user. */
type CommonTask = Omit<CoreRecommendTask, 'excluded'> & { exclude: 'rated' | Int32Array };

/** Options as dense indices. Ids that the model does not know change nothing: they are not recommended anyway. */
export function recommendTask(
  what: string,
  options: RecommendOptions,
  items: Ids,
  others: readonly string[] = [],
): CommonTask {
  checkNames(what, options, [...NAMES, ...others]);
  const { n = 10, exclude = 'rated', include, diversity = 0, approximate = false } = options;
  const count = Math.min(checkCount(what, n), items.size);
  if (exclude !== 'rated' && exclude !== 'none' && !Array.isArray(exclude)) {
    throw invalid(`${what}: exclude is ${show(exclude)}; allowed are 'rated', 'none' and an array of item ids`);
  }
  if (include !== undefined && !Array.isArray(include)) {
    throw invalid(`${what}: include is ${show(include)}; it must be an array of item ids`);
  }
  if (typeof diversity !== 'number' || !(diversity >= 0 && diversity <= 1)) {
    throw invalid(`${what}: diversity is ${show(diversity)}; it must be a number from 0 to 1`);
  }
  if (typeof approximate !== 'boolean') {
    throw invalid(`${what}: approximate is ${show(approximate)}; it must be a boolean`);
  }
  const known = (ids: readonly Id[]) => items.findAll(ids).filter((index) => index >= 0);
  return {
    n: count,
    exclude: exclude === 'rated' ? exclude : known(exclude === 'none' ? [] : exclude),
    included: include ? known(include) : null,
    diversity,
    approximate,
  };
}

/** The task of one user, or of users who all leave out the same. */
export function withExcluded({ exclude, ...task }: CommonTask, rated: () => Int32Array): CoreRecommendTask {
  return { ...task, excluded: exclude === 'rated' ? rated() : exclude };
}

export function recommendationsOf(ranking: CoreRanking, items: Ids): Recommendation[] {
  return Array.from(ranking.items, (index, rank) => ({ item: items.at(index), score: ranking.scores[rank]! }));
}

/** What one rating adds to the score of an item. */
export interface Contribution {
  item: Id;
  rating: number;
  contribution: number;
}

/** The n that matter most, for or against. */
export function contributionsOf(
  rated: { items: Int32Array; values: Float32Array },
  contributions: Float32Array,
  items: Ids,
  n: number,
): Contribution[] {
  const all = Array.from(contributions, (contribution, index) => ({
    item: items.at(rated.items[index]!),
    rating: rated.values[index]!,
    contribution,
  }));
  return all.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, n);
}
