import type { CoreRanking } from './core.js';
import { invalid } from './errors.js';
import { type Id, type Ids, show } from './ids.js';
import { checkNames } from './names.js';

export interface RecommendOptions {
  /** How many at most; default 10. */
  n?: number;
  /** Items not to recommend: those the user rated (default), none, or these. */
  exclude?: 'rated' | 'none' | readonly Id[];
  /** Recommend only of these items. */
  include?: readonly Id[];
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

/** Options as dense indices. Ids that the model does not know change nothing: they are not recommended anyway. */
export function rankingOf(options: RecommendOptions, items: Ids, rated: () => Int32Array) {
  checkNames('recommend', options, ['n', 'exclude', 'include']);
  const { n = 10, exclude = 'rated', include } = options;
  const count = Math.min(checkCount('recommend', n), items.size);
  if (exclude !== 'rated' && exclude !== 'none' && !Array.isArray(exclude)) {
    throw invalid(`recommend: exclude is ${show(exclude)}; allowed are 'rated', 'none' and an array of item ids`);
  }
  if (include !== undefined && !Array.isArray(include)) {
    throw invalid(`recommend: include is ${show(include)}; it must be an array of item ids`);
  }
  const known = (ids: readonly Id[]) => items.findAll(ids).filter((index) => index >= 0);
  const excluded = exclude === 'rated' ? rated() : exclude === 'none' ? new Int32Array() : known(exclude);
  return { count, excluded, included: include ? known(include) : null };
}

export function recommendationsOf(ranking: CoreRanking, items: Ids): Recommendation[] {
  return Array.from(ranking.items, (index, place) => ({ item: items.at(index), score: ranking.scores[place]! }));
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
  const all = Array.from(contributions, (contribution, place) => ({
    item: items.at(rated.items[place]!),
    rating: rated.values[place]!,
    contribution,
  }));
  return all.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, n);
}
