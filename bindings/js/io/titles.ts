import { checkLimits, checkRows, titlesLimit } from '../base/allowance.js';
import { checkNames } from '../base/checks.js';
import { MatfacError } from '../base/errors.js';
import type { ReadLimits } from '../base/limits.js';
import { type FileSource, gather } from '../base/source.js';
import { partsOf } from '../ratings/features/cell.js';
import { byId, type Id } from '../ratings/ids.js';
import { checkEncoding } from '../ratings/read-options.js';
import { detailsOf, GENRES, type Title, type TitleColumns, titleColumns } from '../ratings/title-columns.js';
import { type OpenedFile, openFile, type Parts } from './archive/open-file.js';
import { guessTitles } from './archive/zip-choice.js';
import { plainTitles } from './formats/title-text.js';
import { IdColumn } from './id-column.js';
import { CsvReader, type Dialect } from './syntax/csv.js';
import { LenientDecoder, utf8Pieces } from './syntax/encoding.js';
import { singleQuotes } from './syntax/guess-dialect.js';
import { titlesInJson, titlesInParquet } from './title-cells.js';
import { withLinks } from './title-links.js';

/** See `TitleOptions`. */
interface Options {
  encoding?: string;
  limits?: ReadLimits;
}

/** See `Titles.fromFile`. */
export async function readTitles(source: FileSource, options: Options): Promise<Map<Id, Title>> {
  checkNames('Titles.fromFile', options, ['encoding', 'limits']);
  checkEncoding(options.encoding);
  const { limits } = options;
  checkLimits(limits, ['bytes', 'rows']);
  const opened = await openFile(source, { choose, limits });
  const titles = byId(await titlesOf(opened, options));
  return opened.archive ? withLinks(titles, opened.archive, opened.archive.path) : titles;
}

function choose(paths: string[]): string {
  const path = guessTitles(paths);
  if (path !== undefined) return path;
  throw new MatfacError('parse-error', 'The zip archive must have a file of titles, such as movies.csv or u.item');
}

/** Rows with more fields count as several, because all fields are kept until the end. */
const CELLS = 32;

/** In bytes: engines have no longer strings. */
const LONGEST_TEXT = 500_000_000;

/** The titles in an opened file. */
export async function titlesOf(opened: OpenedFile, { encoding, limits }: Options = {}): Promise<Map<Id, Title>> {
  if ('parquet' in opened) return titlesInParquet(opened.parquet, limits);
  const text = plainTitles(await textOf(opened, 'titles', encoding));
  return /^\s*[[{]/.test(text) ? titlesInJson(text, limits) : titlesInText(text, titlesLimit(limits));
}

/** All of a text, or the first sheet of a workbook as CSV. @throws MatfacError `out-of-memory` for what no string can have. */
export async function textOf(
  opened: Exclude<OpenedFile, { parquet: Blob }>,
  what: string,
  encoding?: string,
): Promise<string> {
  const pieces = 'parts' in opened ? await sheetOf(opened.parts) : utf8Pieces(opened.text, encoding, () => {});
  const bytes = new Uint8Array(await (await gather(pieces)).arrayBuffer());
  if (bytes.length > LONGEST_TEXT) {
    const size = `${Math.round(bytes.length / 1e6)} MB`;
    throw new MatfacError('out-of-memory', `The file of ${what} must have at most 500 MB of text; it has ${size}`);
  }
  return new LenientDecoder(() => {}).decode(bytes);
}

/** The first sheet of a workbook as CSV. */
async function sheetOf(parts: Parts): Promise<AsyncIterable<Uint8Array>> {
  if (parts.kind !== 'xlsx') throw new MatfacError('unsupported', 'The file must have titles; it has arrays of NumPy');
  const [{ csvOfWorkbook }, { workbookOf }] = await Promise.all([import('./formats/xlsx.js'), import('./packages.js')]);
  return csvOfWorkbook(workbookOf(parts), undefined, () => {});
}

async function titlesInText(text: string, most: number): Promise<Map<Id, Title>> {
  const rows = await rowsOf(text, most);
  const [first] = rows;
  if (!first) throw new MatfacError('parse-error', 'The file must have titles; it is empty', { line: 1, column: 1 });
  const header = titleColumns(first.fields);
  const columns: TitleColumns = header ?? { id: 0, title: 1, genres: 2 };
  const ids = new IdColumn();
  const titles: Title[] = [];
  for (const { fields, line } of header ? rows.slice(1) : rows) {
    const id = fields[columns.id]?.trim();
    const title = fields[columns.title]?.trim();
    if (!id || !title) {
      const column = (id ? columns.title : columns.id) + 1;
      const message = `Line ${line}, column ${column}: the ${id ? 'title' : 'id'} is missing`;
      throw new MatfacError('parse-error', message, { line, column });
    }
    titles[ids.addText(id)] = {
      title,
      ...genresOf(fields, columns),
      ...detailsOf(columns.details, (column) => fields[column]),
    };
  }
  return new Map(titles.map((title, index) => [ids.ids.at(index), title]));
}

/** The rows of a text, each with its line; the first line tells the delimiter. */
export async function rowsOf(text: string, most: number): Promise<Row[]> {
  const said = /^sep=([;,|\t])\r?\n/i.exec(text);
  if (said) return rowsIn(text.slice(said[0].length), said[1]!, most, 2);
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = ['::', '\t', '|', ',', ';'].find((candidate) => isDelimiter(firstLine, candidate)) ?? ',';
  return rowsIn(text, delimiter, most, 1);
}

type Row = { fields: string[]; line: number };

async function rowsIn(text: string, delimiter: string, most: number, beginsAt: number): Promise<Row[]> {
  const rows: Row[] = [];
  let cells = 0;
  const add = (fields: string[], line: number) => {
    if (fields.length > 1 || fields[0]!.trim() !== '') rows.push({ fields, line });
    cells += fields.length;
    checkRows(Math.max(rows.length, cells / CELLS), most);
  };
  // MovieLens's own formats have no quoting: a quote in a title is a plain character.
  if (delimiter === '::' || delimiter === '|') {
    for (let start = 0, line = beginsAt; start < text.length; line++) {
      const end = text.indexOf('\n', start);
      const stop = end < 0 ? text.length : end;
      if (stop > start) add(text.slice(start, stop).trimEnd().split(delimiter), line);
      start = stop + 1;
    }
    return rows;
  }
  const dialect: Dialect = { delimiter, newline: text.includes('\n') ? '\n' : '\r' };
  const isSingle = singleQuotes(text.slice(0, 1 << 16), dialect) === 'most';
  const reader = new CsvReader(isSingle ? { ...dialect, quote: "'" } : dialect, {
    plain: (piece, start, end, line) => {
      if (end > start) add(piece.slice(start, end).trimEnd().split(delimiter), line);
    },
    fields: add,
    bad: (line, column, reason) => {
      throw new MatfacError('parse-error', `Line ${line}, column ${column}: ${reason}`, { line, column });
    },
  });
  reader.skipLines(beginsAt - 1);
  await reader.push(text);
  await reader.end();
  return rows;
}

/** A bar also separates genres in CSV: it separates fields only after an id at the beginning, without a comma before it. */
function isDelimiter(line: string, candidate: string): boolean {
  if (candidate !== '|') return line.includes(candidate);
  return /^[^,;|]+\|/.test(line);
}

function genresOf(fields: string[], columns: TitleColumns): { genres?: string[] } {
  const flags = fields.slice(-GENRES.length);
  if (fields.length === GENRES.length + 5 && flags.every((flag) => flag === '0' || flag === '1')) {
    return { genres: GENRES.filter((_, index) => flags[index] === '1') };
  }
  const text = fields[columns.genres]?.trim();
  if (!text) return {};
  return { genres: partsOf(text) };
}
