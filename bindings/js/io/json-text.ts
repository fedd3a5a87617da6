import { JsonRows } from './json-rows.js';
import { noteEncoding, type Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';
import { JsonReader } from './syntax/json-reader.js';

/** Reads ratings from the bytes of JSON, in pieces. */
export class JsonText implements TextReader {
  readonly #rows: JsonRows;
  readonly #reader: JsonReader;

  constructor(reading: Reading) {
    this.#rows = new JsonRows(reading);
    this.#reader = new JsonReader(this.#rows, reading.line, (line) => noteEncoding(reading, line));
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
