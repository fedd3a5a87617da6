import type { Store } from '../state/store.js';
import { readRatings } from './read-ratings.js';

/** `event`: what kind of action a row tells of. */
export const roles = ['user', 'item', 'rating', 'timestamp', 'event'] as const;
export type Role = (typeof roles)[number];
export type ColumnsByRole = { [role in Role]?: number | null };

/**
 * Reads the file again with another column for one of the roles (null for none). If another role had this column, the two
 * swap.
 */
export function chooseColumn(store: Store, role: Role, column: number | null): void {
  const { data } = store.state;
  const present: ColumnsByRole | undefined = data?.ratings.source?.columns;
  if (!data?.file || !present) return;
  const columns: ColumnsByRole = { ...(data.readAs?.columns as ColumnsByRole), ...present, [role]: column };
  const other = roles.find((name) => name !== role && column !== null && present[name] === column);
  if (other) columns[other] = present[role] ?? null;
  void readRatings(store, data.file, { ...data.readAs, columns });
}
