import { plainOptions, reading, requireList, requireOneOf } from '../base/checks.js';
import { guard, invalid } from '../base/errors.js';
import type { Matrix } from '../base/matrix.js';
import { atOnce, inTurns } from '../base/pause.js';
import { corrupt } from '../base/safetensors.js';
import type { CoreModel, CoreModelMaker, CoreModule, CoreTensors } from '../core/core.js';
import { Handle } from '../core/handle.js';
import { loadCore } from '../core/load.js';
import type { EpochReport, ModelOptions } from '../core/options.js';
import { withRoom } from '../core/room.js';
import { tensorsOf } from '../core/tensors.js';
import { findId, GrowingIds, type Id } from '../ratings/ids.js';
import { distributionsOf, type RatingProbability } from './distribution.js';
import { encodingSteps, type ModelContents } from './file/model-file.js';
import { contentsOf, type LoadOptions, type ModelSource, madeOfFile } from './file/open-model.js';
import { checkedSaving, type SaveOptions, withState } from './file/save-options.js';
import { shared } from './file/share.js';
import type { FactorsOptions } from './from-factors.js';
import type { ImportOptions, ModelFileSource, VectorFiles } from './import-options.js';
import { itemCountsOf } from './item-counts.js';
import type { NewItem, NewUser } from './new-rows.js';
import { RECOMMEND_OPTIONS, type Recommendation, recommendTask, type SimilarOptions, similarTask } from './ranking.js';
import { type RecommendManyAsyncOptions, recommendInSlices } from './recommend-many.js';
import { type ModelParts, Recommender, rangeOf, userRows } from './recommender.js';
import { checkThreads } from './threads.js';
import { secondsOf, type Time, timesOf } from './times.js';

/** Options of `predict`. */
export interface PredictAtOptions {
  /**
   * When the rating is made: seconds since 1970, or a Date; by default the last time known for the user. It matters in a model
   * with `time` alone.
   */
  at?: Time;
}

/** Options of `predictMany`. */
export interface PredictOptions {
  /** As in `predict`: one time for all, or one for each pair. */
  at?: Time | ArrayLike<Time>;
  /** What is predicted where the user or the item is unknown: the mean plus the known bias (default), or NaN. */
  unknown?: 'mean' | 'nan';
}

/** For the library itself: another model of the same contents, with memory of its own. @internal */
export let copyOf: (model: Model) => Promise<Model>;

/** For the library itself: the parts of a model and its handle. @internal */
export let coreOf: (model: Model) => ModelParts & { handle: Handle<CoreModel> };

const storage = () => import('./file/store.js');

/** A large model is made in several tasks, tensor by tensor. */
function* making(maker: CoreModelMaker): Generator<void, CoreModel> {
  try {
    while (!maker.advance()) yield;
    return maker.made();
  } finally {
    maker.delete();
  }
}

/** A trained model: its predictions and recommendations, its factors and biases, and its file. */
export class Model extends Recommender {
  readonly #handle: Handle<CoreModel>;
  readonly #parts: ModelParts;

  static {
    copyOf = async (model) => {
      const core = await loadCore();
      return Model.create(core, { ...model.#parts, tensors: model.#handle.use((inCore) => inCore.tensors()) });
    };
    coreOf = (model) => ({ handle: model.#handle, ...model.#parts });
  }

  private constructor(handle: Handle<CoreModel>, parts: ModelParts) {
    super(handle, parts);
    this.#handle = handle;
    this.#parts = parts;
  }

  /** Makes a model in the core. @internal */
  static async create(core: CoreModule, { tensors, ...parts }: ModelContents): Promise<Model> {
    const encoders = parts.features && (await import('./encoders.js')).encodersOf(parts.features, tensors, corrupt);
    const made = await withRoom(() => inTurns(making(core.createModelMaker(tensors, parts.options))));
    const known = { ...parts, range: rangeOf(tensors), ...(encoders && { encoders }) };
    return new Model(new Handle(made, 'model', tensors), known);
  }

  /**
   * A model from a file that `save` wrote: its bytes, a Blob or Response of them, or their address. Checks every field.
   * @throws MatfacError `corrupt-model`; `invalid-argument` when it cannot be fetched, and for `keep` with a file of another dtype.
   */
  static async load(source: ModelSource, options?: LoadOptions): Promise<Model> {
    const contents = await contentsOf(source, options);
    const core = await loadCore();
    return madeOfFile(async () => {
      guard(() => core.resolveOptions(contents.options));
      return Model.create(core, contents);
    });
  }

  /** A model of factors trained elsewhere. @throws MatfacError `invalid-argument` that names what does not fit. */
  static async fromFactors(factors: FactorsOptions): Promise<Model> {
    const { contentsOfFactors } = await import('./from-factors.js');
    const contents = await contentsOfFactors(factors);
    return Model.create(await loadCore(), contents);
  }

  /**
   * A model from a file of another library: Spark MLlib, Python's implicit, LIBMF, tensors in safetensors, vectors in CSV; see
   * `ModelFileFormat`.
   * @throws MatfacError `parse-error` for a file of another format; `invalid-argument`; `unsupported` for another loss.
   */
  static async fromFile(source: ModelFileSource | VectorFiles, options: ImportOptions): Promise<Model> {
    const { readFactors } = await import('../io/models/import-model.js');
    return Model.fromFactors(await readFactors(source, options));
  }

  /** The options of its training, defaults included. */
  get options(): ModelOptions {
    return { ...this.#parts.options } as ModelOptions;
  }

  /** The reports of its training, one per epoch. */
  get history(): EpochReport[] {
    return this.#parts.history.map((report) => ({ ...report }));
  }

  /** The mean rating that predictions start from. */
  get mean(): number {
    return this.#tensor('mean');
  }

  /**
   * The standard deviation of the ratings trained on, by which the options count: the factors' λ is `regularization` × scale,
   * but with sgd and gradient-descent. 1 for models of other libraries.
   */
  get scale(): number {
    return this.#tensor('scale');
  }

  /** A copy, one row per user. */
  get userFactors(): Matrix {
    return { rows: this.userCount, columns: this.#tensor('columns'), data: this.#tensor('userFactors') };
  }

  /** A copy, one row per item. */
  get itemFactors(): Matrix {
    return { rows: this.itemCount, columns: this.#tensor('columns'), data: this.#tensor('itemFactors') };
  }

  /** A copy; empty in a model without biases. */
  get userBias(): Float32Array {
    return this.#tensor('userBias');
  }

  /** A copy; empty in a model without biases. */
  get itemBias(): Float32Array {
    return this.#tensor('itemBias');
  }

  /**
   * The predicted rating, clipped to the range. For an unknown user or item, the mean plus the known bias.
   * @throws MatfacError `invalid-argument` for a time that is not one.
   */
  override predict(user: Id, item: Id, options: PredictAtOptions = {}): number {
    const { at } = plainOptions('predict', options, ['at']);
    if (at === undefined) return super.predict(user, item);
    const { users, items } = this.#parts;
    const time = secondsOf('predict: at', at);
    return this.#handle.use((model) => model.predict(users.find(user), items.find(item), time));
  }

  /**
   * `predict` for the pairs of users[i] and items[i]. Where one of them is unknown, the prediction is the mean plus the known
   * bias, as `predict` says, or with `unknown: 'nan'` NaN; `countUnknown` tells how many there are.
   */
  predictMany(users: ArrayLike<Id>, items: ArrayLike<Id>, options: PredictOptions = {}): Float32Array {
    const { unknown, at } = plainOptions('predictMany', options, ['unknown', 'at']);
    requireOneOf('predictMany: unknown', unknown, ['mean', 'nan']);
    const [rows, columns] = this.#rowsOf('predictMany', users, items);
    const times = timesOf('predictMany: at', at, rows.length);
    const predictions = this.#handle.use((model) => model.predictMany(rows, columns, times));
    if (unknown !== 'nan') return predictions;
    return predictions.map((rating, i) => (Math.min(rows[i]!, columns[i]!) < 0 ? Number.NaN : rating));
  }

  /**
   * How likely each rating is in a model trained with `likelihood: 'ordinal'`: the values that ratings have, ascending, with
   * probabilities that sum to 1. `predict` is their mean. For an unknown user or item, that of a new one.
   * @throws MatfacError `unsupported` for a model of another likelihood; `invalid-argument` for a time that is not one.
   */
  distribution(user: Id, item: Id, options: PredictAtOptions = {}): RatingProbability[] {
    const { at } = plainOptions('distribution', options, ['at']);
    const time = at === undefined ? Number.NaN : secondsOf('distribution: at', at);
    const { users, items } = this.#parts;
    return distributionsOf(
      this.#handle.use((model) => model.distribution(users.find(user), items.find(item), time)),
    )[0]!;
  }

  /** In how many pairs of users[i] and items[i] the user, the item, or either of them is not in the model. */
  countUnknown(users: ArrayLike<Id>, items: ArrayLike<Id>): { users: number; items: number; pairs: number } {
    const [rows, columns] = this.#rowsOf('countUnknown', users, items);
    const count = (indices: Int32Array) => indices.filter((index) => index < 0).length;
    return {
      users: count(rows),
      items: count(columns),
      pairs: count(rows.map((row, i) => Math.min(row, columns[i]!))),
    };
  }

  #rowsOf(what: string, users: ArrayLike<Id>, items: ArrayLike<Id>): [Int32Array, Int32Array] {
    return reading(`${what}: users and items`, () => {
      requireList(`${what}: users`, users, 'an array of user ids');
      requireList(`${what}: items`, items, 'an array of item ids');
      const [n, m] = [users.length, items.length];
      if (n !== m) throw invalid(`${what}: users and items must have equal lengths; they have ${n} and ${m} entries`);
      return [this.#parts.users.findAll(users), this.#parts.items.findAll(items)];
    });
  }

  /**
   * The posterior standard deviation of a rating in a model of `variational` or `bayesian`, the noise of the user included. About 90% of ratings are
   * within 1.645 standard deviations of the prediction, clipping aside.
   * @throws MatfacError `unknown-id`; `unsupported` for other solvers.
   */
  uncertainty(user: Id, item: Id): number {
    const { users, items } = this.#parts;
    const [row, column] = [findId('user', users, user), findId('item', items, item)];
    return this.#handle.use((model) => model.uncertainty(row, column));
  }

  /** `recommendMany` in slices, so that other tasks have their turn, and on threads where they are available. */
  async recommendManyAsync(users: ArrayLike<Id>, options: RecommendManyAsyncOptions = {}): Promise<Recommendation[][]> {
    const { threads, signal, ...rest } = plainOptions('recommendManyAsync', options, [
      ...RECOMMEND_OPTIONS,
      'threads',
      'signal',
    ]);
    const how = { ...(threads !== undefined && { threads }), ...(signal !== undefined && { signal }) };
    checkThreads('recommendManyAsync', how);
    const task = recommendTask('recommendManyAsync', rest, this.#parts.items);
    return recommendInSlices(this.#handle, { parts: this.#parts, users: userRows(this.#parts, users), task }, how);
  }

  /**
   * A model with these items too, without training: from their features, from ratings by users of the model, or both. The rest of
   * the model stays as it is; save and load keep the new items.
   * @throws MatfacError `unknown-id` for a user not in the model; `invalid-argument` for an id that the model has, a rating outside
   * the range, features that the model does not know; `unsupported` for `popularity`, and for `bpr` but for items by features alone.
   */
  async withItems(items: Iterable<NewItem>): Promise<Model> {
    const { withNewRows } = await import('./new-rows.js');
    return Model.create(await loadCore(), withNewRows(this.#handle, this.#parts, items, 'items'));
  }

  /** The same for users; ratings are of items of the model. `unsupported` for `popularity`. */
  async withUsers(users: Iterable<NewUser>): Promise<Model> {
    const { withNewRows } = await import('./new-rows.js');
    return Model.create(await loadCore(), withNewRows(this.#handle, this.#parts, users, 'users'));
  }

  /**
   * The users most similar to a user, by the cosine of their factors, best first; never the user.
   * @throws MatfacError `unknown-id` for a user not in the model; `invalid-argument` for a bad option.
   */
  similarUsers(user: Id, options: SimilarOptions = {}): { user: Id; score: number }[] {
    const { users } = this.#parts;
    const task = similarTask('similarUsers', options, users);
    const index = findId('user', users, user);
    const { items, scores } = this.#handle.use((model) => model.similarUsers(index, ...task));
    return Array.from(items, (other, rank) => ({ user: users.at(other), score: scores[rank]! }));
  }

  /**
   * The model as a safetensors file, which Python's safetensors package also reads.
   * @throws MatfacError `unsupported` for a number beyond 65,504 in float16.
   */
  save(options: SaveOptions = {}): Uint8Array<ArrayBuffer> {
    return atOnce(this.#encoded(options));
  }

  *#encoded(options: SaveOptions): Generator<void, Uint8Array<ArrayBuffer>> {
    const { dtype, users, ratings, state, share } = checkedSaving(options);
    const tensors = yield* tensorsOf(this.#handle, state);
    const kept = {
      itemCounts: itemCountsOf(this.#parts),
      users: users ? this.#parts.users : new GrowingIds(),
      tensors,
      rated: ratings ? this.#parts.rated : null,
    };
    const contents = { ...this.#parts, ...kept };
    return yield* encodingSteps(share ? shared(contents) : contents, dtype);
  }

  /**
   * Stores the model in this browser (IndexedDB) under a name, replacing a model of that name. The options are those of
   * `save`, with `state: true` by default where that is possible. Works in slices of a few milliseconds.
   * @throws MatfacError `unsupported` without IndexedDB, as in Node; `out-of-memory` when the storage is full, which leaves the
   * stored model as it was.
   */
  async store(name: string, options: SaveOptions = {}): Promise<void> {
    const bytes = await inTurns(this.#encoded(withState(options)));
    await (await storage()).storeBytes(name, bytes);
  }

  /**
   * A model that `store` keeps in this browser.
   * @throws MatfacError `unknown-id` when there is none of that name; `corrupt-model`; `unsupported` as `store`.
   */
  static async restore(name: string, options?: LoadOptions): Promise<Model> {
    return Model.load(await (await storage()).storedBytes(name), options);
  }

  /** The names of the models stored in this browser, sorted. @throws MatfacError `unsupported` without IndexedDB. */
  static async stored(): Promise<string[]> {
    return (await storage()).storedNames();
  }

  /** Deletes a stored model; does nothing when there is none of that name. @throws MatfacError `unsupported`. */
  static async forget(name: string): Promise<void> {
    return (await storage()).forgetBytes(name);
  }

  #tensor<Name extends Exclude<keyof CoreTensors, 'codes'>>(name: Name): CoreTensors[Name] {
    return this.#handle.use((model) => model.tensor(name));
  }
}
