import type { CoreServing } from './core.js';
import { guard, invalid, MatfacError, translate } from './errors.js';
import { disposeSymbol, Handle } from './handle.js';
import { type Id, type Ids, show } from './ids.js';
import { fetched } from './io/address.js';
import { bytesOf } from './io/source.js';
import { dimensionsOf, type MapOptions, type MapPoint, pointsOf, type SpacePoint } from './item-map.js';
import { configured, detectFeatures, pickVariant } from './load.js';
import { decodeModel, type ModelContents } from './model-file.js';
import { isImplicit, type Solver } from './options.js';
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
import { recommendPart } from './recommend-many.js';
import { corrupt } from './safetensors.js';
import { createServing, type ServeModule } from './serve-core.js';

let loading: Promise<ServeModule> | undefined;

function loadModule(): Promise<ServeModule> {
  loading ??= load().catch((failure) => {
    loading = undefined;
    throw failure;
  });
  return loading;
}

async function load(): Promise<ServeModule> {
  pickVariant(detectFeatures());
  const { wasmUrl } = configured();
  try {
    const { default: create } = await import('./wasm/matfac-serve.js');
    return await create(wasmUrl ? { locateFile: (name) => (name.endsWith('.wasm') ? wasmUrl : name) } : {});
  } catch (cause) {
    const failure = translate(cause);
    if (failure instanceof MatfacError) throw failure;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = 'is it served beside the code? configure({wasmUrl}) says where matfac-serve.wasm is';
    throw new MatfacError('unsupported', `The WebAssembly module could not be loaded (${reason}); ${hint}`, { cause });
  }
}

/**
 * A trained model that recommends, of a file that `save` of the whole library wrote: the same answers, bit for bit, from a
 * smaller download. It neither trains nor saves.
 */
export class Model {
  readonly #handle: Handle<CoreServing>;
  readonly #parts: Omit<ModelContents, 'tensors'>;

  private constructor(handle: Handle<CoreServing>, parts: Omit<ModelContents, 'tensors'>) {
    this.#handle = handle;
    this.#parts = parts;
  }

  /**
   * The bytes of a model, a Blob or Response of them, or their address. Every field is checked.
   * @throws MatfacError `corrupt-model`; `invalid-argument` when it cannot be fetched.
   */
  static async load(source: Uint8Array | ArrayBuffer | Blob | Response | URL): Promise<Model> {
    if (typeof source === 'string') throw invalid(`The source is ${show(source)}; give an address as new URL(…)`);
    const { tensors, ...parts } = decodeModel(await bytesOf(source instanceof URL ? await fetched(source) : source));
    const module = await loadModule();
    try {
      const serving = guard(() => createServing(module, tensors, parts.options));
      return new Model(new Handle(serving, 'model'), parts);
    } catch (failure) {
      if (failure instanceof MatfacError && failure.code === 'invalid-argument')
        throw corrupt(failure.message, failure);
      throw failure;
    }
  }

  get solver(): Solver {
    return this.#parts.options.solver as Solver;
  }

  /** The ids of the users. */
  get users(): readonly Id[] {
    return this.#parts.users.list;
  }

  /** The ids of the items. */
  get items(): readonly Id[] {
    return this.#parts.items.list;
  }

  /** The rating as predicted, clipped to the range. Of an unknown user or item only the mean and the known bias count. */
  predict(user: Id, item: Id): number {
    const { users, items } = this.#parts;
    return this.#handle.use((model) => model.predict(users.find(user), items.find(item)));
  }

  /** The best items for a user, best first. @throws MatfacError `unknown-id` (`foldIn` recommends to others). */
  recommend(user: Id, options: RecommendOptions = {}): Recommendation[] {
    const index = this.#find('user', user);
    const common = recommendTask('recommend', options, this.#parts.items);
    const task = withExcluded(common, () => this.#ratedBy(index).items);
    return recommendationsOf(
      this.#handle.use((model) => model.recommend(index, task)),
      this.#parts.items,
    );
  }

  /** `recommend` for each of the users, in less time: users are ranked together. @throws MatfacError as `recommend`. */
  recommendMany(users: readonly Id[], options: RecommendOptions = {}): Recommendation[][] {
    if (!Array.isArray(users)) throw invalid(`users is ${show(users)}; it must be an array of user ids`);
    const task = recommendTask('recommendMany', options, this.#parts.items);
    const rows = Int32Array.from(users, (user) => this.#find('user', user));
    return recommendPart(this.#handle, { parts: this.#parts, users: rows, task }, 0, rows.length, 1);
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

  /**
   * What each of the user's ratings adds to the item's score, the weightiest first.
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

  /** A visitor not in the model, from a few ratings, in one step and with no training. @throws MatfacError `unknown-id`. */
  foldIn(ratings: Iterable<ItemRating>): Profile {
    if (typeof (ratings as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] !== 'function') {
      throw invalid(`foldIn: ratings is ${show(ratings)}; it must be an array of {item, rating}`);
    }
    return new Profile(this.#handle, this.#parts.items, isImplicit(this.solver), ratings);
  }

  /** The items on the two or three axes along which their factors spread most. */
  map(options?: MapOptions & { dimensions?: 2 }): MapPoint[];
  map(options: MapOptions & { dimensions: 3 }): SpacePoint[];
  map(options: MapOptions = {}): MapPoint[] {
    const dimensions = dimensionsOf(options);
    return pointsOf(
      this.#handle.use((model) => model.map(dimensions)),
      dimensions,
      this.#parts.items,
    );
  }

  /** Gives the memory back. Using the model afterwards throws `disposed`. */
  dispose(): void {
    this.#handle.dispose();
  }

  [disposeSymbol](): void {
    this.dispose();
  }

  #ratedBy(user: number) {
    const { rated } = this.#parts;
    return rated ? ratedBy(rated, user) : { items: new Int32Array(), values: new Float32Array() };
  }

  #find(what: 'user' | 'item', id: Id): number {
    const ids: Ids = what === 'user' ? this.#parts.users : this.#parts.items;
    const index = ids.find(id);
    if (index >= 0) return index;
    throw new MatfacError('unknown-id', `There is no ${what} ${show(id)} in the model`);
  }
}
