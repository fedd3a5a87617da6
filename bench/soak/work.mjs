// Mixed work on a few models, in the order that the seed gives; the same in Node and in a page.
import { Latencies } from './latencies.mjs';
import { oneOf, randomOf } from './random.mjs';

/** @typedef {typeof import('matfac')} Matfac */
/** @typedef {import('matfac').Model} Model */
/** @typedef {import('matfac').Ratings} Ratings */

const MOST_MODELS = 6;
const HOW_OFTEN = {
  train: 2,
  cancel: 2,
  'train and dispose': 2,
  'fold in': 16,
  recommend: 16,
  similar: 8,
  save: 3,
  load: 3,
  store: 1,
  restore: 1,
  read: 3,
  dispose: 1,
  forget: 1,
};
/** @typedef {keyof typeof HOW_OFTEN} Kind */

export class MixedWork {
  /** @type {Map<string, Latencies>} */
  latencies = new Map();
  /** Each kind as often as it is to be done. @type {Kind[]} */
  #kinds;
  #matfac;
  #random;
  /** @type {Ratings[]} */
  #sets = [];
  /** @type {Model[]} */
  #models = [];
  /** A file of a model. */
  #file = new Uint8Array();
  #solvers;

  /** @param {Matfac} matfac @param {number} seed */
  constructor(matfac, seed) {
    this.#matfac = matfac;
    this.#random = randomOf(seed);
    this.#solvers = /** @type {(keyof Matfac['SOLVERS'])[]} */ (Object.keys(matfac.SOLVERS));
    const kinds = /** @type {[Kind, number][]} */ (Object.entries(HOW_OFTEN));
    const stores = typeof indexedDB === 'object';
    this.#kinds = kinds
      .filter(([kind]) => stores || (kind !== 'store' && kind !== 'restore'))
      .flatMap(([kind, times]) => Array.from({ length: times }, () => kind));
  }

  async begin() {
    const { Ratings, train } = this.#matfac;
    this.#sets = [await Ratings.sample('tiny'), await Ratings.sample('ml100k')];
    const model = await train(this.#set(0), { solver: 'als', factors: 8, epochs: 2 });
    this.#file = model.save();
    if (typeof indexedDB === 'object') await model.store('soak');
    this.#models.push(model);
  }

  /** One piece of work, its latency with those of its kind. */
  async next() {
    const kind = oneOf(this.#kinds, this.#random);
    const began = performance.now();
    await this.#do(kind);
    const latencies = this.latencies.get(kind) ?? new Latencies();
    this.latencies.set(kind, latencies);
    latencies.add(performance.now() - began);
  }

  /** @param {Kind} kind */
  async #do(kind) {
    const model = oneOf(this.#models, this.#random);
    switch (kind) {
      case 'train':
        return this.#keep(await this.#matfac.train(this.#set(this.#random() < 0.1 ? 1 : 0), this.#options()));
      case 'train and dispose':
        return (await this.#matfac.train(this.#set(0), this.#options())).dispose();
      case 'cancel':
        return cancelled(this.#matfac, this.#set(0), Math.floor(4 * this.#random()), this.#random() < 0.5);
      case 'fold in':
        return this.#foldIn(model);
      case 'recommend':
        return model.userCount && model.recommend(oneOf(model.users, this.#random), { n: 10 });
      case 'similar':
        return model.similarItems(oneOf(model.items, this.#random), { n: 10 });
      case 'save':
        this.#file = model.save();
        return;
      case 'load':
        return this.#keep(await this.#matfac.Model.load(this.#file));
      case 'read':
        return this.#matfac.Ratings.fromFile(this.#table());
      case 'store':
        return model.store('soak');
      case 'restore':
        return this.#keep(await this.#matfac.Model.restore('soak'));
      case 'dispose':
        return this.#drop()?.dispose();
      case 'forget':
        this.#drop();
    }
  }

  /** A file of ratings. */
  #table() {
    const row = () =>
      `u${Math.floor(200 * this.#random())},i${Math.floor(300 * this.#random())},${1 + Math.floor(5 * this.#random())}`;
    return new Blob([`user,item,rating\n${Array.from({ length: 1000 }, row).join('\n')}\n`]);
  }

  /** @param {number} index */
  #set(index) {
    return /** @type {Ratings} */ (this.#sets[index]);
  }

  #options() {
    const solver = oneOf(this.#solvers, this.#random);
    const options = { solver, seed: Math.floor(1e6 * this.#random()), epochs: 1 + Math.floor(3 * this.#random()) };
    if (!this.#matfac.SOLVERS[solver].hasFactors) return { solver };
    return { ...options, factors: oneOf([4, 16, 48], this.#random) };
  }

  /** The recommendations of a visitor with up to ten ratings. @param {Model} model */
  #foldIn(model) {
    const rated = Array.from({ length: 10 }, () => ({
      item: oneOf(model.items, this.#random),
      rating: 1 + Math.floor(5 * this.#random()),
    }));
    const ratings = [...new Map(rated.map((each) => [each.item, each])).values()];
    model.foldIn(ratings).recommend({ n: 10 });
  }

  /** Takes a model in; one of them makes room, disposed or forgotten. @param {Model} model */
  #keep(model) {
    this.#models.push(model);
    if (this.#models.length <= MOST_MODELS) return;
    const dropped = this.#drop();
    if (this.#random() < 0.5) dropped?.dispose();
  }

  /** Takes a model out, but not the last. */
  #drop() {
    if (this.#models.length < 2) return undefined;
    return this.#models.splice(Math.floor(this.#models.length * this.#random()), 1)[0];
  }
}

/**
 * Cancels a training after this many epochs, or at once; the model so far is disposed or forgotten.
 * @param {Matfac} matfac @param {Ratings} ratings @param {number} epochs @param {boolean} disposes
 */
export async function cancelled({ train, TrainingCancelledError }, ratings, epochs, disposes) {
  const training = train(ratings, { solver: 'als', factors: 16, epochs: 100_000 });
  if (epochs > 0) {
    let left = epochs;
    for await (const _ of training) if (--left === 0) break;
  }
  training.cancel();
  try {
    await training;
  } catch (error) {
    if (!(error instanceof TrainingCancelledError)) throw error;
    if (disposes) error.model?.dispose();
    return;
  }
  throw new Error('A cancelled training did not reject');
}
