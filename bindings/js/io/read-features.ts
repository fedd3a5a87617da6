import { checkLimits, checkRows, titlesLimit } from '../base/allowance.js';
import { mustBe, nearest } from '../base/checks.js';
import { invalid, MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import { checkSignal } from '../base/signal.js';
import type { FileSource } from '../base/source.js';
import type { FeatureFileOptions } from '../ratings/features/feature-options.js';
import { FieldTable, idFieldOf } from '../ratings/features/field-table.js';
import { checkedFileOptions, featuresOfTable, type MadeFeatures } from '../ratings/features/make-features.js';
import { ID, isId } from '../ratings/ids.js';
import { Notes } from '../ratings/notes.js';
import { type OpenedFile, openFile } from './archive/open-file.js';
import { chooseFeatures } from './archive/zip-choice.js';
import { idOf } from './cell-rows.js';
import { cellsOf, headerOf } from './feature-header.js';
import { IdColumn } from './id-column.js';
import { saysMissing } from './missing.js';
import { JsonReader, type JsonSink } from './syntax/json-reader.js';
import { noJson } from './syntax/json-scanner.js';
import { rowsOf, textOf } from './titles.js';

/** See `Features.fromFile`. */
export async function featuresOfFile(source: FileSource, given: FeatureFileOptions): Promise<MadeFeatures> {
  const options = checkedFileOptions(given);
  const { file, limits, signal } = options;
  if (file !== undefined && typeof file !== 'string') {
    throw mustBe('file', 'the name of a file in the zip archive', file);
  }
  checkLimits(limits, ['bytes', 'rows']);
  checkSignal('Reading', signal);
  const notes = new Notes();
  const opened = await openFile(source, { choose: (paths) => chooseFeatures(paths, file), signal, limits });
  return featuresOfTable(await tableOf(opened, options, notes), options, notes);
}

async function tableOf(opened: OpenedFile, options: FeatureFileOptions, notes: Notes): Promise<FieldTable> {
  if ('parquet' in opened) return tableOfParquet(opened.parquet, options);
  const text = await textOf(opened, 'features');
  return /^\s*[[{]/.test(text) ? tableOfJson(text, options) : tableOfText(text, options, notes);
}

async function tableOfText(text: string, { id, limits }: FeatureFileOptions, notes: Notes): Promise<FieldTable> {
  const rows = await rowsOf(text, titlesLimit(limits));
  const [first] = rows;
  if (!first) throw fault('Line 1', 1, 1, 'the file must have features; it is empty');
  const header = headerOf(first.fields, first.line);
  const { names } = header;
  const idColumn = names.indexOf(idIn(names, id));
  const ids = new IdColumn();
  const table = new FieldTable();
  for (const { fields, line } of header.isFirstLine ? rows.slice(1) : rows) {
    const cells = cellsOf(header, fields, line);
    const text = cells[idColumn] as string;
    if (text === '') throw fault(`Line ${line}, column ${idColumn + 1}`, line, idColumn + 1, 'the id is missing');
    const before = ids.ids.size;
    const row = ids.addText(text);
    const named = names.map((name, column) => [name, presentIn(cells[column])] as const);
    table.set(
      row,
      named.filter((_, column) => column !== idColumn),
      row === before,
    );
  }
  table.ids = ids.ids;
  if (table.ids.size === 0) throw fault('Line 2', 2, 1, 'the file must have rows below the names of its fields');
  if (!header.isFirstLine) notes.add('format-guessed', `The file is read as one of MovieLens's: ${names.join(', ')}`);
  return table;
}

/** The field of the ids; the first where none is named and no name says so. */
function idIn(names: readonly string[], id: string | undefined): string {
  if (id === undefined) return idFieldOf(names) ?? names[0]!;
  if (names.includes(id)) return id;
  const guess = names.length > 0 ? `; did you mean ${show(nearest(id, names))}?` : '';
  throw invalid(`id must be a field of the file; it is ${show(id)}${guess}`);
}

function presentIn(cell: unknown): unknown {
  return typeof cell === 'string' && saysMissing(cell) ? undefined : cell;
}

async function tableOfParquet(blob: Blob, { id, limits }: FeatureFileOptions): Promise<FieldTable> {
  const { readParquetColumns } = await import('./parquet.js');
  let names: string[] = [];
  const columns = await readParquetColumns(blob, (all) => (names = all), limits);
  const idColumn = names.indexOf(idIn(names, id));
  const table = new FieldTable();
  const others = names.map((name, column) => [name, column] as const).filter(([, column]) => column !== idColumn);
  for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
    checkRows(row + 1, titlesLimit(limits));
    addCells(
      table,
      columns[idColumn]![row],
      others.map(([name, column]) => [name, columns[column]![row]] as const),
      `Row ${row + 1}, column ${idColumn + 1}`,
      row + 1,
    );
  }
  if (table.ids.size === 0) throw fault('Row 1', 1, 1, 'the file must have features; it is empty');
  return table;
}

function addCells(
  table: FieldTable,
  cell: unknown,
  cells: Iterable<readonly [string, unknown]>,
  where: string,
  line: number,
) {
  const id = idOf(cell);
  if (!isId(id)) throw fault(where, line, 1, `the id must be ${ID}; it is ${show(id)}`);
  const before = table.ids.size;
  const row = table.ids.add(id);
  table.set(row, cells, row === before);
}

async function tableOfJson(text: string, reading: FeatureFileOptions): Promise<FieldTable> {
  const rows = new JsonFeatures(reading);
  const reader = new JsonReader(rows);
  await reader.push(new TextEncoder().encode(text));
  await reader.end();
  if (rows.table.ids.size === 0) throw fault('Line 1', 1, 1, 'the file must have features');
  return rows.table;
}

class JsonFeatures implements JsonSink {
  readonly table = new FieldTable();
  #idField: string | undefined;
  #rows = 0;

  constructor(readonly reading: FeatureFileOptions) {
    this.#idField = reading.id;
  }

  addText(text: string, line: number): void {
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (failure) {
      throw fault(`Line ${line}`, line, 1, noJson(failure));
    }
    this.add(row, line);
  }

  add(row: unknown, line: number): void {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw fault(`Line ${line}`, line, 1, `the row must be an object of fields; it is ${show(row)}`);
    }
    checkRows(++this.#rows, titlesLimit(this.reading.limits));
    const cells = Object.entries(row);
    this.#idField ??= idIn(Object.keys(row), undefined);
    const id = cells.find(([name]) => name === this.#idField)?.[1];
    addCells(
      this.table,
      id,
      cells.filter(([name]) => name !== this.#idField),
      `Line ${line}`,
      line,
    );
  }

  bad(line: number, reason: string): void {
    throw fault(`Line ${line}`, line, 1, reason);
  }
}

function fault(where: string, line: number, column: number, reason: string): MatfacError {
  return new MatfacError('parse-error', `${where}: ${reason}`, { line, column });
}
