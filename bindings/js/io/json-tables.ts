/** Tables that are JSON objects, whose values come in parts. */

import { MatfacError } from '../base/errors.js';
import { EntryRows } from './entry-rows.js';
import { hasRows } from './formats/json-shape.js';
import { JsonUsers } from './formats/json-users.js';
import { isWrapper } from './formats/words.js';
import { JsonRows } from './json-rows.js';
import type { Reading } from './reading.js';
import type { RowSource } from './row-source.js';
import type { JsonEntry } from './syntax/json-entries.js';
import { parsedPart } from './syntax/json-parts.js';

/** Takes the values of an object. */
export interface TableShape {
  readonly rows: RowSource;
  take(entry: JsonEntry): void;
  end(): Promise<void>;
}

/** Rows that are taken between two looks at the clock. */
const ROWS = 256;

/** A column by the labels of its rows. */
type Column = Record<string, unknown>;

/** Columns as objects by the labels of the rows, pandas' default. */
export class ColumnsByRow implements TableShape {
  readonly rows: JsonRows;
  readonly #columns = new Map<string, Column>();
  /** The labels of the rows, which are those of the first column. */
  readonly #labels: string[] = [];

  constructor(readonly reading: Reading) {
    this.rows = new JsonRows(reading);
  }

  take(entry: JsonEntry): void {
    const { key, isFirst } = entry;
    const part = parsedPart(entry);
    const column = (!isFirst && this.#columns.get(key)) || (Object.create(null) as Column);
    this.#columns.set(key, column);
    if (typeof part !== 'object' || part === null) return;
    const [first] = this.#columns.keys();
    for (const [label, cell] of Object.entries(part)) {
      if (key === first) this.#labels.push(label);
      column[label] = cell;
    }
  }

  async end(): Promise<void> {
    const columns = [...this.#columns];
    let count = 0;
    for (const label of this.#labels) {
      this.rows.add(Object.fromEntries(columns.map(([name, cells]) => [name, cells[label]])), this.reading.line);
      if (++count % ROWS === 0) await this.rows.rest();
    }
    this.rows.end();
  }
}

/** pandas' `orient='split'`: the names of the columns, the labels of the rows, and the rows as arrays. */
export class SplitTable implements TableShape {
  readonly rows: JsonRows;
  readonly #columns: string[] = [];
  /** Rows that come before the names of the columns. */
  #waiting: unknown[] | undefined = [];

  constructor(readonly reading: Reading) {
    this.rows = new JsonRows(reading);
  }

  take(entry: JsonEntry): void {
    const { key, line, isLast } = entry;
    if (entry.isFirst && entry.bracket !== '[') throw broken(line, 'columns, index and data must be arrays');
    const part = parsedPart(entry) as unknown[];
    if (key === 'columns') {
      for (const name of part) this.#columns.push(String(name));
      if (isLast) this.#begin(line);
    } else if (key === 'data') {
      if (this.#waiting) for (const row of part) this.#waiting.push(row);
      else for (const row of part) this.#add(row, line);
    }
  }

  #begin(line: number): void {
    const rows = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const row of rows) this.#add(row, line);
  }

  #add(row: unknown, line: number): void {
    if (!Array.isArray(row)) throw broken(line, 'each row of data must be an array');
    this.rows.add(Object.fromEntries(this.#columns.map((name, column) => [name, row[column]])), line);
  }

  async end(): Promise<void> {
    this.rows.end();
  }
}

/** An object of users, or of rows, among other values of an object. */
export class Wrapper implements TableShape {
  rows: EntryRows | JsonRows;
  #key: string | undefined;
  #add: ((user: string, value: unknown, line: number) => void) | undefined;
  #end = () => {};

  constructor(readonly reading: Reading) {
    this.rows = new JsonRows(reading);
  }

  take(entry: JsonEntry): void {
    const { key, isFirst, line } = entry;
    if (isFirst && this.#key === undefined && isWrapper(key) && entry.bracket === '{') this.#key = key;
    const part = parsedPart(entry);
    if (key !== this.#key || typeof part !== 'object' || part === null) return;
    if (!this.#add) this.#begin(part);
    for (const [user, value] of Object.entries(part)) this.#add!(user, value, line);
  }

  #begin(first: object): void {
    if (hasRows(first)) {
      const rows = new JsonRows(this.reading);
      this.rows = rows;
      this.#add = (_, row, line) => rows.add(row, line);
      this.#end = () => rows.end();
      return;
    }
    const rows = new EntryRows(this.reading);
    const users = new JsonUsers(rows);
    this.rows = rows;
    this.#add = (user, items, line) => users.add(user, items, line);
    this.#end = () => users.end();
  }

  async end(): Promise<void> {
    if (this.#key === undefined) throw broken(this.reading.line, 'the object must have users with their items');
    this.#end();
  }
}

function broken(line: number, reason: string): MatfacError {
  return new MatfacError('parse-error', `Line ${line}: ${reason}`, { line, column: 1 });
}
