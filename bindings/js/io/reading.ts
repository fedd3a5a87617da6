import type { Progress } from '../base/progress.js';
import type { BadRows } from '../ratings/bad-rows.js';
import type { Notes } from '../ratings/notes.js';
import type { ReadOptions } from '../ratings/read-options.js';
import type { ValueForms } from './columns/draft.js';

/** One reading of a file: what the caller asked for, and what becomes known of the file on the way. */
export interface Reading {
  readonly options: ReadOptions;
  readonly badRows: BadRows;
  readonly notes: Notes;
  readonly progress: Progress;
  /** How ratings and times are written; undefined before the columns are assigned. */
  values?: ValueForms;
}
