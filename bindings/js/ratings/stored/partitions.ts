import type { Columns } from '../columns.js';
import { CHUNK_ROWS, RowFile, rowsFor, someRows } from './row-file.js';
import type { Spill } from './spill.js';

/** Users one after another whose rows fit in memory. */
export interface Partition {
  firstUser: number;
  endUser: number;
  /** Its rows stand together. */
  firstRow: number;
  endRow: number;
}

/** A partition has at most so many rows, unless it is of one user. */
export const PARTITION_ROWS = 1 << 18;
/** Rows that wait for their partition, in all. */
const WAITING_ROWS = 1 << 20;
const MOST_WAITING = 1 << 13;

/** `counts` has the number of rows of each user. */
export function partitionsOf(counts: Int32Array, most = PARTITION_ROWS): Partition[] {
  const partitions: Partition[] = [];
  let last: Partition | undefined;
  let row = 0;
  for (let user = 0; user < counts.length; user++) {
    const end = row + counts[user]!;
    if (!last || end - last.firstRow > most) {
      last = { firstUser: user, endUser: user, firstRow: row, endRow: row };
      partitions.push(last);
    }
    last.endUser = user + 1;
    last.endRow = end;
    row = end;
  }
  return partitions;
}

/** The same rows, those of each partition together and in their order, behind the others in the store. */
export function* scattered(spill: Spill, userCount: number, partitions: Partition[]): Generator<void, RowFile> {
  const { store, rows, size, hasTimestamps } = spill;
  if (spill.isSorted) return rows;
  const target = new RowFile(store, rows.endOf(size), hasTimestamps);
  const most = Math.max(64, Math.min(MOST_WAITING, Math.floor(WAITING_ROWS / partitions.length)));
  const queues = partitions.map(({ firstRow }) => new Queue(target, firstRow, most));
  const queueOf = new Int32Array(userCount);
  for (const [index, { firstUser, endUser }] of partitions.entries()) queueOf.fill(index, firstUser, endUser);
  for (let row = 0; row < size; row += CHUNK_ROWS) {
    yield;
    const chunk = rows.read(row, Math.min(CHUNK_ROWS, size - row));
    for (let at = 0; at < chunk.users.length; at++) queues[queueOf[chunk.users[at]!]!]!.push(chunk, at);
  }
  for (const queue of queues) queue.flush();
  return target;
}

/** The next rows of a partition, before they are written. */
class Queue {
  readonly #rows: Columns;
  #size = 0;

  constructor(
    readonly target: RowFile,
    public row: number,
    most: number,
  ) {
    this.#rows = rowsFor(most, target.hasTimestamps);
  }

  push(from: Columns, at: number): void {
    const { users, items, values, timestamps } = this.#rows;
    if (this.#size === users.length) this.flush();
    const row = this.#size++;
    users[row] = from.users[at]!;
    items[row] = from.items[at]!;
    values[row] = from.values[at]!;
    if (timestamps) timestamps[row] = from.timestamps![at]!;
  }

  flush(): void {
    this.target.write(this.row, someRows(this.#rows, 0, this.#size));
    this.row += this.#size;
    this.#size = 0;
  }
}
