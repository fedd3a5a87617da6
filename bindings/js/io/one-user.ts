import { GrowingIds } from '../ratings/ids.js';
import type { ColumnIndices } from '../ratings/ratings-source.js';
import { assignColumns } from './column-roles.js';
import type { Reading } from './reading.js';

/** In place of the column of users where the caller named the user of every row. */
export const NO_COLUMN = -1;

/** The ids of the users if the caller named the user of every row. */
export function oneUser({ options: { user } }: Reading): GrowingIds | undefined {
  return user === undefined ? undefined : GrowingIds.from([user]);
}

/** Assigns columns to roles, as `assignColumns`; without a column of users if the caller named the user of every row. */
export function assignRoles(
  first: string[],
  rows: string[][],
  titles: string[] | undefined,
  reading: Reading,
  where = 'Line 1',
): ColumnIndices {
  const { user, columns } = reading.options;
  if (user === undefined) return assignColumns(first, rows, titles, reading, where);
  // A column of its own, after the others, stands for the user.
  const last = Math.max(first.length, titles?.length ?? 0);
  const wide = (row: string[]) => [...Array.from({ length: last }, (_, column) => row[column] ?? ''), String(user)];
  const asked: Reading = { ...reading, options: { ...reading.options, columns: { ...columns, user: last } } };
  const indices = assignColumns(wide(first), rows.map(wide), titles && [...titles, ''], asked, where);
  // What became known of the values is kept.
  Object.assign(reading, asked, { options: reading.options });
  return { ...indices, user: NO_COLUMN };
}
