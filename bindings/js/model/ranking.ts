import { mustBe, plainOptions, reading, requireBoolean, requireCount, requireOneOf } from '../base/checks.js';
import type { CoreRanking, CoreRecommendations, CoreRecommendTask } from '../core/core.js';
import type { Id, Ids } from '../ratings/ids.js';

/** What recommendations are ordered by. */
export type RankBy = 'preference' | 'rating';

/** Which items to recommend, and how many. */
export interface RecommendOptions {
  /** The largest number of items; default 10. */
  n?: number;
  /**
   * What a model of ratings orders items by: what the user will take and like (`preference`, the default where the model was
   * trained with `preference`), or the predicted rating (`rating`). Models of implicit feedback have one score.
   */
  by?: RankBy;
  /** Items to leave out: those that the user rated (default), none, or a list, whose unknown ids are ignored. */
  exclude?: 'rated' | 'none' | readonly Id[];
  /** Recommend only these items, as far as they are in the model. */
  include?: readonly Id[];
  /**
   * 0 to 1, default 0: the weight of the differences between the items, by the cosine of their factors. Above 0, the list is
   * chosen item by item by the largest (1 − diversity) · score − diversity · (largest cosine to the items chosen before), with
   * scores scaled to 0 … 1 (maximal marginal relevance, Carbonell and Goldstein 1998), among the 10 n items with the highest
   * scores, at least 100. The list is in the order of choice.
   */
  diversity?: number;
  /**
   * Search with factors rounded to 8 bits, which for one user takes a fraction of the time with very many items and nearly
   * always finds the same ones; the best 2 n + 16 are then ranked by their exact scores. The rounded factors are computed at
   * first use and take one byte of memory per factor. `recommendMany` is faster without it, but for a few users. Default false;
   * ignored with `include`.
   */
  approximate?: boolean;
}

/** An item with the number that it is ranked by. */
export interface Scored {
  item: Id;
  score: number;
}

/** An item, its score, and in a model of ratings the rating that is predicted, clipped to the range. */
export interface Recommendation extends Scored {
  rating?: number;
}

const RANK_BY: readonly RankBy[] = ['preference', 'rating'];
export const RECOMMEND_OPTIONS: readonly string[] = ['by', 'n', 'exclude', 'include', 'diversity', 'approximate'];

/** The part of a task that is the same for every user. */
type CommonTask = Omit<CoreRecommendTask, 'excluded'> & { exclude: 'rated' | Int32Array };

/** Options as dense indices. Unknown ids are ignored: they are not recommended anyway. */
export function recommendTask(what: string, options: RecommendOptions, items: Ids): CommonTask {
  const given = plainOptions(what, options, RECOMMEND_OPTIONS);
  const { by = 'preference', n = 10, exclude = 'rated', include, diversity = 0, approximate = false } = given;
  const count = Math.min(requireCount(`${what}: n`, n), items.size);
  if (exclude !== 'rated' && exclude !== 'none' && !Array.isArray(exclude)) {
    throw mustBe(`${what}: exclude`, "'rated', 'none' or an array of item ids", exclude);
  }
  if (include !== undefined && !Array.isArray(include)) {
    throw mustBe(`${what}: include`, 'an array of item ids', include);
  }
  if (typeof diversity !== 'number' || !(diversity >= 0 && diversity <= 1)) {
    throw mustBe(`${what}: diversity`, 'a number from 0 to 1', diversity);
  }
  requireBoolean(`${what}: approximate`, approximate);
  const known = (name: string, ids: readonly Id[]) => knownOf(`${what}: ${name}`, ids, items);
  return {
    byRating: isByRating(`${what}: by`, by),
    n: count,
    exclude: exclude === 'rated' ? exclude : known('exclude', exclude === 'none' ? [] : exclude),
    included: include ? known('include', include) : null,
    diversity,
    approximate,
  };
}

/** The task of one user, or of users who exclude the same items. */
export function withExcluded({ exclude, ...task }: CommonTask, rated: () => Int32Array): CoreRecommendTask {
  return { ...task, excluded: exclude === 'rated' ? rated() : exclude };
}

/** @throws MatfacError for another value of `by`. */
export function isByRating(name: string, by: RankBy): boolean {
  requireOneOf(name, by, RANK_BY);
  return by === 'rating';
}

export function scoredOf(ranking: CoreRanking, ids: Ids): Scored[] {
  return Array.from(ranking.items, (index, rank) => ({ item: ids.at(index), score: ranking.scores[rank]! }));
}

/** Those from `begin` up to `end` of several rankings behind each other. */
export function recommendationsOf(
  { items, scores, ratings }: CoreRecommendations,
  ids: Ids,
  begin = 0,
  end = items.length,
): Recommendation[] {
  const list: Recommendation[] = [];
  for (let at = begin; at < end; at++) {
    const item = ids.at(items[at]!);
    const score = scores[at]!;
    list.push(ratings.length === 0 ? { item, score } : { item, score, rating: ratings[at]! });
  }
  return list;
}

/** Which of the most similar items (or users), and how many. */
export interface SimilarOptions {
  /** The largest number; default 10. */
  n?: number;
  /** Leave these out. Ids that are not in the model are ignored. */
  exclude?: readonly Id[];
  /** Only these. Ids that are not in the model are ignored. */
  include?: readonly Id[];
}

/** Which of the most similar items, how many, and how far rare ones are trusted. */
export interface SimilarItemsOptions extends SimilarOptions {
  /**
   * In ratings, default 5: the cosine with an item that n users rated counts n / (n + shrinkage), so that items with few ratings,
   * whose direction is mostly chance, do not fill every list. 0 gives plain cosines. A model made without ratings (imported
   * factors) does not know n; there the default is 0.
   */
  shrinkage?: number;
}

const SIMILAR_OPTIONS = ['n', 'exclude', 'include'] as const;
export const SIMILAR_ITEMS_OPTIONS = [...SIMILAR_OPTIONS, 'shrinkage'] as const;

/** Options as dense indices: how many, which to leave out, and which alone compete (null for all). */
export function similarTask(
  what: string,
  options: SimilarOptions,
  ids: Ids,
): [n: number, excluded: Int32Array, included: Int32Array | null] {
  const { n = 10, exclude = [], include } = plainOptions(what, options, SIMILAR_OPTIONS);
  const count = Math.min(requireCount(`${what}: n`, n), ids.size);
  const excluded = knownOf(`${what}: exclude`, exclude, ids);
  return [count, excluded, include === undefined ? null : knownOf(`${what}: include`, include, ids)];
}

function knownOf(name: string, list: readonly Id[], ids: Ids): Int32Array {
  if (!Array.isArray(list)) throw mustBe(name, 'an array of ids', list);
  return reading(name, () => ids.findAll(list).filter((index) => index >= 0));
}

export const EXPLAIN_OPTIONS: readonly string[] = ['n', 'by'];

/** Options of `explain` and `explainFeatures`. */
export interface ExplainOptions {
  /** The largest number of ratings, or of features; default 10. */
  n?: number;
  /** Which score is explained; default `preference`, as in `recommend`. */
  by?: RankBy;
}

/** @throws MatfacError for a bad option. */
export function explainTask(what: string, { n = 10, by = 'preference' }: ExplainOptions) {
  return { count: requireCount(`${what}: n`, n), byRating: isByRating(`${what}: by`, by) };
}

/** What one rating contributes to the score of an item. */
export interface Contribution {
  item: Id;
  rating: number;
  contribution: number;
}

/** The n largest contributions by magnitude. */
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
