import type { Table } from '../columns.js';
import { checkDuplicates, type Duplicates, resolveDuplicates } from '../duplicates.js';
import { invalid, MatfacError } from '../errors.js';
import { show } from '../ids.js';
import { checkNames } from '../names.js';
import { inTurns, Turn } from '../pause.js';
import { decompress } from './decompress.js';
import type { ColumnChoice, FileFormat, Layout, RatingsSource } from './layout.js';
import type { RatingRows, SkippedRows } from './rating-rows.js';
import { RatingText } from './rating-text.js';
import { type FileSource, openSource, piecesOf, throwIfAborted } from './source.js';

export interface ReadProgress {
  /** Read so far, of the file as it is (compressed, if it is). */
  bytes: number;
  /** Undefined when the source does not say. */
  totalBytes?: number;
  rows: number;
}

export interface ReadOptions {
  /** Default `auto`: guessed. */
  format?: FileFormat;
  /** What to take for which column, by title or by number from 0; the rest is guessed. */
  columns?: ColumnChoice;
  /** A few times a second, and at the end. */
  onProgress?: (progress: ReadProgress) => void;
  signal?: AbortSignal;
  /** What a row that is no rating does: `error` (default), or `skip`: it is counted in `ratings.skipped`. */
  badRows?: 'error' | 'skip';
  /** See `RatingsOptions`. */
  duplicates?: Duplicates;
}

export interface ReadResult {
  table: Table;
  understood: RatingsSource;
  skipped: SkippedRows;
}

const PROGRESS_MILLISECONDS = 100;

/** Reads ratings from a text as it comes; of the text itself nothing is kept. */
export async function readRatings(source: FileSource, options: ReadOptions): Promise<ReadResult> {
  const { format = 'auto', columns = {}, badRows = 'error', signal, onProgress } = checked(options);
  const { stream, totalBytes } = openSource(source);
  const turn = new Turn();
  const progress: ReadProgress = totalBytes === undefined ? { bytes: 0, rows: 0 } : { bytes: 0, totalBytes, rows: 0 };
  let reported = performance.now();

  const { compression, bytes } = await decompress(counted(piecesOf(stream, signal), progress));
  const text = new RatingText(format, columns, badRows);
  for await (const piece of bytes) {
    await text.push(piece);
    progress.rows = text.size;
    if (onProgress && performance.now() - reported > PROGRESS_MILLISECONDS) {
      onProgress({ ...progress });
      reported = performance.now();
    }
    await turn.rest();
    throwIfAborted(signal);
  }
  const { layout, rows } = await text.end();
  progress.rows = rows.size;
  onProgress?.({ ...progress });
  const table = await finish(rows, checkDuplicates(options.duplicates), turn);
  throwIfAborted(signal);
  return { table, understood: understoodOf(layout, compression), skipped: rows.skipped };
}

async function finish(rows: RatingRows, duplicates: Duplicates, turn: Turn): Promise<Table> {
  if (rows.size === 0) {
    const skipped = rows.skipped.count > 0 ? `; ${rows.skipped.count} bad rows were skipped` : '';
    throw new MatfacError('parse-error', `The file has no ratings${skipped}`, { line: 1, column: 1 });
  }
  const table = await inTurns(rows.finish(), turn);
  return { ...table, columns: await inTurns(resolveDuplicates(table, duplicates), turn) };
}

function understoodOf(layout: Layout, compression: RatingsSource['compression']): RatingsSource {
  const { newline: _, ...rest } = layout;
  return { ...rest, compression };
}

async function* counted(pieces: AsyncGenerator<Uint8Array>, progress: ReadProgress): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    progress.bytes += piece.length;
    yield piece;
  }
}

const OPTION_NAMES = ['format', 'columns', 'onProgress', 'signal', 'badRows', 'duplicates'];
const COLUMN_NAMES = ['user', 'item', 'rating', 'timestamp'];

function checked(options: ReadOptions): ReadOptions {
  checkNames('fromFile', options, OPTION_NAMES);
  checkDuplicates(options.duplicates);
  const { badRows, columns, onProgress } = options;
  if (badRows !== undefined && badRows !== 'error' && badRows !== 'skip') {
    throw invalid(`badRows is ${show(badRows)}; allowed are 'error' and 'skip'`);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalid(`onProgress is ${show(onProgress)}; it must be a function`);
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
