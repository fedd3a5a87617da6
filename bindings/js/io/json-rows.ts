import { show } from '../base/show.js';
import { noRatings } from '../ratings/bad-rows.js';
import type { Table } from '../ratings/columns.js';
import type { ColumnIndices, RowLayout } from '../ratings/ratings-source.js';
import { CellRows } from './cell-rows.js';
import { looksLikeHeader } from './columns/header.js';
import { listKey, rowsInList } from './formats/json-lists.js';
import { assignRoles, NO_COLUMN } from './one-user.js';
import type { Reading } from './reading.js';
import type { RowSource } from './row-source.js';
import type { JsonSink } from './syntax/json-reader.js';
import { noJson } from './syntax/json-scanner.js';
import { beginsAsPython, jsonOfPython } from './syntax/python-literal.js';

type Row = { [key: string | number]: unknown };

/** The columns are guessed from this many rows. */
const FIRST_ROWS = 50;

/** Makes dense columns of the rows of JSON, which are objects or arrays. */
export class JsonRows implements RowSource, JsonSink {
  #waiting: { row: Row; line: number }[] = [];
  #rows: CellRows | undefined;
  #layout: RowLayout | undefined;
  /** The key of the list of items that each row has. */
  #list: string | undefined;
  #keys: { [role in keyof ColumnIndices]?: string | number } = {};

  constructor(readonly reading: Reading) {}

  get size(): number {
    return this.#rows?.size ?? 0;
  }

  get layout(): RowLayout {
    return this.#layout!;
  }

  finish(): Generator<void, Table> {
    return this.#rows!.finish();
  }

  /** Adds a row by its text. */
  addText(text: string, line: number): void {
    let value: unknown;
    let problem: string | undefined;
    try {
      value = JSON.parse(beginsAsPython(text) ? jsonOfPython(text) : text);
    } catch (failure) {
      problem = noJson(failure);
    }
    if (problem === undefined) this.add(value, line);
    else this.bad(line, problem);
  }

  bad(line: number, reason: string): void {
    this.reading.badRows.add(line, 1, reason);
  }

  add(value: unknown, line: number): void {
    if (typeof value !== 'object' || value === null) {
      this.reading.badRows.add(line, 1, `the row must be an object or an array; it is ${show(value)}`);
    } else if (this.#rows) {
      this.#takeAll(value as Row, line);
    } else {
      this.#waiting.push({ row: value as Row, line });
      if (this.#waiting.length === FIRST_ROWS) this.#begin();
    }
  }

  rest(): Promise<void> {
    return this.reading.progress.step(this.size);
  }

  /** Ends the rows. */
  end(): void {
    if (this.#rows) return;
    if (this.#waiting.length === 0) throw noRatings(this.reading.badRows);
    this.#begin();
  }

  #begin(): void {
    const whole = this.#waiting.map(({ row }) => row);
    const list = listKey(whole);
    this.#list = list;
    const rows = list === undefined ? whole : whole.flatMap((row) => rowsInList(row, list)).slice(0, FIRST_ROWS);
    if (rows.length === 0) throw noRatings(this.reading.badRows);
    if (list !== undefined)
      this.reading.notes.add('format-guessed', `Each row is a user, with a list of items under '${list}'.`);
    const areArrays = Array.isArray(rows[0]);
    const layout = areArrays
      ? layoutOfArrays(rows as unknown as unknown[][], this.reading)
      : layoutOfObjects(rows, this.reading);
    const keyOf = (column: number | undefined) =>
      column === undefined || column === NO_COLUMN ? undefined : areArrays ? column : layout.titles![column]!;
    for (const role of ['user', 'item', 'rating', 'timestamp', 'event'] as const) {
      const key = keyOf(layout.columns[role]);
      if (key !== undefined) this.#keys[role] = key;
    }
    this.#layout = layout;
    this.reading.badRows.titles = layout.titles;
    this.#rows = new CellRows(layout.columns, this.reading);
    for (const { row, line } of this.#waiting.slice(areArrays && layout.titles ? 1 : 0)) this.#takeAll(row, line);
    this.#waiting = [];
  }

  #takeAll(row: Row, line: number): void {
    const list = this.#list;
    if (list === undefined || Array.isArray(row)) this.#take(row, line);
    else for (const one of rowsInList(row, list)) this.#take(one, line);
  }

  #take(row: Row, line: number): void {
    const { user, item, rating, timestamp, event } = this.#keys;
    const cell = (key: string | number | undefined) => (key === undefined ? undefined : row[key]);
    this.#rows!.add(cell(user), cell(item), cell(rating), cell(timestamp), line, cell(event));
  }
}

function layoutOfObjects(rows: Row[], reading: Reading): RowLayout {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const texts = rows.map((row) => titles.map((title) => textOf(row[title])));
  return { format: 'json', delimiter: '', titles, columns: assignRoles(titles, texts, titles, reading) };
}

function layoutOfArrays(rows: unknown[][], reading: Reading): RowLayout {
  const texts = rows.map((row) => Array.from(row, textOf));
  const [first = [], ...others] = texts;
  const titles = looksLikeHeader(first, others, reading.options.columns) ? first : undefined;
  const columns = assignRoles(first, titles ? others : texts, titles, reading);
  return { format: 'json', delimiter: '', ...(titles ? { titles } : {}), columns };
}

/** The text of a cell, for guessing the columns. */
function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}
