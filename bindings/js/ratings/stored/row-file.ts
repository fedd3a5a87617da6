import type { Columns } from '../columns.js';
import { bytesOf, type Store } from './store.js';

/** How many rows stand together; within these, column by column. */
export const CHUNK_ROWS = 1 << 16;

/** Columns for so many rows. */
export function rowsFor(count: number, hasTimestamps: boolean): Columns {
  const rows: Columns = { users: new Int32Array(count), items: new Int32Array(count), values: new Float32Array(count) };
  if (hasTimestamps) rows.timestamps = new Float64Array(count);
  return rows;
}

/** The rows from `from` up to `to`, where they are. */
export function someRows({ timestamps, ...rows }: Columns, from: number, to: number): Columns {
  return {
    users: rows.users.subarray(from, to),
    items: rows.items.subarray(from, to),
    values: rows.values.subarray(from, to),
    ...(timestamps && { timestamps: timestamps.subarray(from, to) }),
  };
}

type Name = 'users' | 'items' | 'values' | 'timestamps';
type Column = Int32Array | Float32Array | Float64Array;

/** Rows as they are read, in a store from `begin` on: a table of columns that grows. */
export class RowFile {
  readonly #widths: [name: Name, bytes: number][];
  readonly #rowBytes: number;

  constructor(
    readonly store: Store,
    readonly begin: number,
    readonly hasTimestamps: boolean,
  ) {
    this.#widths = [
      ['users', 4],
      ['items', 4],
      ['values', 4],
    ];
    if (hasTimestamps) this.#widths.push(['timestamps', 8]);
    this.#rowBytes = hasTimestamps ? 20 : 12;
  }

  /** Where so many rows end. */
  endOf(rows: number): number {
    return this.begin + Math.ceil(rows / CHUNK_ROWS) * CHUNK_ROWS * this.#rowBytes;
  }

  write(first: number, rows: Columns): void {
    this.#each(first, rows.users.length, (offset, name, from, to) => {
      this.store.write(offset, bytesOf(rows[name]!.subarray(from, to)));
    });
  }

  read(first: number, count: number): Columns {
    const rows = rowsFor(count, this.hasTimestamps);
    this.#each(first, count, (offset, name, from, to) => {
      this.store.read(offset, bytesOf(rows[name]!.subarray(from, to)));
    });
    return rows;
  }

  /** One column of some rows. */
  readColumn(name: Name, first: number, into: Column): void {
    this.#each(first, into.length, (offset, column, from, to) => {
      if (column === name) this.store.read(offset, bytesOf(into.subarray(from, to)));
    });
  }

  writeColumn(name: Name, first: number, column: Column): void {
    this.#each(first, column.length, (offset, each, from, to) => {
      if (each === name) this.store.write(offset, bytesOf(column.subarray(from, to)));
    });
  }

  /** Calls `act` for each stretch of a column: where it is, and which of the `count` rows it has. */
  #each(first: number, count: number, act: (offset: number, name: Name, from: number, to: number) => void): void {
    for (let done = 0; done < count; ) {
      const inChunk = (first + done) % CHUNK_ROWS;
      const size = Math.min(CHUNK_ROWS - inChunk, count - done);
      let column = this.begin + (first + done - inChunk) * this.#rowBytes;
      for (const [name, bytes] of this.#widths) {
        act(column + inChunk * bytes, name, done, done + size);
        column += CHUNK_ROWS * bytes;
      }
      done += size;
    }
  }
}
