import { mustBe, plainOptions, reading } from '../base/checks.js';
import { shortestDecimal } from '../base/float32.js';
import { show } from '../base/show.js';
import type { CoreProfile, CoreServing } from '../core/core.js';
import type { Handle } from '../core/handle.js';
import { badId, findId, type Id, type Ids, isId } from '../ratings/ids.js';
import { badRating, isRating } from '../ratings/rows.js';
import type { FeatureContribution, VisitorFeatures } from './described.js';
import { distributionsOf, type RatingProbability } from './distribution.js';
import {
  type Contribution,
  contributionsOf,
  EXPLAIN_OPTIONS,
  type ExplainOptions,
  explainTask,
  type Recommendation,
  type RecommendOptions,
  recommendationsOf,
  recommendTask,
  withExcluded,
} from './ranking.js';

/** One rating of a visitor; without a value it counts as 1 in a model of implicit feedback. */
export interface ItemRating {
  item: Id;
  rating?: number;
}

/** The least and the largest rating that a model learned from; −∞ and ∞ where they are unknown. */
export type Range = readonly [least: number, most: number];

/** The ends are float32 numbers, as ratings are. */
export function requireInRange(what: string, rating: number, range: Range): void {
  const value = Math.fround(rating);
  if (value >= range[0] && value <= range[1]) return;
  const [least, most] = range.map(shortestDecimal);
  throw mustBe(what, `from ${least} to ${most}`, rating);
}

/**
 * A visitor who is not in the model: a few ratings, and the factors that fit them best with the item factors fixed.
 * It works until its model is disposed.
 */
export class Profile {
  readonly #model: Handle<CoreServing>;
  readonly #items: Ids;
  readonly #range: Range | null;
  readonly #ratings = new Map<number, number>();
  readonly #columns: Int32Array;
  readonly #numbers: Float32Array;
  readonly #features: VisitorFeatures | undefined;
  /** The values of its features that the training did not have, such as `country: FR`; they are ignored. */
  readonly unknownFeatures: readonly string[];
  #side: CoreProfile | undefined;

  /** Made by `model.foldIn`. Without a range, ratings are weights of observed pairs. @internal */
  constructor(
    model: Handle<CoreServing>,
    items: Ids,
    range: Range | null,
    ratings: Iterable<ItemRating>,
    features?: VisitorFeatures,
  ) {
    this.#model = model;
    this.#items = items;
    this.#range = range;
    this.#features = features;
    this.#columns = features?.encoded.columns ?? new Int32Array();
    this.#numbers = features?.encoded.values ?? new Float32Array();
    this.unknownFeatures = features?.encoded.unknown ?? [];
    this.#set('foldIn: ratings', ratings);
    this.#fit();
  }

  /** The ratings, in the order they were added. */
  get ratings(): Required<ItemRating>[] {
    return Array.from(this.#ratings, ([index, rating]) => ({ item: this.#items.at(index), rating }));
  }

  /** Adds ratings; a new rating of an item replaces the old one. @throws MatfacError as `foldIn`. */
  add(ratings: ItemRating | Iterable<ItemRating>): this {
    this.#set('add: ratings', isIterable(ratings) ? ratings : [ratings]);
    this.#side = undefined;
    return this;
  }

  /** Removes a rating; returns false when there is none. */
  remove(item: Id): boolean {
    const removed = this.#ratings.delete(this.#items.find(item));
    if (removed) this.#side = undefined;
    return removed;
  }

  /** The predicted rating, clipped to the range; for an unknown item, the mean plus the visitor's bias. */
  predict(item: Id): number {
    const side = this.#fit();
    return this.#model.use((model) => model.profilePredict(side, this.#items.find(item)));
  }

  /** The items with the highest scores for the visitor, best first. */
  recommend(options: RecommendOptions = {}): Recommendation[] {
    const side = this.#fit();
    const common = recommendTask('recommend', options, this.#items);
    const task = withExcluded(common, () => Int32Array.from(this.#ratings.keys()));
    const ranking = this.#model.use((model) => model.profileRecommend(side, task));
    return recommendationsOf(ranking, this.#items);
  }

  /**
   * What each rating contributes to the score that `recommend` gives the item (of the same `by`), the largest contribution
   * first; they sum to the score without biases, and without what comes from features.
   * @throws MatfacError `unknown-id` for an item not in the model.
   */
  explain(item: Id, options: ExplainOptions = {}): Contribution[] {
    const { count, byRating } = explainTask('explain', plainOptions('explain', options, EXPLAIN_OPTIONS));
    const index = findId('item', this.#items, item);
    const rated = this.#rated();
    const contributions = this.#model.use((model) =>
      model.explain(rated.items, rated.values, this.#columns, this.#numbers, index, byRating),
    );
    return contributionsOf(rated, contributions, this.#items, count);
  }

  /**
   * What each of the visitor's features contributes to that score, the largest contribution first; with the ratings' contributions
   * they sum to the score without biases. Empty without features.
   * @throws MatfacError as `explain`.
   */
  explainFeatures(item: Id, options: ExplainOptions = {}): FeatureContribution[] {
    const task = explainTask('explainFeatures', plainOptions('explainFeatures', options, EXPLAIN_OPTIONS));
    const asked = { ...this.#rated(), item: findId('item', this.#items, item), ...task };
    const { encoded, explain } = this.#features ?? {};
    return encoded && explain ? this.#model.use((model) => explain(model, encoded, asked)) : [];
  }

  /**
   * The posterior standard deviation of the visitor's rating in a model of `variational` or `bayesian`, the common noise of ratings included;
   * `model.uncertainty` gives that of a user. The model learns most from a rating of the item where it is largest.
   * @throws MatfacError `unknown-id`; `unsupported` for another solver.
   */
  uncertainty(item: Id): number {
    return this.uncertaintyMany([item])[0]!;
  }

  /** The `uncertainty` of several items at once. @throws MatfacError as `uncertainty`. */
  uncertaintyMany(items: readonly Id[]): Float32Array {
    const asked = this.#asked('uncertaintyMany', items);
    const rated = this.#rated();
    return this.#model.use((model) =>
      model.visitorUncertainty(rated.items, rated.values, this.#columns, this.#numbers, asked),
    );
  }

  /**
   * How likely each rating of the visitor is in a model trained with `likelihood: 'ordinal'`: the values that ratings have,
   * ascending, with probabilities that sum to 1. They count with how little is known of the visitor, as `uncertainty` does, and
   * so are a little flatter than those whose mean `predict` gives.
   * @throws MatfacError `unknown-id`; `unsupported` for a model of another likelihood.
   */
  distribution(item: Id): RatingProbability[] {
    return this.distributionMany([item])[0]!;
  }

  /** The `distribution` of several items at once. @throws MatfacError as `distribution`. */
  distributionMany(items: readonly Id[]): RatingProbability[][] {
    const asked = this.#asked('distributionMany', items);
    const rated = this.#rated();
    return distributionsOf(
      this.#model.use((model) =>
        model.visitorDistributions(rated.items, rated.values, this.#columns, this.#numbers, asked),
      ),
    );
  }

  #asked(what: string, items: readonly Id[]): Int32Array {
    if (!Array.isArray(items)) throw mustBe(`${what}: items`, 'an array of item ids', items);
    return reading(`${what}: items`, () => Int32Array.from(items, (item) => findId('item', this.#items, item)));
  }

  #checked(entry: ItemRating, number: number): [index: number, rating: number] {
    if (typeof entry !== 'object' || entry === null) throw mustBe(`Rating ${number}`, '{item, rating}', entry);
    const { item, rating: given } = entry;
    if (!isId(item)) throw badId(`item of rating ${number}`, item);
    const rating = given === undefined && !this.#range ? 1 : given;
    const what = `rating of item ${show(item)}`;
    if (!isRating(rating)) throw badRating(what, rating);
    if (this.#range) requireInRange(`The ${what}`, rating, this.#range);
    return [findId('item', this.#items, item), rating];
  }

  #rated() {
    return { items: Int32Array.from(this.#ratings.keys()), values: Float32Array.from(this.#ratings.values()) };
  }

  #fit(): CoreProfile {
    const { items, values } = this.#rated();
    this.#side ??= this.#model.use((model) => model.foldIn(items, values, this.#columns, this.#numbers));
    return this.#side;
  }

  /** Adds all ratings, or none if one is bad. */
  #set(what: string, ratings: Iterable<ItemRating>): void {
    const checked = reading(what, () => {
      if (!isIterable(ratings)) throw mustBe(what, 'an array of {item, rating}', ratings);
      return Array.from(ratings, (entry, index) => this.#checked(entry, index + 1));
    });
    for (const [index, rating] of checked) this.#ratings.set(index, rating);
  }
}

function isIterable<T>(value: T | Iterable<T>): value is Iterable<T> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
