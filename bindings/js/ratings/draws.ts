import { hash32 } from '../base/hash32.js';
import { SLICE_ROWS } from './columns.js';

/**
 * Whether an index is drawn: i is when hash32(i ⊕ hash32(seed)) < share · 2³², the seed taken modulo 2³², as in the C++ core. Of
 * `count` indices the share is exact: those are drawn whose hashes are smallest; hash32 is a bijection, so no two are equal.
 */
export function* drawn(share: number, seed: number, count?: number): Generator<void, (index: number) => boolean> {
  const key = hash32(seed % 2 ** 32);
  let bound = count === undefined ? share * 2 ** 32 : 0;
  // The largest bound with no more below it, bit by bit: no hash is kept.
  for (let bit = 2 ** 32; count !== undefined && bit >= 1; bit /= 2) {
    let found = 0;
    for (let index = 0; index < count; index++) {
      if (index % SLICE_ROWS === 0) yield;
      if (hash32(index ^ key) < bound + bit) found++;
    }
    if (found <= Math.round(share * count)) bound += bit;
  }
  return (index) => hash32(index ^ key) < bound;
}
