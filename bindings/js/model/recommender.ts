import { plainOptions, reading, requireList } from '../base/checks.js';
import { MatfacError } from '../base/errors.js';
import type { CoreServing, CoreTensors } from '../core/core.js';
import { disposeSymbol, type Handle } from '../core/handle.js';
import { isImplicit, type Solver } from '../core/options.js';
import { ratingsOf } from '../ratings/by-user.js';
import { findId, type Id } from '../ratings/ids.js';
import { type Encoders, type FeatureContribution, type FoldInOptions, visitorFeatures } from './described.js';
import type { ModelContents } from './file/model-file.js';
import { itemCountsOf, trustOf } from './item-counts.js';
import { dimensionsOf, type MapOptions, type MapPoint, pointsOf, type SpacePoint } from './item-map.js';
import { type ItemRating, Profile, type Range } from './profile.js';
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
  type Scored,
  SIMILAR_ITEMS_OPTIONS,
  type SimilarItemsOptions,
  scoredOf,
  similarTask,
  withExcluded,
} from './ranking.js';
import { recommendPart } from './recommend-many.js';

/** The parts of a model except the tensors, which are in the core. */
export interface ModelParts extends Omit<ModelContents, 'tensors'> {
  /** The least and the largest rating, as the core has them. */
  range: Range;
  /** Of a model trained with features of a side. */
  encoders?: Encoders;
}

export function rangeOf({ minimum, maximum }: CoreTensors): Range {
  return [Math.fround(minimum), Math.fround(maximum)];
}

/**
 * The predictions and recommendations of a model, in the whole library and in `matfac/serve`: R̂ = mean + user bias + item
 * bias + user factors · item factors. It holds memory of the WebAssembly module until it is disposed or garbage-collected.
 */
export abstract class Recommender {
  readonly #handle: Handle<CoreServing>;
  readonly #parts: ModelParts;
  #counts: Int32Array | null = null;

  /** @internal */
  protected constructor(handle: Handle<CoreServing>, parts: ModelParts) {
    this.#handle = handle;
    this.#parts = parts;
  }

  /** The solver that trained it. */
  get solver(): Solver {
    return this.#parts.options.solver as Solver;
  }

  /** The number of users. */
  get userCount(): number {
    return this.#parts.users.size;
  }

  /** The number of items. */
  get itemCount(): number {
    return this.#parts.items.size;
  }

  /** The ids of the users, in the order of the rows of the user factors. */
  get users(): readonly Id[] {
    return this.#parts.users.list;
  }

  /** The ids of the items, in the order of the rows of the item factors. */
  get items(): readonly Id[] {
    return this.#parts.items.list;
  }

  /** The least and the largest prediction. */
  get ratingRange(): [minimum: number, maximum: number] {
    return [...this.#parts.range];
  }

  /** The predicted rating, clipped to the range. For an unknown user or item, the mean plus the known bias. */
  predict(user: Id, item: Id): number {
    const { users, items } = this.#parts;
    return this.#handle.use((model) => model.predict(users.find(user), items.find(item), Number.NaN));
  }

  /**
   * The items with the highest scores for a user, best first: what the user will take and like, or with `by: 'rating'` those
   * with the highest predicted ratings. A model saved without its ratings does not exclude rated items.
   * @throws MatfacError `unknown-id` for a user not in the model (`foldIn` recommends to those).
   */
  recommend(user: Id, options: RecommendOptions = {}): Recommendation[] {
    const { users, items } = this.#parts;
    const index = findId('user', users, user);
    const common = recommendTask('recommend', options, items);
    const task = withExcluded(common, () => this.#ratingsOf(index).items);
    const ranking = this.#handle.use((model) => model.recommend(index, task));
    return recommendationsOf(ranking, items);
  }

  /**
   * `recommend` for each of the users: the same items and scores in less time, because users are ranked together.
   * @throws MatfacError as `recommend`.
   */
  recommendMany(users: ArrayLike<Id>, options: RecommendOptions = {}): Recommendation[][] {
    const task = recommendTask('recommendMany', options, this.#parts.items);
    const plan = { parts: this.#parts, users: userRows(this.#parts, users), task };
    return recommendPart(this.#handle, plan, 0, plan.users.length, 1);
  }

  /**
   * The items most similar to an item, best first; never the item itself. By the cosine of their vectors in who takes what, or
   * in a model without `preference` of their factors, shrunk for items with few ratings.
   * @throws MatfacError `unknown-id` for an item not in the model; `invalid-argument` for a bad option; `unsupported` for a
   * shrinkage in a model that does not know how many users rated its items.
   */
  similarItems(item: Id, options: SimilarItemsOptions = {}): Scored[] {
    const { items } = this.#parts;
    const { shrinkage, ...others } = plainOptions('similarItems', options, SIMILAR_ITEMS_OPTIONS);
    const task = similarTask('similarItems', others, items);
    const trust = trustOf('similarItems', shrinkage, this.#itemCounts());
    const index = findId('item', items, item);
    const ranking = this.#handle.use((model) => model.similarItems(index, ...task, trust));
    return scoredOf(ranking, items);
  }

  /**
   * What each of the user's ratings contributes to the score that `recommend` gives the item (of the same `by`), the largest
   * contribution first; they sum to the score without biases. For `als` without `preference` and `implicit-als` that is the score of the model, up to rounding, because a user's factors are
   * linear in the ratings (Hu, Koren and Volinsky 2008, section 5), unless early stopping chose an earlier epoch. For the other
   * solvers, and after a training with `keep` that had only some of the user's ratings, it is the score of a fold-in of the
   * user's ratings. In a model trained with `userFeatures`, `features` are those that the user was trained with: the model does
   * not keep them.
   * @throws MatfacError `unknown-id`; `unsupported` in a model saved without its ratings; `invalid-argument` for features as
   * `foldIn`.
   */
  explain(user: Id, item: Id, options: ExplainOptions & FoldInOptions = {}): Contribution[] {
    const { asked, known } = this.#explained('explain', user, item, options);
    const { columns, values } = known?.encoded ?? { columns: new Int32Array(), values: new Float32Array() };
    const contributions = this.#handle.use((model) =>
      model.explain(asked.items, asked.values, columns, values, asked.item, asked.byRating),
    );
    return contributionsOf(asked, contributions, this.#parts.items, asked.count);
  }

  /**
   * What each of the user's features, which the options have, contributes to that score, the largest contribution first.
   * @throws MatfacError as `explain`.
   */
  explainFeatures(user: Id, item: Id, options: ExplainOptions & FoldInOptions): FeatureContribution[] {
    const { asked, known } = this.#explained('explainFeatures', user, item, options);
    return known ? this.#handle.use((model) => known.explain(model, known.encoded, asked)) : [];
  }

  #explained(what: string, user: Id, item: Id, options: ExplainOptions & FoldInOptions) {
    const { features, ...rest } = plainOptions(what, options, [...EXPLAIN_OPTIONS, 'features']);
    const task = explainTask(what, rest);
    const { users, items, rated, encoders } = this.#parts;
    const [row, column] = [findId('user', users, user), findId('item', items, item)];
    if (!rated)
      throw new MatfacError('unsupported', `${what} needs the ratings, and this model was saved without them`);
    const known = visitorFeatures(`${what}: features`, encoders, features);
    return { asked: { ...ratingsOf(rated, row), item: column, ...task }, known };
  }

  /**
   * A visitor who is not in the model, from a few ratings, in one step and without training.
   * In a model trained with `userFeatures`, the visitor's features tell what to expect before, or without, ratings.
   * @throws MatfacError `unknown-id` for an item not in the model; `invalid-argument` for a rating that is not finite, or in a model of
   * ratings outside the range of those that it learned from, and for fields of features that the model does not know; unknown values are ignored (`unknownFeatures`).
   */
  foldIn(ratings: Iterable<ItemRating>, options: FoldInOptions = {}): Profile {
    const { items, range, encoders } = this.#parts;
    const { features } = plainOptions('foldIn', options, ['features']);
    const known = visitorFeatures('foldIn: features', encoders, features);
    return new Profile(this.#handle, items, isImplicit(this.solver) ? null : range, ratings, known);
  }

  /**
   * A map of the items: their coordinates on the first two (or three) principal components of the directions of the items'
   * vectors in who takes what, or in a model without `preference` of the item factors, in the order of `items`. Items taken by
   * the same users are close to each other, however popular they are; items with few ratings are near the middle. Coordinates
   * are centered, and their variance decreases from x to y to z; biases are ignored. With fewer factors than dimensions, the
   * other coordinates are 0.
   * @throws MatfacError `unsupported` for a Bayesian model whose factors × samples are more than 1,024, and as `similarItems`.
   */
  map(options?: MapOptions & { dimensions?: 2 }): MapPoint[];
  map(options: MapOptions & { dimensions: 3 }): SpacePoint[];
  map(options?: MapOptions): MapPoint[];
  map(options: MapOptions = {}): MapPoint[] {
    const dimensions = dimensionsOf(options);
    const trust = trustOf('map', options.shrinkage, this.#itemCounts());
    const coordinates = this.#handle.use((model) => model.map(dimensions, trust));
    return pointsOf(coordinates, dimensions, this.#parts.items);
  }

  /** Frees the memory. Using the model afterwards throws `disposed`. */
  dispose(): void {
    this.#handle.dispose();
  }

  /** `dispose()`, for `using`. */
  [disposeSymbol](): void {
    this.dispose();
  }

  /** Counted once, when first needed. */
  #itemCounts(): Int32Array | null {
    this.#counts ??= itemCountsOf(this.#parts);
    return this.#counts;
  }

  #ratingsOf(user: number) {
    const { rated } = this.#parts;
    return rated ? ratingsOf(rated, user) : { items: new Int32Array(), values: new Float32Array() };
  }
}

/** The rows of users. @throws MatfacError `unknown-id`; `invalid-argument` for a value that is not a list. */
export function userRows(parts: Pick<ModelParts, 'users'>, users: ArrayLike<Id>): Int32Array {
  return reading('users', () => {
    requireList('users', users, 'an array of user ids');
    return Int32Array.from(users, (user) => findId('user', parts.users, user));
  });
}
