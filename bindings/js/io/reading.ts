import type { Progress } from '../base/progress.js';
import type { BadRows } from '../ratings/bad-rows.js';
import { type Columns, GrowingColumns } from '../ratings/columns.js';
import type { Notes } from '../ratings/notes.js';
import type { ReadOptions } from '../ratings/read-options.js';
import type { SpilledColumns } from '../ratings/stored/spill.js';
import type { ValueForms } from './columns/draft.js';
import type { MissingRatings } from './missing.js';

/** One reading of a file: what the caller asked for, and what becomes known of the file on the way. */
export interface Reading {
  readonly options: ReadOptions;
  readonly badRows: BadRows;
  readonly notes: Notes;
  readonly progress: Progress;
  readonly missing: MissingRatings;
  /** The number of the first line of a text that its reader gets; those before it are no part of the table. */
  line: number;
  /** How ratings and times are written; undefined before the columns are assigned. */
  values?: ValueForms;
  /** Makes columns that grow in storage; without it they grow in memory. */
  readonly spilling?: (hasTimestamps: boolean) => RowColumns;
}

/** Columns that grow row by row. */
export interface RowColumns extends Pick<GrowingColumns, 'size' | 'hasTimestamps' | 'open' | 'push'> {
  finish(): Generator<void, Columns | SpilledColumns>;
}

/** The columns for the rows of a reading, of which about so many are `expected`. */
export function columnsFor({ spilling }: Reading, hasTimestamps: boolean, expected?: number): RowColumns {
  return spilling?.(hasTimestamps) ?? new GrowingColumns(hasTimestamps, expected);
}

/** Notes the first line of a text that is not UTF-8. */
export function noteEncoding({ notes }: Reading, line: number): void {
  const message = `From line ${line} on, bytes that are not UTF-8 are read as Windows-1252: encoding names another one`;
  notes.add('encoding-guessed', message);
}
