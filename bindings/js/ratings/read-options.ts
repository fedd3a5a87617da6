import { mustBe, plainOptions, requireBoolean, requireFunction, requireOneOf } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import type { ReadProgress } from '../base/progress.js';
import { checkSignal } from '../base/signal.js';
import { checkDuplicates, type Duplicates } from './duplicates.js';
import type { Id } from './ids.js';
import type { ColumnChoice, FileFormat } from './ratings-source.js';

/** What a file may take at most; reading ends with an error beyond it. */
export interface ReadLimits {
  /** Bytes after decompression. */
  bytes?: number;
  /** Ratings. */
  rows?: number;
  /** Different users, and different items. */
  ids?: number;
  /** Time. */
  seconds?: number;
}

/** How `Ratings.fromFile` reads a file. */
export interface ReadOptions {
  /** Default `auto`: guessed from the contents. */
  format?: FileFormat;
  /** Which column is which, by title or by number from 0; the others are guessed. */
  columns?: ColumnChoice;
  /** The name or path of the file of ratings in a zip archive; default: guessed from the names. */
  file?: string;
  /** Called several times per second, and at the end. */
  onProgress?: (progress: ReadProgress) => void;
  /** Cancels the reading. */
  signal?: AbortSignal;
  /** The character encoding of a text, any label that `TextDecoder` knows. Default: UTF-8, or what its mark says. */
  encoding?: string;
  /** How many lines at the beginning are no part of the table. Default: guessed. */
  skipLines?: number;
  /** Ratings that mean that there is none, such as −1 or 99; their rows are left out. */
  missing?: (string | number)[];
  /** The user of every row, for a file that is one person's own. */
  user?: Id;
  /** How times are written, such as `DD/MM/YYYY` or `MM/DD/YYYY HH:mm`. Default: guessed. */
  timeFormat?: string;
  /** The event whose rows count, or the weight of each one; rows of others are left out. */
  events?: string | { [event: string]: number };
  /** Whether rows are ratings (`list`), or users with a column for each item (`matrix`). Default: guessed. */
  layout?: 'list' | 'matrix';
  /** What a file may take at most. */
  limits?: ReadLimits;
  /** What happens to a row that is not a rating: an `error` (default), or `skip`, which counts it in `ratings.skipped`. */
  badRows?: 'error' | 'skip';
  /** See `RatingsOptions`. */
  duplicates?: Duplicates;
  /**
   * Whether a worker reads the file. Default: in a page or a worker of one, for files of a megabyte and more, if a worker can
   * be started. Ids stay packed until `users` or `items` is read, so that millions of them do not block the page.
   */
  worker?: boolean;
}

const OPTION_NAMES = ['format', 'columns', 'file', 'onProgress', 'signal', 'badRows', 'duplicates', 'worker'];
const COLUMN_NAMES = ['user', 'item', 'rating', 'timestamp'];
const FORMATS: FileFormat[] = ['auto', 'csv', 'tsv', 'movielens', 'parquet', 'json'];

/** @throws MatfacError `invalid-argument`, `aborted`. */
export function checkedReading(given: ReadOptions): ReadOptions {
  const options = plainOptions('fromFile', given, OPTION_NAMES);
  checkDuplicates(options.duplicates);
  const { format, file, badRows, columns, onProgress, worker } = options;
  requireOneOf('format', format, FORMATS);
  if (file !== undefined && typeof file !== 'string') {
    throw mustBe('file', 'the name of a file in the zip archive', file);
  }
  requireOneOf('badRows', badRows, ['error', 'skip']);
  requireFunction('onProgress', onProgress);
  requireBoolean('worker', worker);
  if (columns !== undefined) {
    options.columns = plainOptions('columns', columns, COLUMN_NAMES);
    for (const role of ['user', 'item'] as const) {
      if (columns[role] === null) throw invalid(`columns.${role} must not be null; only rating and timestamp may be`);
    }
  }
  checkSignal('Reading', options.signal);
  return options;
}
