import type { Table } from '../columns.js';
import { checkDuplicates, type Duplicates, resolveDuplicates } from '../duplicates.js';
import { invalid, MatfacError } from '../errors.js';
import { type Id, show } from '../ids.js';
import { checkNames } from '../names.js';
import { inTurns, type Turn } from '../pause.js';
import { BadRows, noRatings, type SkippedRows } from './bad-rows.js';
import { beginsAsJson } from './json-reader.js';
import { JsonText } from './json-text.js';
import type { TextFormat } from './layout.js';
import { type Archive, type OpenedFile, openFile } from './open-file.js';
import { Progress, type ReadProgress } from './progress.js';
import { RatingText } from './rating-text.js';
import type { ColumnChoice, FileFormat, RatingsSource } from './ratings-source.js';
import type { RowSource, TextReader } from './row-source.js';
import { joined, throwIfAborted } from './source.js';
import type { Title } from './title-columns.js';
import { titlesOf } from './titles.js';
import { chooseFile, guessTitles } from './zip-choice.js';

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

export interface ReadResult {
  table: Table;
  understood: RatingsSource;
  skipped: SkippedRows;
}

/** Reads ratings from a file as it comes; of the file itself nothing is kept. */
export async function readRatings(
  source: Blob | ReadableStream<Uint8Array>,
  options: ReadOptions,
  totalBytes: number | undefined,
): Promise<ReadResult> {
  const { file, signal, onProgress, badRows: policy = 'error' } = options;
  const progress = new Progress(totalBytes, onProgress, signal);
  const opened = await openFile(source, {
    choose: (paths) => chooseFile(paths, file),
    count: (bytes) => {
      progress.bytes = bytes;
    },
    signal,
  });
  const badRows = new BadRows(policy);
  const rows = await readRows(opened, options, badRows, progress);
  const { compression, archive } = opened;
  const understood: RatingsSource = { ...rows.layout, compression };
  progress.end(rows.size);
  const table = await finish(rows, badRows, checkDuplicates(options.duplicates), progress.turn);
  if (archive) Object.assign(understood, await filesOf(archive, table.items.list));
  throwIfAborted(signal);
  return { table, understood, skipped: badRows.skipped };
}

async function readRows(
  opened: OpenedFile,
  { format = 'auto', columns = {} }: ReadOptions,
  badRows: BadRows,
  progress: Progress,
): Promise<RowSource> {
  if ('text' in opened) {
    if (format !== 'parquet') return readText(opened.text, format, columns, badRows, progress);
    await opened.text.return(undefined);
    throw new MatfacError('parse-error', "The file is not Parquet: it does not begin with 'PAR1'");
  }
  if (format !== 'auto' && format !== 'parquet') {
    throw new MatfacError('parse-error', `The file is not ${format}: it is Parquet`);
  }
  const { readParquet } = await import('./parquet.js');
  const onRows = (rows: number, share: number) => {
    progress.bytes = Math.round(share * (progress.totalBytes ?? opened.parquet.size));
    return progress.step(rows);
  };
  return readParquet(opened.parquet, { choice: columns, badRows, onRows });
}

async function readText(
  bytes: AsyncIterable<Uint8Array>,
  format: Exclude<FileFormat, 'parquet'>,
  columns: ColumnChoice,
  badRows: BadRows,
  progress: Progress,
): Promise<RowSource> {
  const begin = (head: Uint8Array) =>
    format === 'json' || (format === 'auto' && beginsAsJson(head))
      ? new JsonText(columns, badRows)
      : new RatingText(format as TextFormat, columns, badRows);
  let head: Uint8Array = new Uint8Array();
  let reader: TextReader | undefined;
  for await (const piece of bytes) {
    head = reader ? piece : joined(head, piece);
    if (!reader && BLANK.test(latin1(head))) continue;
    reader ??= begin(head);
    await reader.push(head);
    await progress.step(reader.size);
  }
  if (reader) return reader.end();
  reader = begin(head);
  await reader.push(head);
  return reader.end();
}

const BLANK = /^(\xef(\xbb\xbf?)?)?\s*$/;

/** The first bytes as characters. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 1 << 10));
}

async function finish(rows: RowSource, badRows: BadRows, duplicates: Duplicates, turn: Turn): Promise<Table> {
  if (rows.size === 0) throw noRatings(badRows);
  const table = await inTurns(rows.finish(), turn);
  return { ...table, columns: await inTurns(resolveDuplicates(table, duplicates), turn) };
}

/** What else an archive tells: the titles of the items, by the ids that the ratings have. */
async function filesOf(archive: Archive, items: readonly Id[]): Promise<Partial<RatingsSource>> {
  const { path: file, paths } = archive;
  const titleFile = guessTitles(paths, file);
  const titles = titleFile === undefined ? undefined : await titlesIn(archive, titleFile);
  if (titleFile === undefined || !titles) return { file };
  const ids = new Map(items.map((id) => [String(id), id]));
  const itemTitles = new Map<Id, Title>();
  for (const [id, title] of titles) itemTitles.set(ids.get(String(id)) ?? id, title);
  return { file, titleFile, itemTitles };
}

/** Ratings need no titles: where they cannot be read, there are none. */
async function titlesIn(archive: Archive, path: string): Promise<Map<Id, Title> | undefined> {
  try {
    return await titlesOf(await archive.open(path));
  } catch (failure) {
    if (failure instanceof MatfacError && failure.code !== 'aborted') return undefined;
    throw failure;
  }
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
