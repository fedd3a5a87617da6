import { bytesOf, type Store } from '../../ratings/stored/store.js';
import type { SplitJob } from '../../training/protocol.js';

/** Users one after another, whose rows are read at a time: from `first` up to `end`. */
export interface UserBlock {
  first: number;
  end: number;
}

/** The rows of whole users, in order. */
export interface UsersRead extends UserBlock {
  /** The number of the first row among all. */
  firstRow: number;
  users: Int32Array;
  items: Int32Array;
  values: Float32Array;
  /** Seconds since the origin. */
  times: Uint32Array | undefined;
}

/** A block has at most so many rows, unless it is of one user. */
const BLOCK_ROWS = 1 << 17;

export function userBlocks(offsets: Int32Array): UserBlock[] {
  const blocks: UserBlock[] = [];
  for (let first = 0; first + 1 < offsets.length; ) {
    let end = first + 1;
    while (end + 1 < offsets.length && offsets[end + 1]! - offsets[first]! <= BLOCK_ROWS) end++;
    blocks.push({ first, end });
    first = end;
  }
  return blocks;
}

export function readUsers(store: Store, { stored, size }: SplitJob, { first, end }: UserBlock): UsersRead {
  const { offsets, timeOrigin } = stored;
  const [firstRow, endRow] = [offsets[first]!, offsets[end]!];
  const count = endRow - firstRow;
  const rows: UsersRead = {
    ...{ first, end, firstRow },
    users: new Int32Array(count),
    items: new Int32Array(count),
    values: new Float32Array(count),
    times: Number.isNaN(timeOrigin) ? undefined : new Uint32Array(count),
  };
  for (let user = first; user < end; user++) {
    rows.users.fill(user, offsets[user]! - firstRow, offsets[user + 1]! - firstRow);
  }
  store.read(4 * firstRow, bytesOf(rows.items));
  store.read(4 * (size + firstRow), bytesOf(rows.values));
  if (rows.times) store.read(4 * (2 * size + firstRow), bytesOf(rows.times));
  return rows;
}
