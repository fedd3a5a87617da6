import type { PackedParts } from './packed-ratings.js';

/** What is known of all rows of ratings. */
export interface Statistics {
  mean: number;
  range: [minimum: number, maximum: number];
  /** The number of ratings of each item. */
  itemCounts: Int32Array;
}

/**
 * Ratings in a store as one thread tells another. The store has them by user, users in the order of their indices, items
 * ascending, each pair once; little-endian, items Int32[size] from byte 0, values Float32[size] and, if there are times,
 * Uint32[size] of whole seconds since `timeOrigin`.
 */
export interface StoredParts {
  size: number;
  /** Seconds since 1970 of the midnight (UTC) at or before the first rating; NaN without times. */
  timeOrigin: number;
  /** The same ratings without times. */
  packed: PackedParts;
  statistics: Statistics;
}
