import { cut } from '../base/source.js';
import { EntryRows } from './entry-rows.js';
import type { JsonShape } from './formats/json-shape.js';
import { JsonUsers } from './formats/json-users.js';
import { JsonRows } from './json-rows.js';
import { ColumnsByRow, SplitTable, type TableShape, Wrapper } from './json-tables.js';
import { noteEncoding, type Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';
import { LenientDecoder } from './syntax/encoding.js';
import { JsonEntries } from './syntax/json-entries.js';
import { noJson } from './syntax/json-scanner.js';
import { countLines } from './syntax/text.js';

/** Reads ratings from the bytes of a JSON object whose values are users, rows or columns. */
export class NestedJson implements TextReader {
  readonly #decoder: LenientDecoder;
  readonly #shape: TableShape;
  readonly #entries: JsonEntries;
  #line: number;

  constructor(
    shape: JsonShape,
    readonly reading: Reading,
  ) {
    this.#line = reading.line;
    this.#decoder = new LenientDecoder((before) => noteEncoding(reading, this.#line + countLines(before)));
    this.#shape = shapeOf(shape, reading);
    const inParts = shape !== 'users' && shape !== 'rows';
    this.#entries = new JsonEntries((entry) => this.#shape.take(entry), reading.line, inParts);
  }

  get size(): number {
    return this.#shape.rows.size;
  }

  async push(piece: Uint8Array): Promise<void> {
    // The first piece is as long as was needed to recognize the shape.
    for (const part of cut(piece)) {
      const text = this.#decoder.push(part);
      this.#line += countLines(text);
      this.#entries.push(text);
      if (part.length < piece.length) await this.reading.progress.step(this.size);
    }
  }

  async end(): Promise<RowSource> {
    this.#entries.push(this.#decoder.end());
    this.#entries.end();
    await this.#shape.end();
    return this.#shape.rows;
  }
}

function shapeOf(shape: JsonShape, reading: Reading): TableShape {
  if (shape === 'columns') return new ColumnsByRow(reading);
  if (shape === 'split') return new SplitTable(reading);
  if (shape === 'wrapper') return new Wrapper(reading);
  const { rows, add, end } = shape === 'users' ? usersIn(reading) : rowsIn(reading);
  return {
    rows,
    take({ key, text, line }) {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (failure) {
        reading.badRows.add(line, 1, noJson(failure));
        return;
      }
      add(key, value, line);
    },
    async end() {
      end();
    },
  };
}

function usersIn(reading: Reading) {
  const rows = new EntryRows(reading);
  const users = new JsonUsers(rows);
  const add = (user: string, items: unknown, line: number) => users.add(user, items, line);
  return { rows, add, end: () => users.end() };
}

function rowsIn(reading: Reading) {
  const rows = new JsonRows(reading);
  return { rows, add: (_: string, row: unknown, line: number) => rows.add(row, line), end: () => rows.end() };
}
