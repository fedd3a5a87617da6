import type { Ids } from './ids.js';

/** Ratings as dense indices, a row each. */
export interface Columns {
  users: Int32Array;
  items: Int32Array;
  values: Float32Array;
  timestamps?: Float64Array;
}

/** Columns with the ids that their indices stand for; every id has at least one row. */
export interface Table {
  columns: Columns;
  users: Ids;
  items: Ids;
  /** No rating values were given: each pair weighs 1. */
  implicit: boolean;
}

/** How many rows a sliced loop does between two yields: a few milliseconds. */
export const SLICE_ROWS = 1 << 17;

/** Columns that grow as rows come. */
export class GrowingColumns {
  #users = new Int32Array(1024);
  #items = new Int32Array(1024);
  #values = new Float32Array(1024);
  #timestamps: Float64Array | undefined;
  size = 0;

  constructor(withTimestamps: boolean) {
    if (withTimestamps) this.#timestamps = new Float64Array(1024);
  }

  get hasTimestamps(): boolean {
    return this.#timestamps !== undefined;
  }

  push(user: number, item: number, value: number, timestamp: number): void {
    const row = this.size++;
    if (row === this.#users.length) this.#grow();
    this.#users[row] = user;
    this.#items[row] = item;
    this.#values[row] = value;
    if (this.#timestamps) this.#timestamps[row] = timestamp;
  }

  finish(): Columns {
    const columns: Columns = {
      users: this.#users.slice(0, this.size),
      items: this.#items.slice(0, this.size),
      values: this.#values.slice(0, this.size),
    };
    if (this.#timestamps) columns.timestamps = this.#timestamps.slice(0, this.size);
    return columns;
  }

  #grow(): void {
    const length = this.#users.length * 2;
    this.#users = copyInto(new Int32Array(length), this.#users);
    this.#items = copyInto(new Int32Array(length), this.#items);
    this.#values = copyInto(new Float32Array(length), this.#values);
    if (this.#timestamps) this.#timestamps = copyInto(new Float64Array(length), this.#timestamps);
  }
}

function copyInto<T extends { set(source: T): void }>(target: T, source: T): T {
  target.set(source);
  return target;
}

/** The rows that `keeps` says, in their order. */
export function pickRows(columns: Columns, keeps: (row: number) => boolean, size: number): Columns {
  const picked: Columns = {
    users: new Int32Array(size),
    items: new Int32Array(size),
    values: new Float32Array(size),
  };
  if (columns.timestamps) picked.timestamps = new Float64Array(size);
  for (let row = 0, place = 0; place < size; row++) {
    if (!keeps(row)) continue;
    picked.users[place] = columns.users[row]!;
    picked.items[place] = columns.items[row]!;
    picked.values[place] = columns.values[row]!;
    if (picked.timestamps) picked.timestamps[place] = columns.timestamps![row]!;
    place++;
  }
  return picked;
}

/** Where each index begins when rows are sorted by it: counts summed up, length + 1 numbers. */
export function offsetsOf(indices: Int32Array, count: number): Int32Array {
  const offsets = new Int32Array(count + 1);
  for (let row = 0; row < indices.length; row++) offsets[indices[row]! + 1]!++;
  for (let index = 0; index < count; index++) offsets[index + 1]! += offsets[index]!;
  return offsets;
}
