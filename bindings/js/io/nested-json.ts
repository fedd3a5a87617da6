import { MatfacError } from '../base/errors.js';
import { EntryRows } from './entry-rows.js';
import { JsonEntries } from './formats/json-entries.js';
import { hasRows, type JsonShape, rowsOfTable, wrappedObject } from './formats/json-shape.js';
import { JsonUsers } from './formats/json-users.js';
import { JsonRows } from './json-rows.js';
import { noteEncoding, type Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';
import { LenientDecoder } from './syntax/encoding.js';
import { noJson } from './syntax/json-reader.js';
import { countLines } from './syntax/text.js';

/** Receives the text of JSON in pieces. */
interface Shape {
  readonly rows: RowSource;
  push(text: string): void;
  end(): Promise<void>;
}

/** Reads ratings from the bytes of a JSON object whose values are users, rows or columns. */
export class NestedJson implements TextReader {
  readonly #decoder: LenientDecoder;
  readonly #shape: Shape;
  #line: number;

  constructor(shape: JsonShape, reading: Reading) {
    this.#line = reading.line;
    this.#decoder = new LenientDecoder((before) => noteEncoding(reading, this.#line + countLines(before)));
    const isStreamed = shape === 'users' || shape === 'rows';
    this.#shape = isStreamed ? new Streamed(shape, reading) : new Whole(shape, reading);
  }

  get size(): number {
    return this.#shape.rows.size;
  }

  async push(piece: Uint8Array): Promise<void> {
    const text = this.#decoder.push(piece);
    this.#line += countLines(text);
    this.#shape.push(text);
  }

  async end(): Promise<RowSource> {
    this.#shape.push(this.#decoder.end());
    await this.#shape.end();
    return this.#shape.rows;
  }
}

/** Takes the values of the object one after another. */
class Streamed implements Shape {
  readonly rows: EntryRows | JsonRows;
  readonly #entries: JsonEntries;
  readonly #finish: () => void;

  constructor(shape: 'users' | 'rows', reading: Reading) {
    const { rows, take, finish } = shape === 'users' ? usersIn(reading) : rowsIn(reading);
    this.rows = rows;
    this.#finish = finish;
    this.#entries = new JsonEntries((key, text, line) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (failure) {
        reading.badRows.add(line, 1, noJson(failure));
        return;
      }
      take(key, value, line);
    });
  }

  push(text: string): void {
    this.#entries.push(text);
  }

  async end(): Promise<void> {
    this.#entries.end();
    this.#finish();
  }
}

function usersIn(reading: Reading) {
  const rows = new EntryRows(reading);
  const users = new JsonUsers(rows);
  const take = (user: string, items: unknown, line: number) => users.add(user, items, line);
  return { rows, take, finish: () => users.end() };
}

function rowsIn(reading: Reading) {
  const rows = new JsonRows(reading);
  return { rows, take: (_: string, row: unknown, line: number) => rows.add(row, line), finish: () => rows.end() };
}

/** Takes the object as a whole: its columns have to be read side by side. */
class Whole implements Shape {
  rows: EntryRows | JsonRows;
  readonly #texts: string[] = [];

  constructor(
    readonly shape: 'columns' | 'split' | 'wrapper',
    readonly reading: Reading,
  ) {
    this.rows = new JsonRows(reading);
  }

  push(text: string): void {
    this.#texts.push(text);
  }

  async end(): Promise<void> {
    const value = parsed(this.#texts.join(''));
    if (this.shape !== 'wrapper') return this.#takeRows(rowsOfTable(value, this.shape));
    const object = wrappedObject(value);
    return hasRows(object) ? this.#takeRows(Object.values(object)) : this.#takeUsers(object);
  }

  async #takeRows(rows: Iterable<unknown>): Promise<void> {
    const taken = new JsonRows(this.reading);
    this.rows = taken;
    for (const row of rows) {
      taken.add(row, 1);
      await this.reading.progress.turn.rest();
    }
    taken.end();
  }

  async #takeUsers(object: object): Promise<void> {
    const taken = new EntryRows(this.reading);
    this.rows = taken;
    const users = new JsonUsers(taken);
    for (const [user, items] of Object.entries(object)) {
      users.add(user, items, 1);
      await this.reading.progress.turn.rest();
    }
    users.end();
  }
}

function parsed(text: string): object {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MatfacError('parse-error', `Line 1: ${noJson(cause)}`, { line: 1, column: 1, cause });
  }
}
