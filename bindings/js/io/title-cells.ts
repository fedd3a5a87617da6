/** Reads titles from files of typed values: JSON and Parquet. */
import { MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import { ID, type Id, isId } from '../ratings/ids.js';
import { genresIn, type Title, titleColumns } from '../ratings/title-columns.js';
import { idOf } from './cell-rows.js';
import { JsonReader, type JsonSink, noJson } from './syntax/json-reader.js';

type Key = string | number;
type Row = { [key: Key]: unknown };
/** The keys of the cells of a row. */
interface Keys {
  id: Key;
  title: Key;
  genres: Key | undefined;
}

/** The columns of rows without titles. */
const BY_POSITION: Keys = { id: 0, title: 1, genres: 2 };

export async function titlesInParquet(file: Blob): Promise<Map<Id, Title>> {
  const { readParquetRows } = await import('./parquet.js');
  let keys = BY_POSITION;
  const rows = await readParquetRows(file, (names) => {
    keys = keysOf(names, 'The Parquet file');
    return Object.values(keys).filter((key) => key !== undefined);
  });
  return new Map(rows.map((row, index) => titleIn(row, keys, `Row ${index + 1}`, index + 1)));
}

export async function titlesInJson(bytes: Uint8Array): Promise<Map<Id, Title>> {
  const rows = new JsonTitles();
  const reader = new JsonReader(rows);
  await reader.push(bytes);
  await reader.end();
  return rows.finish();
}

class JsonTitles implements JsonSink {
  readonly #rows: { row: Row; line: number }[] = [];

  addText(text: string, line: number): void {
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (failure) {
      throw fault(`Line ${line}`, line, noJson(failure));
    }
    this.add(row, line);
  }

  add(row: unknown, line: number): void {
    const reason = `the row must be an object or an array; it is ${show(row)}`;
    if (typeof row !== 'object' || row === null) throw fault(`Line ${line}`, line, reason);
    this.#rows.push({ row: row as Row, line });
  }

  finish(): Map<Id, Title> {
    const [first] = this.#rows;
    if (!first) throw fault('Line 1', 1, 'the file must have titles');
    const named = Array.isArray(first.row) ? titleColumns(first.row.map(String)) : undefined;
    const keys = Array.isArray(first.row) ? (named ?? BY_POSITION) : keysOf(this.#names(), `Line ${first.line}`);
    const rows = named ? this.#rows.slice(1) : this.#rows;
    // Metadata has items without a title.
    const titled = rows.filter(({ row }) => (row[keys.title] ?? null) !== null);
    return new Map(titled.map(({ row, line }) => titleIn(row, keys, `Line ${line}`, line)));
  }

  #names(): string[] {
    return [...new Set(this.#rows.flatMap(({ row }) => Object.keys(row)))];
  }
}

/** Finds the keys by the names of the columns. @throws MatfacError `parse-error` when none is for titles. */
function keysOf(names: string[], where: string): Keys {
  const columns = names.length > 1 ? titleColumns(names) : undefined;
  if (!columns) throw fault(where, 1, `no column of titles found among ${names.map(show).join(', ')}`);
  return { id: names[columns.id]!, title: names[columns.title]!, genres: names[columns.genres] };
}

function titleIn(row: Row, keys: Keys, where: string, line: number): [Id, Title] {
  const [id, title] = [idOf(row[keys.id]), row[keys.title]];
  if (!isId(id)) throw fault(where, line, `the id must be ${ID}; it is ${show(id)}`);
  const isTitle = (typeof title === 'string' && title.trim() !== '') || typeof title === 'number';
  if (!isTitle) throw fault(where, line, `the title must be a non-empty string or a number; it is ${show(title)}`);
  const genres = keys.genres === undefined ? undefined : genresOf(row[keys.genres]);
  return [id, { title: String(title).trim(), ...(genres ? { genres } : {}) }];
}

/** Genres as a text with bars, or a list of texts or of objects with a name. */
function genresOf(value: unknown): string[] | undefined {
  if (typeof value === 'string' && value.trim() !== '') return genresIn(value.trim());
  if (!Array.isArray(value)) return undefined;
  const names = value.map((genre) => (typeof genre === 'object' && genre !== null ? genre.name : genre));
  return names.filter((name) => typeof name === 'string');
}

function fault(where: string, line: number, reason: string): MatfacError {
  return new MatfacError('parse-error', `${where}: ${reason}`, { line, column: 1 });
}
