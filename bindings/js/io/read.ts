import { MatfacError } from '../base/errors.js';
import { abortable, inTurns, type Turn } from '../base/pause.js';
import { Progress } from '../base/progress.js';
import { throwIfAborted } from '../base/signal.js';
import { BadRows, noRatings, type SkippedRows } from '../ratings/bad-rows.js';
import type { Table } from '../ratings/columns.js';
import { checkDuplicates, resolveDuplicates } from '../ratings/duplicates.js';
import { byId, type Id, type Ids } from '../ratings/ids.js';
import { Notes } from '../ratings/notes.js';
import type { RatingsSource, RowLayout } from '../ratings/ratings-source.js';
import type { ReadOptions } from '../ratings/read-options.js';
import type { StoredParts } from '../ratings/stored/stored-parts.js';
import type { Title } from '../ratings/title-columns.js';
import type { StoreFiles } from '../training/protocol.js';
import { type Archive, type OpenedFile, openFile } from './archive/open-file.js';
import { chooseFile, guessTitles } from './archive/zip-choice.js';
import { MissingRatings } from './missing.js';
import type { Reading } from './reading.js';
import type { RowSource } from './row-source.js';
import { SniffedText } from './sniffed-text.js';
import type { RowKeeper } from './stored/row-keeper.js';
import { utf8Pieces } from './syntax/encoding.js';
import { withoutBlankLines, withoutLines } from './syntax/text.js';
import { withLinks } from './title-links.js';
import { titlesOf } from './titles.js';

export interface ReadResult {
  table: Table;
  understood: RatingsSource;
  skipped: SkippedRows;
  /** With the option `storage`: the columns of the table are empty then. */
  stored?: StoredParts;
}

/** What a reading needs beside its source and the options. */
export interface ReadingTask {
  totalBytes: number | undefined;
  /** With the option `storage`. */
  files?: StoreFiles | undefined;
  /** May read Parquet elsewhere. */
  apart?: (parquet: Blob) => Promise<ReadResult | undefined>;
}

/** Reads ratings from a file as a stream; the file itself is not kept. */
export async function readRatings(
  source: Blob | ReadableStream<Uint8Array>,
  options: ReadOptions,
  { totalBytes, files, apart }: ReadingTask,
): Promise<ReadResult> {
  const { file, signal, onProgress, limits, badRows: policy = 'error' } = options;
  const progress = new Progress(totalBytes, onProgress, signal, limits);
  const opened = await openFile(source, {
    choose: (paths) => chooseFile(paths, file),
    count: (bytes) => {
      progress.bytes = bytes;
    },
    ...{ signal, limits },
  });
  const { compression, archive } = opened;
  const result = 'parquet' in opened ? await apart?.(opened.parquet) : undefined;
  if (result) {
    Object.assign(result.understood, { compression }, archive && (await filesOf(archive, result.table.items, options)));
    return result;
  }
  const badRows = new BadRows(policy);
  const notes = new Notes();
  const missing = new MissingRatings(options.missing);
  const keeper = files && (await (await import('./stored/row-keeper.js')).openKeeper(files));
  const reading = { options, badRows, notes, progress, missing, line: 1, ...(keeper && { spilling: keeper.spilling }) };
  let rows: RowSource;
  let finished: Finished;
  try {
    rows = await readRows(opened, reading);
    progress.end(rows.size);
    finished = await finish(rows, badRows, options, progress.turn, keeper);
  } finally {
    keeper?.close();
  }
  const { table } = finished;
  const understood: RatingsSource = { ...sourceOf(rows.layout, options), compression, notes: [] };
  if (archive) Object.assign(understood, await filesOf(archive, table.items, options));
  await progress.settled();
  throwIfAborted('Reading', signal);
  missing.addNote(notes);
  understood.notes = notes.list;
  return { ...finished, understood, skipped: badRows.skipped };
}

async function readRows(opened: OpenedFile, reading: Reading): Promise<RowSource> {
  const { options, progress } = reading;
  const { format = 'auto' } = options;
  if ('parts' in opened) {
    const { readPackage } = await import('./packages.js');
    return readPackage(opened.parts, reading, readText);
  }
  if ('text' in opened) {
    if (format !== 'parquet' && format !== 'npz' && format !== 'xlsx') return readText(opened.text, reading);
    await opened.text.return(undefined);
    const [name, begins] = format === 'parquet' ? ['Parquet', "'PAR1'"] : [format, "'PK', as a zip archive"];
    throw new MatfacError('parse-error', `The file must be ${name}; it does not begin with ${begins}`);
  }
  if (format !== 'auto' && format !== 'parquet') {
    throw new MatfacError('parse-error', `The file must be ${format}; it is Parquet`);
  }
  const { readParquet } = await import('./parquet.js');
  const onRows = (rows: number, share: number) => {
    progress.bytes = Math.round(share * (progress.totalBytes ?? opened.parquet.size));
    return progress.step(rows);
  };
  return readParquet(opened.parquet, reading, onRows);
}

async function readText(bytes: AsyncIterable<Uint8Array>, reading: Reading): Promise<RowSource> {
  const reader = new SniffedText(reading);
  for await (const piece of tableOf(bytes, reading)) {
    await reader.push(piece);
    await reading.progress.step(reader.size);
  }
  return reader.end();
}

/** A text as UTF-8, without a mark, from the first line of the table on, as far as that is known before it is read. */
function tableOf(bytes: AsyncIterable<Uint8Array>, reading: Reading): AsyncIterable<Uint8Array> {
  const { encoding, skipLines = 0 } = reading.options;
  const utf8 = utf8Pieces(bytes, encoding, (guess) => {
    reading.notes.add('encoding-guessed', `The text has no mark of its encoding and is read as ${guess.toUpperCase()}`);
  });
  const count = (lines: number) => {
    reading.line += lines;
  };
  return withoutBlankLines(skipLines > 0 ? withoutLines(utf8, skipLines, count) : utf8, count);
}

function sourceOf(
  { columns, ...layout }: RowLayout,
  { user }: ReadOptions,
): Omit<RatingsSource, 'compression' | 'notes'> {
  if (user === undefined) return { ...layout, columns };
  const { user: _, ...others } = columns;
  return { ...layout, columns: others, user };
}

type Finished = Pick<ReadResult, 'table' | 'stored'>;

async function finish(
  rows: RowSource,
  badRows: BadRows,
  { duplicates, signal }: ReadOptions,
  turn: Turn,
  keeper: RowKeeper | undefined,
): Promise<Finished> {
  if (rows.size === 0) throw noRatings(badRows);
  const table = await inTurns(abortable(signal, rows.finish(), 'Reading'), turn);
  const policy = checkDuplicates(duplicates);
  if (keeper) return inTurns(abortable(signal, keeper.sorted(table, policy), 'Reading'), turn);
  const columns = await inTurns(abortable(signal, resolveDuplicates(table, policy), 'Reading'), turn);
  return { table: { ...table, columns } };
}

/** The other contents of an archive: the titles of the items, by the ids of the ratings. */
async function filesOf(archive: Archive, items: Ids, { encoding }: ReadOptions): Promise<Partial<RatingsSource>> {
  const { path: file, paths } = archive;
  const titleFile = guessTitles(paths, file);
  const titles = titleFile === undefined ? undefined : await titlesIn(archive, titleFile, encoding);
  if (titleFile === undefined || !titles) return { file };
  const itemTitles = byId(new Map<Id, Title>());
  for (const [id, title] of titles) {
    const index = items.find(id);
    itemTitles.set(index < 0 ? id : items.at(index), title);
  }
  return { file, titleFile, itemTitles };
}

/** Undefined for titles that cannot be read, because ratings work without them. */
async function titlesIn(archive: Archive, path: string, encoding?: string): Promise<Map<Id, Title> | undefined> {
  try {
    return await withLinks(
      byId(await titlesOf(await archive.open(path), { ...(encoding && { encoding }) })),
      archive,
      path,
    );
  } catch (failure) {
    if (failure instanceof MatfacError && failure.code !== 'aborted') return undefined;
    throw failure;
  }
}
