import { checkNames } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import type { ReadProgress } from '../base/progress.js';
import { show } from '../base/show.js';
import { throwIfAborted } from '../base/source.js';
import { checkDuplicates, type Duplicates } from './duplicates.js';
import type { ColumnChoice, FileFormat } from './ratings-source.js';

/** How `Ratings.fromFile` reads a file. */
export interface ReadOptions {
  /** Default `auto`: guessed. */
  format?: FileFormat;
  /** What to take for which column, by title or by number from 0; the rest is guessed. */
  columns?: ColumnChoice;
  /** In a zip archive: the name or path of the file of ratings; default: guessed by the names. */
  file?: string;
  /** A few times a second, and at the end. */
  onProgress?: (progress: ReadProgress) => void;
  signal?: AbortSignal;
  /** What a row that is no rating does: `error` (default), or `skip`: it is counted in `ratings.skipped`. */
  badRows?: 'error' | 'skip';
  /** See `RatingsOptions`. */
  duplicates?: Duplicates;
  /**
   * Whether a worker reads it; default: in a page or a worker of one, what is a megabyte or larger, if a worker can be
   * started. Ids stay packed until `users` or `items` is asked for, so that millions of them hold nothing up.
   */
  worker?: boolean;
}

const OPTION_NAMES = ['format', 'columns', 'file', 'onProgress', 'signal', 'badRows', 'duplicates', 'worker'];
const COLUMN_NAMES = ['user', 'item', 'rating', 'timestamp'];
const FORMATS: FileFormat[] = ['auto', 'csv', 'tsv', 'movielens', 'parquet', 'json'];

/** @throws MatfacError `invalid-argument`, `aborted`. */
export function checkedReading(options: ReadOptions): ReadOptions {
  checkNames('fromFile', options, OPTION_NAMES);
  checkDuplicates(options.duplicates);
  const { format, file, badRows, columns, onProgress, worker } = options;
  if (format !== undefined && !FORMATS.includes(format)) {
    throw invalid(`format is ${show(format)}; allowed are ${FORMATS.map((name) => `'${name}'`).join(', ')}`);
  }
  if (file !== undefined && typeof file !== 'string') {
    throw invalid(`file is ${show(file)}; it must be the name of a file in the zip archive`);
  }
  if (badRows !== undefined && badRows !== 'error' && badRows !== 'skip') {
    throw invalid(`badRows is ${show(badRows)}; allowed are 'error' and 'skip'`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalid(`onProgress is ${show(onProgress)}; it must be a function`);
  }
  if (worker !== undefined && typeof worker !== 'boolean') {
    throw invalid(`worker is ${show(worker)}; it must be a boolean`);
  }
  if (columns !== undefined) {
    checkNames('columns', columns, COLUMN_NAMES);
    for (const role of ['user', 'item'] as const) {
      if (columns[role] === null) throw invalid(`columns.${role} is null; only rating and timestamp can be absent`);
    }
  }
  throwIfAborted(options.signal);
  return options;
}
