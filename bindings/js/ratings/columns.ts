import { atOnce } from '../base/pause.js';
import type { Ids } from './ids.js';

/** Ratings as dense indices, one per row. */
export interface Columns {
  users: Int32Array;
  items: Int32Array;
  values: Float32Array;
  timestamps?: Float64Array;
}

/** Columns with the ids of their indices; every id has at least one row. */
export interface Table {
  columns: Columns;
  users: Ids;
  items: Ids;
  /** No rating values were given: each pair weighs 1. */
  implicit: boolean;
}

/** How many rows a sliced loop processes between two yields: a few milliseconds. */
export const SLICE_ROWS = 1 << 17;

/** The same for scattered writes: each may be the first to a page of memory, which takes a microsecond. */
export const SLICE_SCATTERED = 1 << 13;

/** Columns that grow row by row, in blocks, so that growing never copies rows. */
export class GrowingColumns {
  readonly #blocks: Columns[] = [];
  #block: Columns;
  #row = 0;

  constructor(readonly hasTimestamps: boolean) {
    this.#block = atOnce(newColumns(SLICE_ROWS, hasTimestamps));
  }

  get size(): number {
    return this.#blocks.length * SLICE_ROWS + this.#row;
  }

  push(user: number, item: number, value: number, timestamp: number): void {
    if (this.#row === SLICE_ROWS) {
      this.#blocks.push(this.#block);
      this.#block = atOnce(newColumns(SLICE_ROWS, this.hasTimestamps));
      this.#row = 0;
    }
    const block = this.#block;
    const row = this.#row++;
    block.users[row] = user;
    block.items[row] = item;
    block.values[row] = value;
    if (block.timestamps) block.timestamps[row] = timestamp;
  }

  /** All rows as one block. */
  *finish(): Generator<void, Columns> {
    const size = this.size;
    const columns = yield* newColumns(size, this.hasTimestamps);
    this.#blocks.push(this.#block);
    for (const [number, block] of this.#blocks.entries()) {
      const start = number * SLICE_ROWS;
      const rows = Math.min(SLICE_ROWS, size - start);
      columns.users.set(block.users.subarray(0, rows), start);
      columns.items.set(block.items.subarray(0, rows), start);
      columns.values.set(block.values.subarray(0, rows), start);
      columns.timestamps?.set(block.timestamps!.subarray(0, rows), start);
      yield;
    }
    return columns;
  }
}

/** Yields between columns: clearing the memory of tens of millions of rows takes tens of milliseconds per column. */
function* newColumns(size: number, hasTimestamps: boolean): Generator<void, Columns> {
  const users = new Int32Array(size);
  yield;
  const items = new Int32Array(size);
  yield;
  const columns: Columns = { users, items, values: new Float32Array(size) };
  yield;
  if (hasTimestamps) columns.timestamps = new Float64Array(size);
  return columns;
}

/** A copy of the rows. */
export function* copyRows(columns: Columns): Generator<void, Columns> {
  const size = columns.users.length;
  const copy = yield* newColumns(size, columns.timestamps !== undefined);
  for (let start = 0; start < size; start += SLICE_ROWS) {
    yield;
    const end = start + SLICE_ROWS;
    copy.users.set(columns.users.subarray(start, end), start);
    copy.items.set(columns.items.subarray(start, end), start);
    copy.values.set(columns.values.subarray(start, end), start);
    copy.timestamps?.set(columns.timestamps!.subarray(start, end), start);
  }
  return copy;
}

/** The `size` rows that are marked with `mark`, in their order. */
export function* pickRows(columns: Columns, marks: Uint8Array, mark: number, size: number): Generator<void, Columns> {
  const picked = yield* newColumns(size, columns.timestamps !== undefined);
  for (let row = 0, target = 0; target < size; row++) {
    if (row % SLICE_ROWS === 0) yield;
    if (marks[row] !== mark) continue;
    picked.users[target] = columns.users[row]!;
    picked.items[target] = columns.items[row]!;
    picked.values[target] = columns.values[row]!;
    if (picked.timestamps) picked.timestamps[target] = columns.timestamps![row]!;
    target++;
  }
  return picked;
}

/** Each index replaced by the new index that `newIndices` has for it. */
export function* reindexed(indices: Int32Array, newIndices: Int32Array): Generator<void, Int32Array> {
  const found = new Int32Array(indices.length);
  for (let row = 0; row < found.length; row++) {
    if (row % SLICE_ROWS === 0) yield;
    found[row] = newIndices[indices[row]!]!;
  }
  return found;
}

/** The first row of each index when rows are sorted by it, and their number: `count` + 1 cumulative counts. */
export function* offsetsOf(indices: Int32Array, count: number): Generator<void, Int32Array> {
  const offsets = new Int32Array(count + 1);
  for (let row = 0; row < indices.length; row++) {
    if (row % SLICE_ROWS === 0) yield;
    offsets[indices[row]! + 1]!++;
  }
  for (let index = 0; index < count; index++) offsets[index + 1]! += offsets[index]!;
  return offsets;
}

export function countMarks(marks: Uint8Array, mark: number): number {
  let count = 0;
  for (let row = 0; row < marks.length; row++) if (marks[row] === mark) count++;
  return count;
}
