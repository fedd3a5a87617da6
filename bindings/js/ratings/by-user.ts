import { type Columns, offsetsOf, SLICE_SCATTERED } from './columns.js';

/** Ratings sorted by user: those of user u are at offsets[u] … offsets[u + 1] − 1. */
export interface RatingsByUser {
  offsets: Int32Array;
  items: Int32Array;
  values: Float32Array;
  /** Of packed ratings, those of one user; without it they are in the arrays. */
  of?(user: number): { items: Int32Array; values: Float32Array };
}

export function* groupByUser(columns: Columns, userCount: number): Generator<void, RatingsByUser> {
  const offsets = yield* offsetsOf(columns.users, userCount);
  const next = offsets.slice();
  const items = new Int32Array(columns.items.length);
  const values = new Float32Array(columns.values.length);
  for (let row = 0; row < items.length; row++) {
    if (row % SLICE_SCATTERED === 0) yield;
    const position = next[columns.users[row]!]!++;
    items[position] = columns.items[row]!;
    values[position] = columns.values[row]!;
  }
  return { offsets, items, values };
}

export function ratingsOf(rated: RatingsByUser, user: number): { items: Int32Array; values: Float32Array } {
  if (rated.of) return rated.of(user);
  const { offsets, items, values } = rated;
  const [start, end] = [offsets[user]!, offsets[user + 1]!];
  return { items: items.subarray(start, end), values: values.subarray(start, end) };
}
