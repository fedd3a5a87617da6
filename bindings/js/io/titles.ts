import { MatfacError } from '../base/errors.js';
import { type FileSource, gather } from '../base/source.js';
import { byId, type Id } from '../ratings/ids.js';
import { detailsOf, GENRES, genresIn, type Title, type TitleColumns, titleColumns } from '../ratings/title-columns.js';
import { type OpenedFile, openFile } from './archive/open-file.js';
import { guessTitles } from './archive/zip-choice.js';
import { IdColumn } from './id-column.js';
import { CsvReader } from './syntax/csv.js';
import { beginsAsJson } from './syntax/json-reader.js';
import { titlesInJson, titlesInParquet } from './title-cells.js';
import { withLinks } from './title-links.js';

/** See `Titles.fromFile`. */
export async function readTitles(source: FileSource): Promise<Map<Id, Title>> {
  const opened = await openFile(source, { choose });
  const titles = byId(await titlesOf(opened));
  return opened.archive ? withLinks(titles, opened.archive, opened.archive.path) : titles;
}

function choose(paths: string[]): string {
  const path = guessTitles(paths);
  if (path !== undefined) return path;
  throw new MatfacError('parse-error', 'The zip archive must have a file of titles, such as movies.csv or u.item');
}

/** The titles in an opened file. */
export async function titlesOf(opened: OpenedFile): Promise<Map<Id, Title>> {
  if ('parquet' in opened) return titlesInParquet(opened.parquet);
  const bytes = new Uint8Array(await (await gather(opened.text)).arrayBuffer());
  return beginsAsJson(bytes) ? titlesInJson(bytes) : titlesInText(textOf(bytes));
}

async function titlesInText(text: string): Promise<Map<Id, Title>> {
  const rows = await rowsOf(text);
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

async function rowsOf(text: string): Promise<{ fields: string[]; line: number }[]> {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = ['::', '\t', '|', ',', ';'].find((candidate) => isDelimiter(firstLine, candidate)) ?? ',';
  const rows: { fields: string[]; line: number }[] = [];
  const add = (fields: string[], line: number) => {
    if (fields.length > 1 || fields[0]!.trim() !== '') rows.push({ fields, line });
  };
  // MovieLens's own formats have no quoting: a quote in a title is a plain character.
  if (delimiter === '::' || delimiter === '|') {
    for (const [index, line] of text.split('\n').entries()) add(line.trimEnd().split(delimiter), index + 1);
    return rows;
  }
  const reader = new CsvReader(
    { delimiter, newline: text.includes('\n') ? '\n' : '\r' },
    {
      plain: (piece, start, end, line) => add(piece.slice(start, end).trimEnd().split(delimiter), line),
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
  return { genres: genresIn(text) };
}
