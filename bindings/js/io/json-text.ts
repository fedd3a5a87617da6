import type { BadRows } from '../ratings/bad-rows.js';
import type { ColumnChoice } from '../ratings/ratings-source.js';
import { JsonRows } from './json-rows.js';
import type { RowSource, TextReader } from './row-source.js';
import { JsonReader } from './syntax/json-reader.js';

/** Reads ratings from the bytes of JSON, in pieces. */
export class JsonText implements TextReader {
  readonly #rows: JsonRows;
  readonly #reader: JsonReader;

  constructor(choice: ColumnChoice, badRows: BadRows) {
    this.#rows = new JsonRows(choice, badRows);
    this.#reader = new JsonReader(this.#rows);
  }

  get size(): number {
    return this.#rows.size;
  }

  push(piece: Uint8Array): Promise<void> {
    return this.#reader.push(piece);
  }

  async end(): Promise<RowSource> {
    await this.#reader.end();
    this.#rows.end();
    return this.#rows;
  }
}
