import type { ColumnChoice } from '../../ratings/ratings-source.js';
import { roleOfTitle } from './words.js';

const TYPED = /^[^\t:]+:(token|float)(_seq)?(\t[^\t:]+:(token|float)(_seq)?)*$/;

/**
 * The header of RecBole's atomic files without the types of the columns (https://recbole.io/docs/user_guide/data/atomic_files.html);
 * undefined for another line.
 */
export function recboleHeader(line: string): string | undefined {
  const bare = line.replace(/^\uFEFF/, '').trimEnd();
  return TYPED.test(bare) ? bare.replace(/:(token|float)(_seq)?(?=\t|$)/g, '') : undefined;
}

/** The columns of interactions by their titles; none when the file has no users or no items. */
export function recboleColumns(header: string): ColumnChoice {
  const names = header.split('\t');
  const columns: ColumnChoice = {};
  for (const role of ['user', 'item', 'rating', 'timestamp'] as const) {
    const column = names.findIndex((name) => roleOfTitle(name) === role);
    if (column >= 0) columns[role] = column;
    else if (role === 'rating' || role === 'timestamp') columns[role] = null;
  }
  return columns.user === undefined || columns.item === undefined ? {} : columns;
}
