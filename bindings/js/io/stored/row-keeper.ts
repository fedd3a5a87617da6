import type { Table } from '../../ratings/columns.js';
import type { Duplicates } from '../../ratings/duplicates.js';
import { noColumns } from '../../ratings/no-columns.js';
import { openFile } from '../../ratings/stored/files.js';
import { sortByUser } from '../../ratings/stored/sort-by-user.js';
import { Spill, type SpilledColumns } from '../../ratings/stored/spill.js';
import type { OpenStore } from '../../ratings/stored/store.js';
import type { StoredParts } from '../../ratings/stored/stored-parts.js';
import type { StoreFiles } from '../../training/protocol.js';
import { turned } from '../syntax/time.js';

/** Keeps the rows of a reading in stores: in the order of the file in one, then by user in the other. */
export interface RowKeeper {
  spilling(hasTimestamps: boolean): Spill;
  /** Of a table whose columns `spilling` made. */
  sorted(table: Table, duplicates: Duplicates): Generator<void, { table: Table; stored: StoredParts }>;
  close(): void;
}

export async function openKeeper({ rows, work }: StoreFiles): Promise<RowKeeper> {
  const target = await openFile(rows, true);
  let source: OpenStore;
  try {
    source = await openFile(work, true);
  } catch (failure) {
    target.close();
    throw failure;
  }
  return {
    spilling: (hasTimestamps) => new Spill(source, hasTimestamps),
    *sorted(table, duplicates) {
      const spilled = table.columns as SpilledColumns;
      const stored = yield* sortByUser(spilled, { table, duplicates, turned }, target);
      return { table: { ...table, columns: noColumns() }, stored };
    },
    close() {
      source.close();
      target.close();
    },
  };
}
