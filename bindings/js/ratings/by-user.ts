import { type Columns, offsetsOf, SLICE_SCATTERED } from './columns.js';

/** Ratings by user: user u's stand from offsets[u] to offsets[u + 1]. */
export interface Rated {
  offsets: Int32Array;
  items: Int32Array;
  values: Float32Array;
}

export function* ratedOf(columns: Columns, userCount: number): Generator<void, Rated> {
  const offsets = yield* offsetsOf(columns.users, userCount);
  const next = offsets.slice();
  const items = new Int32Array(columns.items.length);
  const values = new Float32Array(columns.values.length);
  for (let row = 0; row < items.length; row++) {
    if (row % SLICE_SCATTERED === 0) yield;
    const place = next[columns.users[row]!]!++;
    items[place] = columns.items[row]!;
    values[place] = columns.values[row]!;
  }
  return { offsets, items, values };
}

export function ratedBy({ offsets, items, values }: Rated, user: number): { items: Int32Array; values: Float32Array } {
  const [start, end] = [offsets[user]!, offsets[user + 1]!];
  return { items: items.subarray(start, end), values: values.subarray(start, end) };
}
