import type { CoreModel, CoreModule } from './core.js';
import { guard, invalid, MatfacError } from './errors.js';
import type { Dtype } from './float-tensors.js';
import { contentsOfFactors, type FactorsOptions } from './from-factors.js';
import { disposeSymbol, Handle } from './handle.js';
import { type Id, Ids, show } from './ids.js';
import { fetched } from './io/address.js';
import type { ImportOptions, ModelFileSource, VectorFiles } from './io/import-model.js';
import { bytesOf } from './io/source.js';
import { dimensionsOf, type MapOptions, type MapPoint, pointsOf, type SpacePoint } from './item-map.js';
import { loadCore } from './load.js';
import type { Matrix } from './matrix.js';
import { decodeModel, encodeModel, type ModelContents } from './model-file.js';
import { checkNames } from './names.js';
import { type EpochReport, isImplicit, type Solver } from './options.js';
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
import { ratedBy } from './rated.js';
import { type RecommendManyAsyncOptions, recommendInSlices, recommendPart } from './recommend-many.js';
import { corrupt } from './safetensors.js';
import { forgetBytes, storeBytes, storedBytes, storedNames } from './store.js';
import { checkThreads } from './twin.js';

/** The options that a model was trained with, every default filled in. */
export interface ModelOptions {
  solver: Solver;
  factors: number;
  epochs: number;
  regularization: number;
  learningRate: number;
  learningRateDecay: number;
  biases: boolean;
  biasRegularization: number;
  biasLearningRate: number;
  adaptive: boolean;
  seed: number;
  initialScale: number;
  patience: number;
  /** implicit-als. */
  confidence: number;
  /** bayesian. */
  implicit: 'none' | 'user' | 'both';
  /** bayesian: how many draws from the posterior the model keeps. */
  samples: number;
}

/** What goes into a model file. */
export interface SaveOptions {
  /**
   * How factors and biases are kept: `float32` (the default) exactly; `float16` in half the bytes, off by at most 2⁻¹¹ of each
   * number; `int8` in a quarter, each row in whole steps of its largest number / 127, off by at most half a step. A file
   * of the two latter also keeps ids that are numbers in 2 or 4 bytes each.
   */
  dtype?: Dtype;
  /** Whether the users' factors and ids go along (default true); recommending to visitors by fold-in needs none. */
  users?: boolean;
  /** Whether the ratings go along, which exclusion and explanation need; default as `users`. */
  ratings?: boolean;
}

/** Everything but the tensors, which the core holds. */
type ModelParts = Omit<ModelContents, 'tensors'>;

/** Of the library itself. @internal */
export let coreOf: (model: Model) => ModelParts & { handle: Handle<CoreModel> };

/**
 * A trained model: R̂ = mean + user bias + item bias + user factors · item factors. It holds memory of the WebAssembly
 * module until `dispose()`, or until it is collected.
 */
export class Model {
  readonly #handle: Handle<CoreModel>;
  readonly #parts: ModelParts;

  static {
    coreOf = (model) => ({ handle: model.#handle, ...model.#parts });
  }

  private constructor(handle: Handle<CoreModel>, parts: ModelParts) {
    this.#handle = handle;
    this.#parts = parts;
  }

  /** Puts tensors into the core. @internal */
  static create(core: CoreModule, { tensors, ...parts }: ModelContents): Model {
    return new Model(
      new Handle(
        guard(() => core.createModel(tensors, parts.options)),
        'model',
      ),
      parts,
    );
  }

  /**
   * A model that `save` wrote: its bytes, a Blob or Response of them, or their address. Every field is checked.
   * @throws MatfacError `corrupt-model`; `invalid-argument` when it cannot be fetched.
   */
  static async load(source: Uint8Array | ArrayBuffer | Blob | Response | URL): Promise<Model> {
    if (typeof source === 'string') throw invalid(`The source is ${show(source)}; give an address as new URL(…)`);
    const bytes = await bytesOf(source instanceof URL ? await fetched(source) : source);
    const contents = decodeModel(bytes);
    const core = await loadCore();
    try {
      guard(() => core.resolveOptions(contents.options));
      return Model.create(core, contents);
    } catch (failure) {
      if (failure instanceof MatfacError && failure.code === 'invalid-argument')
        throw corrupt(failure.message, failure);
      throw failure;
    }
  }

  /**
   * A model of factors trained elsewhere. A promise, because the WebAssembly module is loaded at first need.
   * @throws MatfacError `invalid-argument` that names what does not fit.
   */
  static async fromFactors(factors: FactorsOptions): Promise<Model> {
    const core = await loadCore();
    return Model.create(core, contentsOfFactors(core, factors));
  }

  /**
   * A model that another library wrote: Spark MLlib, Python's implicit, LIBMF, tensors in safetensors, vectors in CSV; see
   * `ModelFileFormat`.
   * @throws MatfacError `parse-error` for a file of something else; `invalid-argument`; `unsupported` for another loss.
   */
  static async fromFile(source: ModelFileSource | VectorFiles, options: ImportOptions): Promise<Model> {
    const { readFactors } = await import('./io/import-model.js');
    return Model.fromFactors(await readFactors(source, options));
  }

  /** The size of the WebAssembly memory, for the tests that watch it. @internal */
  static async [Symbol.for('matfac.heapBytes')](): Promise<number> {
    return (await loadCore()).heapBytes();
  }

  /** How it was trained. */
  get solver(): Solver {
    return this.options.solver;
  }

  /** The options of its training, the defaults filled in. */
  get options(): ModelOptions {
    return { ...this.#parts.options } as ModelOptions;
  }

  /** The ids of the users, in the order of the rows of `userFactors`. */
  get users(): readonly Id[] {
    return this.#parts.users.list;
  }

  /** The ids of the items, in the order of the rows of `itemFactors`. */
  get items(): readonly Id[] {
    return this.#parts.items.list;
  }

  /** The reports of the training, epoch by epoch. */
  get history(): EpochReport[] {
    return this.#parts.history.map((report) => ({ ...report }));
  }

  /** The least and the most that a prediction can be. */
  get ratingRange(): [minimum: number, maximum: number] {
    const { minimum, maximum } = this.#tensors();
    return [minimum, maximum];
  }

  /** The mean rating that predictions start from. */
  get mean(): number {
    return this.#tensors().mean;
  }

  /** A copy: a row a user. */
  get userFactors(): Matrix {
    const { userFactors, columns } = this.#tensors();
    return { rows: this.users.length, columns, data: userFactors };
  }

  /** A copy: a row an item. */
  get itemFactors(): Matrix {
    const { itemFactors, columns } = this.#tensors();
    return { rows: this.items.length, columns, data: itemFactors };
  }

  /** A copy; empty in a model without biases. */
  get userBias(): Float32Array {
    return this.#tensors().userBias;
  }

  /** A copy; empty in a model without biases. */
  get itemBias(): Float32Array {
    return this.#tensors().itemBias;
  }

  /** The rating as predicted, clipped to the range. Of an unknown user or item only the mean and the known bias count. */
  predict(user: Id, item: Id): number {
    const { users, items } = this.#parts;
    return this.#handle.use((model) => model.predict(users.find(user), items.find(item)));
  }

  /** `predict` for pairs: users[i] with items[i]. */
  predictMany(users: ArrayLike<Id>, items: ArrayLike<Id>): Float32Array {
    if (users.length !== items.length) {
      throw invalid(`predictMany: users has ${users.length} entries and items ${items.length}; they must be equal`);
    }
    const [rows, columns] = [this.#parts.users.findAll(users), this.#parts.items.findAll(items)];
    return this.#handle.use((model) => model.predictMany(rows, columns));
  }

  /**
   * How sure a Bayesian model is of a rating: the posterior standard deviation, the user's noise included. About 90% of
   * ratings lie within 1.645 of it on either side of the prediction, the range's ends left aside.
   * @throws MatfacError `unknown-id`; `unsupported` for a solver other than `bayesian`.
   */
  uncertainty(user: Id, item: Id): number {
    const [row, column] = [this.#find('user', user), this.#find('item', item)];
    return this.#handle.use((model) => model.uncertainty(row, column));
  }

  /**
   * The best items for a user, best first. A model that was saved without its ratings does not know what the user rated.
   * @throws MatfacError `unknown-id` for a user not in the model (`foldIn` recommends to those).
   */
  recommend(user: Id, options: RecommendOptions = {}): Recommendation[] {
    const index = this.#find('user', user);
    const common = recommendTask('recommend', options, this.#parts.items);
    const task = withExcluded(common, () => this.#ratedBy(index).items);
    const ranking = this.#handle.use((model) => model.recommend(index, task));
    return recommendationsOf(ranking, this.#parts.items);
  }

  /**
   * `recommend` for each of the users, the same items and scores in less time: users are ranked together.
   * @throws MatfacError as `recommend`.
   */
  recommendMany(users: ArrayLike<Id>, options: RecommendOptions = {}): Recommendation[][] {
    const task = recommendTask('recommendMany', options, this.#parts.items);
    const plan = { parts: this.#parts, users: this.#rows(users), task };
    return recommendPart(this.#handle, plan, 0, users.length, 1);
  }

  /** `recommendMany` in slices, so that other tasks have their turn, and on threads where there are any. */
  async recommendManyAsync(users: ArrayLike<Id>, options: RecommendManyAsyncOptions = {}): Promise<Recommendation[][]> {
    const task = recommendTask('recommendManyAsync', options, this.#parts.items, ['threads', 'signal']);
    checkThreads('recommendManyAsync', options);
    return recommendInSlices(this.#handle, { parts: this.#parts, users: this.#rows(users), task }, options);
  }

  /** The items nearest to an item, by the cosine of their factors. @throws MatfacError `unknown-id`. */
  similarItems(item: Id, { n = 10 }: { n?: number } = {}): Recommendation[] {
    const count = Math.min(checkCount('similarItems', n), this.items.length);
    const index = this.#find('item', item);
    return recommendationsOf(
      this.#handle.use((model) => model.similarItems(index, count)),
      this.#parts.items,
    );
  }

  /** The users nearest to a user, by the cosine of their factors. @throws MatfacError `unknown-id`. */
  similarUsers(user: Id, { n = 10 }: { n?: number } = {}): { user: Id; score: number }[] {
    const count = Math.min(checkCount('similarUsers', n), this.users.length);
    const index = this.#find('user', user);
    const { items, scores } = this.#handle.use((model) => model.similarUsers(index, count));
    return Array.from(items, (other, place) => ({ user: this.#parts.users.at(other), score: scores[place]! }));
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
    const [row, column] = [this.#find('user', user), this.#find('item', item)];
    if (!this.#parts.rated)
      throw new MatfacError('unsupported', 'This model was saved without its ratings: it cannot explain');
    const rated = this.#ratedBy(row);
    const contributions = this.#handle.use((model) => model.explain(rated.items, rated.values, column));
    return contributionsOf(rated, contributions, this.#parts.items, count);
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
    const places = this.#handle.use((model) => model.map(dimensions));
    return pointsOf(places, dimensions, this.#parts.items);
  }

  /**
   * The model as a safetensors file, which Python's safetensors package reads too.
   * @throws MatfacError `unsupported` for a number beyond 65,504 in float16.
   */
  save(options: SaveOptions = {}): Uint8Array<ArrayBuffer> {
    checkNames('save', options, ['dtype', 'users', 'ratings']);
    const { dtype = 'float32', users = true, ratings = users } = options;
    if (!['float32', 'float16', 'int8'].includes(dtype)) {
      throw invalid(`dtype is ${show(dtype)}; allowed are 'float32', 'float16' and 'int8'`);
    }
    if (typeof users !== 'boolean') throw invalid(`users is ${show(users)}; it must be a boolean`);
    if (typeof ratings !== 'boolean') throw invalid(`ratings is ${show(ratings)}; it must be a boolean`);
    if (ratings && !users) throw invalid('ratings: true needs users: true, for the ratings are those of the users');
    const rated = ratings ? this.#parts.rated : null;
    const kept = users ? this.#parts.users : new Ids();
    return encodeModel({ ...this.#parts, users: kept, tensors: this.#tensors(), rated }, dtype);
  }

  /**
   * Keeps the model in this browser (IndexedDB) under a name, in place of what was there; the options are those of `save`.
   * @throws MatfacError `unsupported` where there is no IndexedDB, as in Node; `out-of-memory` when there is no more room:
   * what was there before then stays.
   */
  async store(name: string, options: SaveOptions = {}): Promise<void> {
    await storeBytes(name, this.save(options));
  }

  /**
   * A model that `store` kept in this browser.
   * @throws MatfacError `unknown-id` when there is none of that name; `corrupt-model`; `unsupported` as `store`.
   */
  static async restore(name: string): Promise<Model> {
    return Model.load(await storedBytes(name));
  }

  /** The names of the models kept in this browser, sorted. @throws MatfacError `unsupported` where there is no IndexedDB. */
  static stored(): Promise<string[]> {
    return storedNames();
  }

  /** Removes a stored model; nothing happens when there is none of that name. @throws MatfacError `unsupported`. */
  static forget(name: string): Promise<void> {
    return forgetBytes(name);
  }

  /** Gives the memory back. Using the model afterwards throws `disposed`. */
  dispose(): void {
    this.#handle.dispose();
  }

  /** `dispose()`, for `using`. */
  [disposeSymbol](): void {
    this.dispose();
  }

  #tensors() {
    return this.#handle.use((model) => model.tensors());
  }

  #rows(users: ArrayLike<Id>): Int32Array {
    if (typeof users !== 'object' || users === null || typeof users.length !== 'number')
      throw invalid(`users is ${show(users)}; it must be an array of user ids`);
    return Int32Array.from(users, (user) => this.#find('user', user));
  }

  #ratedBy(user: number) {
    const { rated } = this.#parts;
    return rated ? ratedBy(rated, user) : { items: new Int32Array(), values: new Float32Array() };
  }

  #find(what: 'user' | 'item', id: Id): number {
    const ids = what === 'user' ? this.#parts.users : this.#parts.items;
    const index = ids.find(id);
    if (index >= 0) return index;
    const twin = typeof id === 'number' ? String(id) : Number(id);
    const hint = ids.find(twin) >= 0 ? `; there is ${show(twin)}, a ${typeof twin}` : '';
    throw new MatfacError('unknown-id', `There is no ${what} ${show(id)} in the model${hint}`);
  }
}
