import { mustBe } from '../base/checks.js';
import { MatfacError } from '../base/errors.js';
import type { ModelContents } from './file/model-file.js';

/**
 * The ratings at which a cosine counts half. On MovieLens (100K, latest-small) the neighbors of an item share most genres with
 * it from 2 to 5, and what its raters take next is found the better the larger it is.
 */
export const SHRINKAGE = 5;

/** How many users rated each item, in the order of the items; null where the model does not know. */
export function itemCountsOf({
  rated,
  items,
  itemCounts,
}: Pick<ModelContents, 'rated' | 'items' | 'itemCounts'>): Int32Array | null {
  if (!rated) return itemCounts;
  const counts = new Int32Array(items.size);
  for (const item of rated.items) counts[item]!++;
  return counts;
}

/**
 * n / (n + shrinkage) for an item with n ratings: what its cosines count. Empty for 1: without shrinkage, or where the counts are
 * unknown and no shrinkage was asked for.
 * @throws MatfacError `invalid-argument` for a bad shrinkage; `unsupported` for one that needs unknown counts.
 */
export function trustOf(what: string, shrinkage: number | undefined, counts: Int32Array | null): Float32Array {
  const strength = shrinkage === undefined ? SHRINKAGE : shrinkage;
  if (typeof strength !== 'number' || !(strength >= 0 && strength < Number.POSITIVE_INFINITY))
    throw mustBe(`${what}: shrinkage`, 'a number of at least 0', strength);
  if (strength === 0 || (!counts && shrinkage === undefined)) return new Float32Array();
  if (!counts) {
    const why = 'this model was made without ratings';
    throw new MatfacError('unsupported', `${what}: shrinkage needs how many users rated each item, and ${why}`);
  }
  return Float32Array.from(counts, (n) => n / (n + strength));
}
