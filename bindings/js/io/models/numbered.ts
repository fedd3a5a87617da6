import type { FactorsOptions } from '../../model/from-factors.js';

/** The factors of a file that numbers its rows from 0, and the numbers of the rows that it has. */
export interface Numbered extends Omit<FactorsOptions, 'items' | 'users'> {
  itemRows: number[];
  userRows: number[];
}

/** The numbers of `count` rows. */
export function rowNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, row) => row);
}
