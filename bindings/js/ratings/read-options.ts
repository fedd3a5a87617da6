import { checkLimits } from '../base/allowance.js';
import { mustBe, plainOptions, requireBoolean, requireCount, requireFunction, requireOneOf } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import type { ReadLimits } from '../base/limits.js';
import type { ReadProgress } from '../base/progress.js';
import { checkSignal } from '../base/signal.js';
import { checkDuplicates, type Duplicates } from './duplicates.js';
import { badId, type Id, isId } from './ids.js';
import type { ColumnChoice, FileFormat } from './ratings-source.js';
import { isRating } from './rows.js';
import { checkTimeFormat } from './time-format.js';

export type { ReadLimits };

/** How `Ratings.fromFile` reads a file. */
export interface ReadOptions {
  /** Default `auto`: guessed from the contents. */
  format?: FileFormat;
  /** Which column is which, by title or by number from 0; the others are guessed. */
  columns?: ColumnChoice;
  /** The name or path of the file of ratings in a zip archive, or the sheet of a workbook; default: guessed from the names. */
  file?: string;
  /** Called several times per second, and at the end. */
  onProgress?: (progress: ReadProgress) => void;
  /** Cancels the reading. */
  signal?: AbortSignal;
  /**
   * The character encoding of a text, any label that `TextDecoder` knows. Default: what the mark of the file says, else UTF-8,
   * in which bytes that are not UTF-8 are read as Windows-1252, with a note.
   */
  encoding?: string;
  /** How many lines at the beginning of a text are no part of the table, such as a title. Default: guessed. */
  skipLines?: number;
  /** Ratings that mean that there is none, such as −1, 99, 'NA' or '' for an empty one; their rows are left out, with a note. */
  missing?: (string | number)[];
  /** The user of every row, for a file that is one person's own. */
  user?: Id;
  /**
   * How times are written: a pattern such as `DD/MM/YYYY` or `MM/DD/YYYY HH:mm` of YYYY, YY, MMMM (the name of a month), MMM, MM,
   * M, DD, D, HH, hh, mm, ss, S (fractions of a second), A (am or pm) and Z, or the unit of numbers, `seconds`, `milliseconds` or
   * `microseconds`. Default: guessed. Timestamps are seconds since 1970.
   */
  timeFormat?: string;
  /**
   * The event whose rows count, or the weight of each one, such as `{ view: 1, cart: 3, buy: 5 }`; rows of others, and those with
   * a weight of 0, are left out. The ratings are weights of implicit feedback, those of repeated pairs are summed unless
   * `duplicates` says otherwise; a column of ratings is multiplied by the weights. Default: each row counts 1.
   */
  events?: string | { [event: string]: number };
  /** Whether rows are ratings (`list`), or users with a column for each item (`matrix`). Default: guessed. */
  layout?: 'list' | 'matrix';
  /** What the file may take at most. */
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
  /**
   * Where the ratings are kept: in `memory` (default), or with `opfs` in a file of the Origin Private File System, in Node of the
   * folder of temporary files, for more ratings than memory holds. The ids and about 3 bytes a rating stay in memory. A browser
   * reads them in a worker and trains in one. See `Ratings.dispose` for what such ratings can do.
   */
  storage?: 'memory' | 'opfs';
}

const TEXT_OPTIONS = ['encoding', 'skipLines', 'missing', 'user'];
const OPTION_NAMES = [
  'format',
  'columns',
  'file',
  'onProgress',
  'signal',
  'badRows',
  'duplicates',
  'limits',
  'worker',
  'storage',
  'timeFormat',
  'events',
  'layout',
  ...TEXT_OPTIONS,
];
const COLUMN_NAMES = ['user', 'item', 'rating', 'timestamp', 'event'];
const FORMATS: FileFormat[] = [
  ...(['auto', 'csv', 'tsv', 'movielens', 'parquet', 'json', 'matrix-market', 'npz', 'npy'] as const),
  ...(['libsvm', 'adjacency', 'netflix', 'recbole', 'xlsx'] as const),
];

/** @throws MatfacError `invalid-argument`, `aborted`. */
export function checkedReading(given: ReadOptions): ReadOptions {
  const options = plainOptions('fromFile', given, OPTION_NAMES);
  checkDuplicates(options.duplicates);
  const { format, file, badRows, columns, onProgress, worker, events } = options;
  requireOneOf('format', format, FORMATS);
  if (file !== undefined && typeof file !== 'string') {
    throw mustBe('file', 'the name of a file in the zip archive', file);
  }
  requireOneOf('layout', options.layout, ['list', 'matrix']);
  requireOneOf('badRows', badRows, ['error', 'skip']);
  requireOneOf('storage', options.storage, ['memory', 'opfs']);
  requireFunction('onProgress', onProgress);
  requireBoolean('worker', worker);
  checkLimits(options.limits);
  checkText(options);
  if (columns !== undefined) {
    options.columns = plainOptions('columns', columns, COLUMN_NAMES);
    for (const role of ['user', 'item'] as const) {
      if (columns[role] === null)
        throw invalid(`columns.${role} must not be null; only rating, timestamp and event may be`);
    }
  }
  checkTimeFormat(options.timeFormat);
  checkEvents(events);
  checkSignal('Reading', options.signal);
  return typeof events === 'object' ? { ...options, duplicates: options.duplicates ?? 'sum' } : options;
}

function checkEvents(events: unknown): void {
  if (events === undefined || (typeof events === 'string' && events !== '')) return;
  const isObject = typeof events === 'object' && events !== null && !Array.isArray(events);
  if (!isObject || Object.keys(events).length === 0) {
    throw mustBe('events', 'the name of an event, or an object of names and weights', events);
  }
  for (const [event, weight] of Object.entries(events)) {
    if (typeof weight !== 'number' || !isRating(weight) || weight < 0) {
      throw mustBe(`events.${event}`, 'a finite number of at least 0', weight);
    }
  }
}

function checkText({ encoding, skipLines, missing, user, columns }: ReadOptions): void {
  checkEncoding(encoding);
  if (skipLines !== undefined) requireCount('skipLines', skipLines, 0);
  const isValue = (value: unknown) => typeof value === 'string' || Number.isFinite(value);
  if (missing !== undefined && !(Array.isArray(missing) && missing.every(isValue))) {
    throw mustBe('missing', "an array of numbers and strings, such as [-1, 'NA']", missing);
  }
  if (user === undefined) return;
  if (!isId(user)) throw badId('user of every row', user);
  if (columns?.user !== undefined) throw invalid('user must be left out where columns.user names a column of users');
}

/** @throws MatfacError `invalid-argument`. */
export function checkEncoding(encoding: unknown): void {
  if (encoding === undefined) return;
  try {
    if (typeof encoding === 'string') return void new TextDecoder(encoding);
  } catch {}
  throw mustBe('encoding', "a label that TextDecoder knows, such as 'windows-1252'", encoding);
}
