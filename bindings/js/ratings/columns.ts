import { atOnce } from '../base/pause.js';
import type { Ids } from './ids.js';
import type { PackedRatings } from './stored/packed-ratings.js';
import type { StoreFile } from './stored/store.js';
import type { Statistics } from './stored/stored-parts.js';

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
  /** Where the rows are, if they are not in memory. */
  stored?: StoredRows;
}

/** Ratings whose rows are in a store (`StoredParts`): their table has no columns, and reading them throws `unsupported`. */
export interface StoredRows {
  /** @throws MatfacError `disposed` after `dispose`. */
  readonly file: StoreFile;
  readonly size: number;
  readonly hasTimestamps: boolean;
  readonly timeOrigin: number;
  readonly rated: PackedRatings;
  readonly statistics: Statistics;
  /** The parts of the table that has these rows, made of their tables; `options` are those of `split`. */
  split<T>(
    table: Table,
    options: object,
    signal: AbortSignal | undefined,
    make: (part: Table) => T,
  ): Promise<{ train: T; test: T }>;
  dispose(): void;
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
  /** The rows of the blocks before the last one. */
  #before = 0;

  /** With the number of rows that are `expected`, the first block has room for them, and they need not be copied at the end. */
  constructor(
    readonly hasTimestamps: boolean,
    expected = 0,
  ) {
    this.#block = firstBlock(expected, hasTimestamps);
  }

  get size(): number {
    return this.#before + this.#row;
  }

  /** The next rows, at most `most` of them, for the caller to fill. */
  open(most: number): Columns {
    const block = this.#roomy();
    const start = this.#row;
    this.#row = Math.min(block.values.length, start + most);
    return rowsOf(block, start, this.#row);
  }

  push(user: number, item: number, value: number, timestamp: number): void {
    const block = this.#roomy();
    const row = this.#row++;
    block.users[row] = user;
    block.items[row] = item;
    block.values[row] = value;
    if (block.timestamps) block.timestamps[row] = timestamp;
  }

  /** The last block, which has room for at least one row. */
  #roomy(): Columns {
    if (this.#row === this.#block.values.length) {
      this.#blocks.push(this.#block);
      this.#before += this.#row;
      this.#block = atOnce(newColumns(SLICE_ROWS, this.hasTimestamps));
      this.#row = 0;
    }
    return this.#block;
  }

  /** All rows as one block. */
  *finish(): Generator<void, Columns> {
    const last = rowsOf(this.#block, 0, this.#row);
    if (this.#blocks.length === 0 && this.#row >= MOSTLY * this.#block.values.length) return last;
    const columns = yield* newColumns(this.size, this.hasTimestamps);
    let start = 0;
    for (const block of [...this.#blocks, last]) {
      yield* copyInto(columns, start, block);
      start += block.values.length;
    }
    return columns;
  }
}

/** A block that is as full as this is not copied into one without room. */
const MOSTLY = 0.75;

/** A block of at least `SLICE_ROWS`; a file whose first lines promise more than fits is read in blocks of these. */
function firstBlock(expected: number, hasTimestamps: boolean): Columns {
  try {
    return atOnce(newColumns(Math.max(SLICE_ROWS, expected), hasTimestamps));
  } catch (failure) {
    if (!(failure instanceof RangeError)) throw failure;
    return atOnce(newColumns(SLICE_ROWS, hasTimestamps));
  }
}

/** The rows from `start` to `end`, where they are. */
function rowsOf({ users, items, values, timestamps }: Columns, start: number, end: number): Columns {
  const rows: Columns = {
    users: users.subarray(start, end),
    items: items.subarray(start, end),
    values: values.subarray(start, end),
  };
  if (timestamps) rows.timestamps = timestamps.subarray(start, end);
  return rows;
}

function* copyInto(target: Columns, first: number, source: Columns): Generator<void, void> {
  const size = source.values.length;
  for (let start = 0; start < size; start += SLICE_ROWS) {
    const part = rowsOf(source, start, Math.min(size, start + SLICE_ROWS));
    target.users.set(part.users, first + start);
    target.items.set(part.items, first + start);
    target.values.set(part.values, first + start);
    target.timestamps?.set(part.timestamps!, first + start);
    yield;
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
  const copy = yield* newColumns(columns.users.length, columns.timestamps !== undefined);
  yield* copyInto(copy, 0, columns);
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
  for (let start = 0; start < indices.length; start += SLICE_ROWS) {
    yield;
    countInto(offsets.subarray(1), indices.subarray(start, start + SLICE_ROWS));
  }
  for (let index = 0; index < count; index++) offsets[index + 1]! += offsets[index]!;
  return offsets;
}

/** Adds how often each index occurs. A loop of its own, because engines make little of one that yields. */
export function countInto(counts: Int32Array, indices: Int32Array): void {
  for (let row = 0; row < indices.length; row++) counts[indices[row]!]!++;
}

export function countMarks(marks: Uint8Array, mark: number): number {
  let count = 0;
  for (let row = 0; row < marks.length; row++) if (marks[row] === mark) count++;
  return count;
}
