import { Packer } from './packed-ratings.js';
import { bytesOf, type Store } from './store.js';
import type { Statistics, StoredParts } from './stored-parts.js';

/** How many numbers are moved at a time. */
const MOVED = 1 << 18;

/** The rows of whole users, in the order of the users: items ascend within a user. */
export interface UserRows {
  /** How many rows each user has. */
  counts: Int32Array;
  items: Int32Array;
  values: Float32Array;
  /** Seconds since the origin. */
  times: Uint32Array | undefined;
}

/** Writes ratings by user from the beginning of a store on (see `StoredRows`), and packs them for the models. */
export class RowsWriter {
  readonly #packer: Packer;
  readonly #itemCounts: Int32Array;
  #size = 0;
  #sum = 0;
  #range: Statistics['range'] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  /** There are at most `most` ratings; `timeOrigin` is NaN without times. */
  constructor(
    readonly store: Store,
    readonly most: number,
    userCount: number,
    itemCount: number,
    readonly timeOrigin: number,
  ) {
    this.#packer = new Packer(userCount);
    this.#itemCounts = new Int32Array(itemCount);
  }

  add({ counts, items, values, times }: UserRows): void {
    const { store, most } = this;
    const size = this.#size;
    store.write(4 * size, bytesOf(items));
    store.write(4 * (most + size), bytesOf(values));
    if (times) store.write(4 * (2 * most + size), bytesOf(times));
    this.#packer.add(counts, items, values);
    this.#size += items.length;
    let [sum, [least, greatest]] = [this.#sum, this.#range];
    for (let row = 0; row < items.length; row++) {
      const value = values[row]!;
      sum += value;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
      this.#itemCounts[items[row]!]!++;
    }
    this.#sum = sum;
    this.#range = [least, greatest];
  }

  *finish(): Generator<void, StoredParts> {
    const [size, hasTimes] = [this.#size, !Number.isNaN(this.timeOrigin)];
    if (size < this.most) {
      yield* this.#move(this.most, size);
      if (hasTimes) yield* this.#move(2 * this.most, 2 * size);
    }
    const statistics = { mean: this.#sum / size, range: this.#range, itemCounts: this.#itemCounts };
    return { size, timeOrigin: this.timeOrigin, statistics, packed: this.#packer.finish() };
  }

  /** Moves as many numbers as there are ratings forward to an earlier place. */
  *#move(from: number, to: number): Generator<void, void> {
    for (let done = 0; done < this.#size; done += MOVED) {
      yield;
      const bytes = new Uint8Array(4 * Math.min(MOVED, this.#size - done));
      this.store.read(4 * (from + done), bytes);
      this.store.write(4 * (to + done), bytes);
    }
  }
}
