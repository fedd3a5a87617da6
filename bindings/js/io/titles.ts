import { checkLimits, checkRows, titlesLimit } from '../base/allowance.js';
import { checkNames } from '../base/checks.js';
import { MatfacError } from '../base/errors.js';
import type { ReadLimits } from '../base/limits.js';
import { type FileSource, gather } from '../base/source.js';
import { partsOf } from '../ratings/features/cell.js';
import { byId, type Id } from '../ratings/ids.js';
import { detailsOf, GENRES, type Title, type TitleColumns, titleColumns } from '../ratings/title-columns.js';
import { type OpenedFile, openFile } from './archive/open-file.js';
import { guessTitles, packageOf } from './archive/zip-choice.js';
import { plainTitles } from './formats/title-text.js';
import { IdColumn } from './id-column.js';
import { CsvReader } from './syntax/csv.js';
import { beginsAsJson } from './syntax/json-reader.js';
import { titlesInJson, titlesInParquet } from './title-cells.js';
import { withLinks } from './title-links.js';

/** See `Titles.fromFile`. */
export async function readTitles(source: FileSource, options: { limits?: ReadLimits }): Promise<Map<Id, Title>> {
  checkNames('Titles.fromFile', options, ['limits']);
  const { limits } = options;
  checkLimits(limits, ['bytes', 'rows']);
  const opened = await openFile(source, { choose, limits });
  const titles = byId(await titlesOf(opened, limits));
  return opened.archive ? withLinks(titles, opened.archive, opened.archive.path) : titles;
}

function choose(paths: string[]): string {
  const path = packageOf(paths) === 'xlsx' ? paths[0] : guessTitles(paths);
  if (path !== undefined) return path;
  throw new MatfacError('parse-error', 'The zip archive must have a file of titles, such as movies.csv or u.item');
}

/** Rows with more fields count as several, because all fields are kept until the end. */
const CELLS = 32;

/** In bytes: engines have no longer strings. */
const LONGEST_TEXT = 500_000_000;

/** The titles in an opened file. */
export async function titlesOf(opened: OpenedFile, limits?: ReadLimits): Promise<Map<Id, Title>> {
  if ('parquet' in opened) return titlesInParquet(opened.parquet, limits);
  const bytes = plainTitles(await bytesOfText(opened));
  checkText('titles', bytes);
  return beginsAsJson(bytes) ? titlesInJson(bytes, limits) : titlesInText(textOf(bytes), titlesLimit(limits));
}

/** All bytes of a text, or the first sheet of a workbook as CSV. */
export async function bytesOfText(opened: OpenedFile & { text: AsyncGenerator<Uint8Array> }): Promise<Uint8Array> {
  const text = isWorkbook(opened) ? await sheetOf(opened) : opened.text;
  return new Uint8Array(await (await gather(text)).arrayBuffer());
}

/** @throws MatfacError `out-of-memory` for a text that is longer than strings can be. */
export function checkText(what: string, { length }: Uint8Array): void {
  if (length <= LONGEST_TEXT) return;
  const size = `${Math.round(length / 1e6)} MB`;
  throw new MatfacError('out-of-memory', `The file of ${what} must have at most 500 MB of text; it has ${size}`);
}

function isWorkbook({ archive }: OpenedFile): boolean {
  return archive !== undefined && packageOf(archive.paths) === 'xlsx';
}

/** The first sheet of a workbook as CSV. */
async function sheetOf(opened: OpenedFile & { text: AsyncGenerator<Uint8Array> }): Promise<AsyncIterable<Uint8Array>> {
  await opened.text.return(undefined);
  const [{ csvOfWorkbook }, { workbookOf }] = await Promise.all([import('./formats/xlsx.js'), import('./packages.js')]);
  return csvOfWorkbook(workbookOf(opened.archive!), undefined, () => {});
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

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** The rows of a text, each with its line; the first line tells the delimiter. */
export async function rowsOf(text: string, most: number): Promise<{ fields: string[]; line: number }[]> {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = ['::', '\t', '|', ',', ';'].find((candidate) => isDelimiter(firstLine, candidate)) ?? ',';
  const rows: { fields: string[]; line: number }[] = [];
  let cells = 0;
  const add = (fields: string[], line: number) => {
    if (fields.length > 1 || fields[0]!.trim() !== '') rows.push({ fields, line });
    cells += fields.length;
    checkRows(Math.max(rows.length, cells / CELLS), most);
  };
  // MovieLens's own formats have no quoting: a quote in a title is a plain character.
  if (delimiter === '::' || delimiter === '|') {
    for (let start = 0, line = 1; start < text.length; line++) {
      const end = text.indexOf('\n', start);
      const stop = end < 0 ? text.length : end;
      if (stop > start) add(text.slice(start, stop).trimEnd().split(delimiter), line);
      start = stop + 1;
    }
    return rows;
  }
  const reader = new CsvReader(
    { delimiter, newline: text.includes('\n') ? '\n' : '\r' },
    {
      plain: (piece, start, end, line) => {
        if (end > start) add(piece.slice(start, end).trimEnd().split(delimiter), line);
      },
      fields: add,
      bad: (line, column, reason) => {
        throw new MatfacError('parse-error', `Line ${line}, column ${column}: ${reason}`, { line, column });
      },
    },
  );
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
