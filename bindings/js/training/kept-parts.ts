import type { RatingsByUser } from '../ratings/by-user.js';
import { SLICE_SCATTERED, type Table } from '../ratings/columns.js';
import { GrowingIds, type Ids } from '../ratings/ids.js';

/** The ids of a model, and what its users rated. */
export interface Rows {
  users: Ids;
  items: Ids;
  /** Null where it is unknown. */
  rated: RatingsByUser | null;
}

/** A warm start whose rows its training keeps: for each user and item of the ratings its row there, or −1. */
export interface Kept extends Rows {
  userRows: Int32Array;
  itemRows: Int32Array;
}

/** For each user and item of the ratings, the share of the warm start in its row (src/training/warm_start.h). */
export interface Shares {
  userShares: Float32Array;
  itemShares: Float32Array;
}

/**
 * The rows of the ratings, then those that only the model of the warm start has, in its order, as the core appends them. A user
 * of both has rated what either has, with the newer value.
 */
export function* withKeptRows(
  { users, items }: Table,
  rated: RatingsByUser,
  kept: Kept,
): Generator<void, { rows: Rows; shares: Shares }> {
  const newer = unpacked(rated);
  const userTo = rowsAfter(kept.userRows, kept.users.size);
  const itemTo = rowsAfter(kept.itemRows, kept.items.size);
  const joined = {
    users: yield* joinedIds(users, kept.users, userTo),
    items: yield* joinedIds(items, kept.items, itemTo),
  };
  const all = kept.rated
    ? yield* joinedRatings(newer, unpacked(kept.rated), { userTo, itemTo, ...joined })
    : withoutMore(newer, joined.users.size);
  const shares = {
    userShares: sharesOf(userCounts(newer, users.size), userCounts(all, users.size)),
    itemShares: sharesOf(itemCounts(newer, joined.items.size), itemCounts(all, joined.items.size)).slice(0, items.size),
  };
  return { rows: { ...joined, rated: all }, shares };
}

/** Packed ratings as arrays. */
function unpacked({ offsets, items, values }: RatingsByUser): RatingsByUser {
  return { offsets, items, values };
}

function userCounts({ offsets }: RatingsByUser, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, user) => offsets[user + 1]! - offsets[user]!);
}

function itemCounts({ items }: RatingsByUser, count: number): Int32Array {
  const counts = new Int32Array(count);
  for (let at = 0; at < items.length; at++) counts[items[at]!]!++;
  return counts;
}

/** Of all ratings, the part that is not among the newer ones. */
function sharesOf(newer: Int32Array, all: Int32Array): Float32Array {
  return Float32Array.from(newer, (count, row) => 1 - count / all[row]!);
}

/** For each row of the warm start its row in the trained model. */
function rowsAfter(rows: Int32Array, count: number): Int32Array {
  const to = new Int32Array(count).fill(-1);
  for (const [row, before] of rows.entries()) if (before >= 0) to[before] = row;
  let next = rows.length;
  for (let before = 0; before < count; before++) if (to[before] === -1) to[before] = next++;
  return to;
}

function* joinedIds(ids: Ids, others: Ids, to: Int32Array): Generator<void, Ids> {
  const joined = new GrowingIds();
  for (let index = 0; index < ids.size; index++) {
    if (index % SLICE_SCATTERED === 0) yield;
    joined.add(ids.at(index));
  }
  for (let index = 0; index < others.size; index++) {
    if (index % SLICE_SCATTERED === 0) yield;
    if (to[index]! >= ids.size) joined.add(others.at(index));
  }
  return joined.seal();
}

function* joinedRatings(
  newer: RatingsByUser,
  older: RatingsByUser,
  { userTo, itemTo, users, items }: { userTo: Int32Array; itemTo: Int32Array; users: Ids; items: Ids },
): Generator<void, RatingsByUser> {
  const before = new Int32Array(users.size).fill(-1);
  for (const [user, row] of userTo.entries()) before[row] = user;
  const most = newer.items.length + older.items.length;
  const joined = {
    offsets: new Int32Array(users.size + 1),
    items: new Int32Array(most),
    values: new Float32Array(most),
  };
  const rater = new Int32Array(items.size).fill(-1);
  let end = 0;
  const add = (item: number, value: number) => {
    joined.items[end] = item;
    joined.values[end++] = value;
  };
  for (let user = 0, rest = 0; user < users.size; user++) {
    if (end >= rest) {
      yield;
      rest = end + SLICE_SCATTERED;
    }
    const [first, last] = rangeOf(newer, user);
    for (let at = first; at < last; at++) rater[newer.items[at]!] = user;
    const [firstBefore, lastBefore] = rangeOf(older, before[user]!);
    for (let at = firstBefore; at < lastBefore; at++) {
      const item = itemTo[older.items[at]!]!;
      if (rater[item] !== user) add(item, older.values[at]!);
    }
    for (let at = first; at < last; at++) add(newer.items[at]!, newer.values[at]!);
    joined.offsets[user + 1] = end;
  }
  return { offsets: joined.offsets, items: joined.items.slice(0, end), values: joined.values.slice(0, end) };
}

/** Empty for a user who is not there. */
function rangeOf({ offsets }: RatingsByUser, user: number): [first: number, end: number] {
  return user >= 0 && user < offsets.length - 1 ? [offsets[user]!, offsets[user + 1]!] : [0, 0];
}

/** The same ratings, of more users. */
function withoutMore({ offsets, items, values }: RatingsByUser, userCount: number): RatingsByUser {
  const more = new Int32Array(userCount + 1).fill(items.length);
  more.set(offsets);
  return { offsets: more, items, values };
}
