import { mustBe } from '../../base/checks.js';
import { invalid } from '../../base/errors.js';
import { badId, GrowingIds, type Id, isId } from '../ids.js';
import { isMissing } from './cell.js';

/** More fields are not those of a table, but ids that became names. */
const MOST_FIELDS = 1000;

/** Rows of named cells by id; a field has a cell, which may be missing, for each id. */
export class FieldTable {
  /** Assigned anew by a reader of texts, which learns how ids are written as it goes. */
  ids = new GrowingIds();
  readonly fields = new Map<string, unknown[]>();
  /** Rows that replaced an earlier one of their id. */
  replaced = 0;

  /** The cell of a row is what `Object.entries` gives. @throws MatfacError `invalid-argument` beyond the most fields. */
  set(row: number, cells: Iterable<readonly [string, unknown]>, isNew: boolean): void {
    if (!isNew) {
      this.replaced++;
      for (const column of this.fields.values()) column[row] = undefined;
    }
    for (const [name, cell] of cells) {
      let column = this.fields.get(name);
      if (!column) {
        if (this.fields.size === MOST_FIELDS) throw tooManyFields(this.fields.size + 1);
        column = [];
        this.fields.set(name, column);
      }
      // Without gaps, so that the engine keeps it as a plain array.
      while (column.length < row) column.push(undefined);
      column[row] = isMissing(cell) ? undefined : cell;
    }
  }
}

function tooManyFields(fields: number): Error {
  return invalid(`The fields of features must be at most ${MOST_FIELDS}; they are ${fields} or more`);
}

/** The field of the ids where none is named. */
const ID_FIELDS = [
  /^id$/i,
  /^(?:user|item)$/i,
  /^[^\s]{0,40}?[_ -]?id$/i,
  /^(?:parent_)?asin$|^appid$|^tconst$|^isbn$/i,
];

export function idFieldOf(names: readonly string[]): string | undefined {
  for (const known of ID_FIELDS) {
    const name = names.find((each) => known.test(each.trim()));
    if (name !== undefined) return name;
  }
  return undefined;
}

/** A row of features as an object with an id, or an id with such an object, as a Map has them. */
export type FeatureRow = { readonly [field: string]: unknown } | readonly [id: Id, row: object];

/** @throws MatfacError `invalid-argument` that names the row, 1 for the first. */
export function tableOfRows(rows: Iterable<FeatureRow>, idField: string | undefined): FieldTable {
  if (typeof rows !== 'object' || rows === null || typeof rows[Symbol.iterator] !== 'function') {
    throw mustBe('rows', 'an array or another iterable of {id, …}, or a Map of ids and such rows', rows);
  }
  const table = new FieldTable();
  let field = idField;
  let number = 1;
  for (const row of rows) {
    const pair = pairOf(row, number);
    if (pair.id === undefined) field ??= idFieldOf(Object.keys(pair.cells));
    const id = pair.id ?? (field === undefined ? undefined : pair.cells[field]);
    if (!isId(id)) throw badId(`id in row ${number}`, id);
    const before = table.ids.size;
    const cells = Object.entries(pair.cells).filter(([name]) => pair.id !== undefined || name !== field);
    table.set(table.ids.add(id), cells, table.ids.size > before);
    number++;
  }
  if (table.ids.size === 0) throw invalid('rows must not be empty');
  return table;
}

function pairOf(row: unknown, number: number): { id?: unknown; cells: { readonly [field: string]: unknown } } {
  const isPair = Array.isArray(row) && row.length === 2;
  const cells: unknown = isPair ? row[1] : row;
  if (typeof cells !== 'object' || cells === null || Array.isArray(cells)) {
    throw mustBe(`Row ${number}`, '{id, …} or [id, {…}]', row);
  }
  return isPair ? { id: row[0] ?? null, cells: { ...cells } } : { cells: { ...cells } };
}

/** Columns of equal length, by name. */
export type FeatureColumns = { readonly [field: string]: ArrayLike<unknown> };

/** @throws MatfacError `invalid-argument` that names the column. */
export function tableOfColumns(columns: FeatureColumns, idField: string | undefined): FieldTable {
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) {
    throw mustBe('columns', '{id, …}, each an array or typed array', columns);
  }
  const entries = Object.entries(columns);
  const field = idField ?? idFieldOf(entries.map(([name]) => name));
  const ids = field === undefined ? undefined : entries.find(([name]) => name === field)?.[1];
  if (ids === undefined)
    throw invalid("The columns must have ids, in the column 'id' or in that which the option id names");
  for (const [name, column] of entries) {
    const isColumn = Array.isArray(column) || (ArrayBuffer.isView(column) && !(column instanceof DataView));
    if (!isColumn) throw mustBe(`The column ${name}`, 'an array or a typed array', column);
    if (column.length !== ids.length) {
      throw invalid(
        `The columns must have equal lengths; ${field} has ${ids.length} entries and ${name} ${column.length}`,
      );
    }
  }
  if (ids.length === 0) throw invalid('The columns must not be empty');
  const table = new FieldTable();
  const others = entries.filter(([name]) => name !== field);
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index];
    if (!isId(id)) throw badId(`id at ${field}[${index}]`, id);
    const before = table.ids.size;
    const row = table.ids.add(id);
    table.set(
      row,
      others.map(([name, column]) => [name, column[index]] as const),
      row === before,
    );
  }
  return table;
}
