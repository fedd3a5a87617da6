/** Reads titles from files of typed values: JSON and Parquet. */

import { checkRows, titlesLimit } from '../base/allowance.js';
import { MatfacError } from '../base/errors.js';
import type { ReadLimits } from '../base/limits.js';
import { show } from '../base/show.js';
import { partsOf } from '../ratings/features/cell.js';
import { ID, type Id, isId } from '../ratings/ids.js';
import { type DetailColumns, detailsOf, type Title, titleColumns } from '../ratings/title-columns.js';
import { idOf } from './cell-rows.js';
import { JsonReader, type JsonSink } from './syntax/json-reader.js';
import { noJson } from './syntax/json-scanner.js';

type Key = string | number;
type Row = { [key: Key]: unknown };
/** The keys of the cells of a row. */
interface Keys {
  id: Key;
  title: Key;
  genres: Key | undefined;
  details?: DetailColumns<Key>;
}

/** The columns of rows without titles. */
const BY_POSITION: Keys = { id: 0, title: 1, genres: 2 };

export async function titlesInParquet(file: Blob, limits?: ReadLimits): Promise<Map<Id, Title>> {
  const { readParquetColumns } = await import('./parquet.js');
  let keys = BY_POSITION;
  let names: string[] = [];
  const choose = (all: string[]) => {
    keys = keysOf(all, 'The Parquet file');
    const { details, ...others } = keys;
    names = [...Object.values(others), ...Object.values(details ?? {})].filter((key) => key !== undefined).map(String);
    return names;
  };
  const columns = await readParquetColumns(file, choose, limits);
  const titles = new Map<Id, Title>();
  for (let row = 0; row < columns[0]!.length; row++) {
    checkRows(row + 1, titlesLimit(limits));
    const cells = Object.fromEntries(names.map((name, index) => [name, columns[index]![row]]));
    titles.set(...titleIn(cells, keys, `Row ${row + 1}`, row + 1));
  }
  return titles;
}

export async function titlesInJson(text: string, limits?: ReadLimits): Promise<Map<Id, Title>> {
  const rows = new JsonTitles(titlesLimit(limits));
  const reader = new JsonReader(rows);
  await reader.push(new TextEncoder().encode(text));
  await reader.end();
  return rows.finish();
}

class JsonTitles implements JsonSink {
  readonly #rows: { row: Row; line: number }[] = [];

  constructor(readonly most: number) {}

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
    checkRows(this.#rows.length, this.most);
  }

  bad(line: number, reason: string): void {
    throw fault(`Line ${line}`, line, reason);
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
  if (!columns) throw fault(where, 1, `no column of titles found among ${names.slice(0, 20).map(show).join(', ')}`);
  const details: DetailColumns<Key> = {};
  for (const [detail, column] of Object.entries(columns.details ?? {}))
    details[detail as keyof typeof details] = names[column]!;
  return { id: names[columns.id]!, title: names[columns.title]!, genres: names[columns.genres], details };
}

function titleIn(row: Row, keys: Keys, where: string, line: number): [Id, Title] {
  const [id, title] = [idOf(row[keys.id]), row[keys.title]];
  if (!isId(id)) throw fault(where, line, `the id must be ${ID}; it is ${show(id)}`);
  const isTitle = (typeof title === 'string' && title.trim() !== '') || typeof title === 'number';
  if (!isTitle) throw fault(where, line, `the title must be a non-empty string or a number; it is ${show(title)}`);
  const genres = keys.genres === undefined ? undefined : genresOf(row[keys.genres]);
  const details = detailsOf(keys.details, (key) => row[key]);
  return [id, { title: String(title).trim(), ...(genres ? { genres } : {}), ...details }];
}

/** Genres as a text with bars, or a list of texts or of objects with a name. */
function genresOf(value: unknown): string[] | undefined {
  if (typeof value === 'string' && value.trim() !== '') return partsOf(value.trim());
  if (!Array.isArray(value)) return undefined;
  const names = value.map((genre) => (typeof genre === 'object' && genre !== null ? genre.name : genre));
  return names.filter((name) => typeof name === 'string');
}

function fault(where: string, line: number, reason: string): MatfacError {
  return new MatfacError('parse-error', `${where}: ${reason}`, { line, column: 1 });
}
