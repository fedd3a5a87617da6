import { MatfacError } from '../base/errors.js';
import { inTurns, type Turn } from '../base/pause.js';
import { Progress } from '../base/progress.js';
import { throwIfAborted } from '../base/signal.js';
import { joined } from '../base/source.js';
import { BadRows, noRatings, type SkippedRows } from '../ratings/bad-rows.js';
import type { Table } from '../ratings/columns.js';
import { checkDuplicates, type Duplicates, resolveDuplicates } from '../ratings/duplicates.js';
import { byId, type Id, type Ids } from '../ratings/ids.js';
import { Notes } from '../ratings/notes.js';
import type { RatingsSource } from '../ratings/ratings-source.js';
import type { ReadOptions } from '../ratings/read-options.js';
import type { Title } from '../ratings/title-columns.js';
import { type Archive, type OpenedFile, openFile } from './archive/open-file.js';
import { chooseFile, guessTitles } from './archive/zip-choice.js';
import { JsonText } from './json-text.js';
import { RatingText } from './rating-text.js';
import type { Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';
import { beginsAsJson } from './syntax/json-reader.js';
import { withLinks } from './title-links.js';
import { titlesOf } from './titles.js';

export interface ReadResult {
  table: Table;
  understood: RatingsSource;
  skipped: SkippedRows;
}

/** Reads ratings from a file as a stream; the file itself is not kept. */
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
  const notes = new Notes();
  const rows = await readRows(opened, { options, badRows, notes, progress });
  const { compression, archive } = opened;
  const understood: RatingsSource = { ...rows.layout, compression, notes: [] };
  progress.end(rows.size);
  const table = await finish(rows, badRows, checkDuplicates(options.duplicates), progress.turn);
  if (archive) Object.assign(understood, await filesOf(archive, table.items));
  throwIfAborted('Reading', signal);
  understood.notes = notes.list;
  return { table, understood, skipped: badRows.skipped };
}

async function readRows(opened: OpenedFile, reading: Reading): Promise<RowSource> {
  const { options, progress } = reading;
  const { format = 'auto' } = options;
  if ('text' in opened) {
    if (format !== 'parquet') return readText(opened.text, reading);
    await opened.text.return(undefined);
    throw new MatfacError('parse-error', "The file must be Parquet; it does not begin with 'PAR1'");
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
  const { format = 'auto' } = reading.options;
  const begin = (head: Uint8Array) =>
    format === 'json' || (format === 'auto' && beginsAsJson(head)) ? new JsonText(reading) : new RatingText(reading);
  let head: Uint8Array = new Uint8Array();
  let reader: TextReader | undefined;
  for await (const piece of bytes) {
    head = reader ? piece : joined(head, piece);
    if (!reader && BLANK.test(latin1(head))) continue;
    reader ??= begin(head);
    await reader.push(head);
    await reading.progress.step(reader.size);
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

/** The other contents of an archive: the titles of the items, by the ids of the ratings. */
async function filesOf(archive: Archive, items: Ids): Promise<Partial<RatingsSource>> {
  const { path: file, paths } = archive;
  const titleFile = guessTitles(paths, file);
  const titles = titleFile === undefined ? undefined : await titlesIn(archive, titleFile);
  if (titleFile === undefined || !titles) return { file };
  const itemTitles = byId(new Map<Id, Title>());
  for (const [id, title] of titles) {
    const index = items.find(id);
    itemTitles.set(index < 0 ? id : items.at(index), title);
  }
  return { file, titleFile, itemTitles };
}

/** Undefined for titles that cannot be read, because ratings work without them. */
async function titlesIn(archive: Archive, path: string): Promise<Map<Id, Title> | undefined> {
  try {
    return await withLinks(byId(await titlesOf(await archive.open(path))), archive, path);
  } catch (failure) {
    if (failure instanceof MatfacError && failure.code !== 'aborted') return undefined;
    throw failure;
  }
}
