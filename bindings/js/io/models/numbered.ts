import type { FactorsOptions } from '../../model/from-factors.js';

/** Of a file that numbers its rows: which of them it has, from 0. */
export interface Numbered extends Omit<FactorsOptions, 'items' | 'users'> {
  itemRows: number[];
  userRows: number[];
}

/** All rows from 0. */
export function rowNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, row) => row);
}
