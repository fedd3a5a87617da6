import { MatfacError } from '../../base/errors.js';
import type { Columns, GrowingColumns } from '../columns.js';
import { noColumns } from '../no-columns.js';
import { CHUNK_ROWS, RowFile, rowsFor, someRows } from './row-file.js';
import type { Store } from './store.js';

/** Rows are numbered by 32 bits. */
const MOST_ROWS = 2 ** 31 - 1;

/** No columns in memory: the rows are in a store. */
export interface SpilledColumns extends Columns {
  spill: Spill;
  /** As many rows at the beginning have day and month exchanged. */
  turned: number;
}

/** Columns that grow row by row in a store; the last rows, and how many ratings each user has, are in memory. */
export class Spill implements Pick<GrowingColumns, 'size' | 'hasTimestamps' | 'push' | 'open'> {
  readonly rows: RowFile;
  /** Whether each user's rows stand together, in the order of the users. */
  isSorted = true;
  readonly #block: Columns;
  #row = 0;
  #before = 0;
  #counts = new Int32Array(1024);
  #lastUser = 0;

  constructor(
    readonly store: Store,
    readonly hasTimestamps: boolean,
  ) {
    this.rows = new RowFile(store, 0, hasTimestamps);
    this.#block = rowsFor(CHUNK_ROWS, hasTimestamps);
  }

  get size(): number {
    return this.#before + this.#row;
  }

  open(most: number): Columns {
    this.#makeRoom();
    const start = this.#row;
    this.#row = Math.min(CHUNK_ROWS, start + most);
    return someRows(this.#block, start, this.#row);
  }

  push(user: number, item: number, value: number, timestamp: number): void {
    this.#makeRoom();
    const row = this.#row++;
    this.#block.users[row] = user;
    this.#block.items[row] = item;
    this.#block.values[row] = value;
    if (this.#block.timestamps) this.#block.timestamps[row] = timestamp;
  }

  *finish(): Generator<void, SpilledColumns> {
    this.#flush();
    yield;
    return { ...noColumns(), spill: this, turned: 0 };
  }

  /** How many rows each user has. */
  countsOf(userCount: number): Int32Array {
    const counts = new Int32Array(userCount);
    counts.set(this.#counts.subarray(0, userCount));
    return counts;
  }

  #makeRoom(): void {
    if (this.#row === CHUNK_ROWS) this.#flush();
  }

  #flush(): void {
    if (this.size > MOST_ROWS)
      throw new MatfacError('unsupported', `rows must be at most ${MOST_ROWS} for stored ratings; there are more`);
    const rows = someRows(this.#block, 0, this.#row);
    for (const user of rows.users) {
      if (user >= this.#counts.length) this.#grow(user);
      this.#counts[user]!++;
      if (user < this.#lastUser) this.isSorted = false;
      this.#lastUser = user;
    }
    this.rows.write(this.#before, rows);
    this.#before += this.#row;
    this.#row = 0;
  }

  #grow(user: number): void {
    const counts = new Int32Array(Math.max(user + 1, 2 * this.#counts.length));
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
