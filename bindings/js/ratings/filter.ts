import { plainOptions, requireCount } from '../base/checks.js';
import { type Columns, offsetsOf, SLICE_SCATTERED } from './columns.js';

/** Which users and items `ratings.filter` keeps. */
export interface FilterOptions {
  /** The least number of ratings of a user; default 1. */
  minPerUser?: number;
  /** The least number of ratings of an item; default 1. */
  minPerItem?: number;
}

/** @throws MatfacError `invalid-argument`. */
export function checkedFilter(options: FilterOptions): Required<FilterOptions> {
  const { minPerUser = 1, minPerItem = 1 } = plainOptions('filter', options, ['minPerUser', 'minPerItem']);
  requireCount('filter: minPerUser', minPerUser);
  requireCount('filter: minPerItem', minPerItem);
  return { minPerUser, minPerItem };
}

/** One side of the ratings: the rows of each user or item, how many of them are left, and how many there must be. */
interface Side {
  of: Int32Array;
  offsets: Int32Array;
  rows: Int32Array;
  left: Int32Array;
  least: number;
}

/**
 * Marks with 1 the rows of the largest part in which each user and each item has enough ratings. Linear: each user or item with
 * too few is removed once, with its rows, and what they take below its number is removed next.
 */
export function* coreMarks(
  { users, items }: Columns,
  userCount: number,
  itemCount: number,
  { minPerUser, minPerItem }: Required<FilterOptions>,
): Generator<void, Uint8Array> {
  const sides = [yield* sideOf(users, userCount, minPerUser), yield* sideOf(items, itemCount, minPerItem)] as const;
  const marks = new Uint8Array(users.length).fill(1);
  // Items after users. Each waits once: when its number falls below the least.
  const waiting: number[] = [];
  for (let index = 0; index < userCount; index++) if (sides[0].left[index]! < minPerUser) waiting.push(index);
  for (let index = 0; index < itemCount; index++)
    if (sides[1].left[index]! < minPerItem) waiting.push(userCount + index);
  for (let removed = 0, steps = 0; removed < waiting.length; removed++) {
    const next = waiting[removed]!;
    const [side, other] = next < userCount ? sides : [sides[1], sides[0]];
    const index = next < userCount ? next : next - userCount;
    for (let at = side.offsets[index]!; at < side.offsets[index + 1]!; at++) {
      if (steps++ % SLICE_SCATTERED === 0) yield;
      const row = side.rows[at]!;
      if (marks[row] === 0) continue;
      marks[row] = 0;
      const partner = other.of[row]!;
      if (other.left[partner]!-- === other.least) waiting.push(other === sides[0] ? partner : userCount + partner);
    }
  }
  return marks;
}

function* sideOf(of: Int32Array, count: number, least: number): Generator<void, Side> {
  const offsets = yield* offsetsOf(of, count);
  const left = Int32Array.from({ length: count }, (_, index) => offsets[index + 1]! - offsets[index]!);
  const rows = new Int32Array(of.length);
  const next = offsets.slice();
  for (let row = 0; row < of.length; row++) {
    if (row % SLICE_SCATTERED === 0) yield;
    rows[next[of[row]!]!++] = row;
  }
  return { of, offsets, rows, left, least };
}
