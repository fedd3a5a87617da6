import { invalid, MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import type { CoreServing } from '../core/core.js';
import { disposeSymbol, type Handle } from '../core/handle.js';
import { isImplicit, type Solver } from '../core/options.js';
import { ratingsOf } from '../ratings/by-user.js';
import { findId, type Id } from '../ratings/ids.js';
import type { ModelContents } from './file/model-file.js';
import { dimensionsOf, type MapOptions, type MapPoint, pointsOf, type SpacePoint } from './item-map.js';
import { type ItemRating, Profile } from './profile.js';
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
import { recommendPart } from './recommend-many.js';

/** Everything but the tensors, which the core holds. */
export type ModelParts = Omit<ModelContents, 'tensors'>;

/**
 * What a model answers, whether it is one of the whole library or of `matfac/serve`: R̂ = mean + user bias + item bias + user
 * factors · item factors. It holds memory of the WebAssembly module until `dispose()`, or until it is collected.
 */
export abstract class Recommender {
  readonly #handle: Handle<CoreServing>;
  readonly #parts: ModelParts;

  /** @internal */
  protected constructor(handle: Handle<CoreServing>, parts: ModelParts) {
    this.#handle = handle;
    this.#parts = parts;
  }

  /** How it was trained. */
  get solver(): Solver {
    return this.#parts.options.solver as Solver;
  }

  /** How many users there are. */
  get userCount(): number {
    return this.#parts.users.size;
  }

  /** How many items there are. */
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

  /** The rating as predicted, clipped to the range. Of an unknown user or item only the mean and the known bias count. */
  predict(user: Id, item: Id): number {
    const { users, items } = this.#parts;
    return this.#handle.use((model) => model.predict(users.find(user), items.find(item)));
  }

  /**
   * The best items for a user, best first. A model that was saved without its ratings does not know what the user rated.
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
   * `recommend` for each of the users, the same items and scores in less time: users are ranked together.
   * @throws MatfacError as `recommend`.
   */
  recommendMany(users: ArrayLike<Id>, options: RecommendOptions = {}): Recommendation[][] {
    const task = recommendTask('recommendMany', options, this.#parts.items);
    const plan = { parts: this.#parts, users: userRows(this.#parts, users), task };
    return recommendPart(this.#handle, plan, 0, users.length, 1);
  }

  /** The items nearest to an item, by the cosine of their factors. @throws MatfacError `unknown-id`. */
  similarItems(item: Id, { n = 10 }: { n?: number } = {}): Recommendation[] {
    const { items } = this.#parts;
    const count = Math.min(checkCount('similarItems', n), items.size);
    const index = findId('item', items, item);
    const ranking = this.#handle.use((model) => model.similarItems(index, count));
    return recommendationsOf(ranking, items);
  }

  /**
   * What each of the user's ratings adds to the item's score, the weightiest first: all of them sum to the score less its
   * bias part. Of `als` and `implicit-als` that is the model's own score, to rounding, for a user's factors are linear in
   * the ratings (Hu, Koren and Volinsky 2008, section 5), unless early stopping took the model from before the last epoch.
   * Of the other solvers it is the score that a fold-in of the user's ratings gives.
   * @throws MatfacError `unknown-id`; `unsupported` in a model that was saved without its ratings.
   */
  explain(user: Id, item: Id, { n = 10 }: { n?: number } = {}): Contribution[] {
    const count = checkCount('explain', n);
    const { users, items, rated } = this.#parts;
    const [row, column] = [findId('user', users, user), findId('item', items, item)];
    if (!rated) throw new MatfacError('unsupported', 'This model was saved without its ratings: it cannot explain');
    const given = ratingsOf(rated, row);
    const contributions = this.#handle.use((model) => model.explain(given.items, given.values, column));
    return contributionsOf(given, contributions, items, count);
  }

  /**
   * A visitor not in the model, from a few ratings, in one step and with no training.
   * @throws MatfacError `unknown-id` for an item not in the model; `invalid-argument` for a rating that is no finite number.
   */
  foldIn(ratings: Iterable<ItemRating>): Profile {
    if (typeof (ratings as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] !== 'function') {
      throw invalid(`foldIn: ratings is ${show(ratings)}; it must be an array of {item, rating}`);
    }
    return new Profile(this.#handle, this.#parts.items, isImplicit(this.solver), ratings);
  }

  /**
   * The items on a map: their places on the two (or three) axes along which the item factors spread most (principal
   * components), in the order of `items`. Items that are liked by the same users lie near each other. The places are
   * centred, and the variance falls from x to y to z; biases play no part. An axis that there are no factors for is zeros.
   * @throws MatfacError `unsupported` for a Bayesian model whose factors × samples are more than 1,024.
   */
  map(options?: MapOptions & { dimensions?: 2 }): MapPoint[];
  map(options: MapOptions & { dimensions: 3 }): SpacePoint[];
  map(options?: MapOptions): MapPoint[];
  map(options: MapOptions = {}): MapPoint[] {
    const dimensions = dimensionsOf(options);
    const coordinates = this.#handle.use((model) => model.map(dimensions));
    return pointsOf(coordinates, dimensions, this.#parts.items);
  }

  /** Gives the memory back. Using the model afterwards throws `disposed`. */
  dispose(): void {
    this.#handle.dispose();
  }

  /** `dispose()`, for `using`. */
  [disposeSymbol](): void {
    this.dispose();
  }

  #ratingsOf(user: number) {
    const { rated } = this.#parts;
    return rated ? ratingsOf(rated, user) : { items: new Int32Array(), values: new Float32Array() };
  }
}

/** The rows of users. @throws MatfacError `unknown-id`; `invalid-argument` for what is no list. */
export function userRows(parts: Pick<ModelParts, 'users'>, users: ArrayLike<Id>): Int32Array {
  if (typeof users !== 'object' || users === null || typeof users.length !== 'number')
    throw invalid(`users is ${show(users)}; it must be an array of user ids`);
  return Int32Array.from(users, (user) => findId('user', parts.users, user));
}
