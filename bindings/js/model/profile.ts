import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreProfile, CoreServing } from '../core/core.js';
import type { Handle } from '../core/handle.js';
import { badId, findId, type Id, type Ids, isId } from '../ratings/ids.js';
import { badRating, isRating } from '../ratings/rows.js';
import {
  type Contribution,
  checkCount,
  contributionsOf,
  type Recommendation,
  type RecommendOptions,
  recommendationsOf,
  recommendTask,
  withExcluded,
} from './ranking.js';

/** One rating of a visitor; a model of implicit feedback takes one without a value, as 1. */
export interface ItemRating {
  item: Id;
  rating?: number;
}

/**
 * A visitor who is not in the model: a few ratings, and the factors that fit them best with the items as they are.
 * Works as long as its model is not disposed.
 */
export class Profile {
  readonly #model: Handle<CoreServing>;
  readonly #items: Ids;
  readonly #implicit: boolean;
  readonly #ratings = new Map<number, number>();
  #side: CoreProfile | undefined;

  /** Made by `model.foldIn`. @internal */
  constructor(model: Handle<CoreServing>, items: Ids, implicit: boolean, ratings: Iterable<ItemRating>) {
    this.#model = model;
    this.#items = items;
    this.#implicit = implicit;
    this.#set(ratings);
    this.#fit();
  }

  /** The ratings, in the order they were added. */
  get ratings(): Required<ItemRating>[] {
    return Array.from(this.#ratings, ([index, rating]) => ({ item: this.#items.at(index), rating }));
  }

  /** Adds ratings; an item rated before gets the new rating. @throws MatfacError `unknown-id` for an item not in the model. */
  add(ratings: ItemRating | Iterable<ItemRating>): this {
    this.#set(Symbol.iterator in ratings ? ratings : [ratings]);
    this.#side = undefined;
    return this;
  }

  /** Takes a rating back; false when there was none. */
  remove(item: Id): boolean {
    const removed = this.#ratings.delete(this.#items.find(item));
    if (removed) this.#side = undefined;
    return removed;
  }

  /** The rating as predicted, clipped to the range; for an unknown item: the mean and the visitor's bias. */
  predict(item: Id): number {
    const side = this.#fit();
    return this.#model.use((model) => model.profilePredict(side, this.#items.find(item)));
  }

  /** The best items for the visitor, best first. */
  recommend(options: RecommendOptions = {}): Recommendation[] {
    const side = this.#fit();
    const common = recommendTask('recommend', options, this.#items);
    const task = withExcluded(common, () => Int32Array.from(this.#ratings.keys()));
    const ranking = this.#model.use((model) => model.profileRecommend(side, task));
    return recommendationsOf(ranking, this.#items);
  }

  /**
   * What each rating adds to the item's score, the weightiest first; all of them sum to the score less its bias part.
   * @throws MatfacError `unknown-id` for an item not in the model.
   */
  explain(item: Id, { n = 10 }: { n?: number } = {}): Contribution[] {
    const count = checkCount('explain', n);
    const index = findId('item', this.#items, item);
    const rated = this.#columns();
    const contributions = this.#model.use((model) => model.explain(rated.items, rated.values, index));
    return contributionsOf(rated, contributions, this.#items, count);
  }

  /**
   * How sure a Bayesian model is of the visitor's rating: the posterior standard deviation, the common noise of ratings
   * included; `model.uncertainty` says the same of a user. Where it is largest, a rating would teach the model most.
   * @throws MatfacError `unknown-id`; `unsupported` for a solver other than `bayesian`.
   */
  uncertainty(item: Id): number {
    return this.uncertaintyMany([item])[0]!;
  }

  /** `uncertainty` of each of these items, in one go. @throws MatfacError as `uncertainty`. */
  uncertaintyMany(items: readonly Id[]): Float32Array {
    if (!Array.isArray(items))
      throw invalid(`uncertaintyMany: items is ${show(items)}; it must be an array of item ids`);
    const asked = Int32Array.from(items, (item) => findId('item', this.#items, item));
    const rated = this.#columns();
    return this.#model.use((model) => model.visitorUncertainty(rated.items, rated.values, asked));
  }

  #columns() {
    return { items: Int32Array.from(this.#ratings.keys()), values: Float32Array.from(this.#ratings.values()) };
  }

  #fit(): CoreProfile {
    const { items, values } = this.#columns();
    this.#side ??= this.#model.use((model) => model.foldIn(items, values));
    return this.#side;
  }

  /** All or nothing: one bad rating, and none is taken. */
  #set(ratings: Iterable<ItemRating>): void {
    const checked: [number, number][] = [];
    for (const entry of ratings) {
      const number = checked.length + 1;
      if (typeof entry !== 'object' || entry === null)
        throw invalid(`Rating ${number} is ${show(entry)}; it must be {item, rating}`);
      if (!isId(entry.item)) throw badId(`item of rating ${number}`, entry.item);
      const rating = entry.rating === undefined && this.#implicit ? 1 : entry.rating;
      if (!isRating(rating)) throw badRating(`rating of item ${show(entry.item)}`, rating);
      checked.push([findId('item', this.#items, entry.item), rating]);
    }
    for (const [index, rating] of checked) this.#ratings.set(index, rating);
  }
}
