import { MatfacError } from '../../base/errors.js';
import type { FileSource } from '../../base/source.js';
import type { Compression } from '../../ratings/ratings-source.js';
import { type OpenedFile, openFile } from '../archive/open-file.js';
import { decodeList, type Table, tableOfJson, tableOfText } from './table.js';

/** More is not one person's list. */
const MOST_BYTES = 1 << 26;
/** How many files of an archive are read. */
const MOST_FILES = 8;

export interface ListFile {
  table: Table;
  /** Empty for a file that has none. */
  name: string;
  /** Whether the letters of a text that is not UTF-8 were guessed. */
  isEncodingGuessed: boolean;
}

export interface ListFiles {
  files: ListFile[];
  compression: Compression;
  isArchive: boolean;
}

/** The tables of a list: of the file, or of the files in a zip archive that have what was rated and seen. */
export async function openList(source: FileSource, signal: AbortSignal | undefined): Promise<ListFiles> {
  let chosen: string[] = [];
  const choose = (paths: string[]) => {
    chosen = filesOfList(paths);
    return chosen[0]!;
  };
  const opened = await openFile(source, { choose, signal });
  const { archive, compression } = opened;
  const budget = { bytes: MOST_BYTES };
  const name = archive?.path ?? (source as { name?: unknown }).name ?? '';
  refuseWatchlist(String(name));
  const files = [await tableOf(opened, String(name), budget)];
  for (const path of chosen.slice(1)) files.push(await tableOf(await archive!.open(path), path, budget));
  return { files, compression, isArchive: archive !== undefined };
}

async function tableOf(opened: OpenedFile, name: string, budget: { bytes: number }): Promise<ListFile> {
  if ('parts' in opened) throw needed(`it is ${opened.parts.kind === 'xlsx' ? EXCEL : 'an archive of NumPy'}`);
  if ('parquet' in opened) throw new MatfacError('unsupported', 'The list must be CSV, TSV or JSON; it is Parquet');
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.text) {
    budget.bytes -= piece.length;
    if (budget.bytes < 0)
      throw new MatfacError('unsupported', 'The list must be of at most 64 MB, unpacked; it is larger');
    pieces.push(piece);
  }
  const bytes = new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  const { text, isGuessed } = decodeList(bytes);
  return { table: await tableIn(text), name, isEncodingGuessed: isGuessed };
}

async function tableIn(text: string): Promise<Table> {
  const start = text.slice(0, 1 << 10).trimStart();
  if (start === '' && text.trim() === '') throw needed('it is empty');
  if (start.startsWith('<')) throw needed('it looks like a web page or XML, beginning with <');
  // A title can begin with a bracket: [REC].
  return /^(?:\{|\[\s*[[{"\]])/u.test(start) ? tableOfJson(text) : tableOfText(text);
}

/** The error for a file that is not a list. */
export function needed(what: string): MatfacError {
  const message = `Line 1: the file must be one person's list with a column of titles, such as an export of Letterboxd, IMDb, Goodreads or Trakt; ${what}`;
  return new MatfacError('parse-error', message, { line: 1, column: 1 });
}

const EXCEL = 'an Excel workbook or another Office document: save it as CSV';
const LIST = /\.(csv|tsv|txt|json|jsonl|ndjson)(\.gz)?$/i;
const RATINGS = [/^ratings?\b[^/]*$/i, /rating|goodreads|library|reviews?\b/i];
const SEEN = [/^watched\b/i, /^diary\b/i, /watched|history|viewing|diary|seen|read\b/i];

/** The files with ratings, then the one with what was seen. @throws MatfacError `parse-error` when there is none. */
function filesOfList(paths: readonly string[]): string[] {
  if (paths.includes('[Content_Types].xml')) throw needed(`it is ${EXCEL}`);
  const lists = paths.filter(
    (path) => LIST.test(path) && !/(^|\/)(__MACOSX\/|\.|deleted\/|orphaned\/)/i.test(path) && !isWatchlist(path),
  );
  const named = (patterns: readonly RegExp[]) =>
    patterns
      .map((pattern) => shallowest(lists.filter((path) => pattern.test(baseOf(path)))))
      .find((found) => found.length > 0) ?? [];
  const rated = named(RATINGS).slice(0, MOST_FILES);
  const seen = named(SEEN)
    .filter((path) => !rated.includes(path))
    .slice(0, MOST_FILES);
  const found = rated.length > 0 ? [...rated, ...seen.filter((path) => /^watched/i.test(baseOf(path)))] : seen;
  if (found.length > 0) return found;
  if (lists.length === 1) return [...lists];
  const names = paths.slice(0, 10).map((path) => `'${path}'`);
  const what = names.length > 0 ? `the zip archive has ${names.join(', ')}` : 'the zip archive is empty';
  throw needed(`${what}: pass one of its files`);
}

function shallowest(paths: readonly string[]): string[] {
  const depths = paths.map((path) => path.split('/').length);
  const least = Math.min(...depths);
  return paths.filter((_, index) => depths[index] === least);
}

const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const isWatchlist = (path: string) => /watch-?_?list|to-?_?read|wish-?_?list/i.test(baseOf(path));

function refuseWatchlist(name: string): void {
  if (isWatchlist(name)) throw needed(`'${baseOf(name)}' is a list of what is still to be seen or read`);
}
