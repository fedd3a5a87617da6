import { EntryRows } from './entry-rows.js';
import type { LineFormat, LineReader } from './formats/entry-sink.js';
import { firstLines, Lines } from './formats/lines.js';
import { noteEncoding, type Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';

/** Reads the entries of a format of lines from the bytes of a text, in pieces. */
export class LineText implements TextReader {
  readonly #rows: EntryRows;
  readonly #lines: Lines;
  readonly #reader: LineReader;

  /** `head` is the beginning of the text, which is pushed too. */
  constructor(format: LineFormat, head: Uint8Array, isWhole: boolean, reading: Reading) {
    this.#rows = new EntryRows(reading);
    this.#reader = format.reader(this.#rows, firstLines(head, isWhole));
    this.#lines = new Lines(
      reading.line,
      (line, number) => this.#reader.line(line, number),
      (line) => noteEncoding(reading, line),
    );
  }

  get size(): number {
    return this.#rows.size;
  }

  async push(piece: Uint8Array): Promise<void> {
    this.#lines.push(piece);
  }

  async end(): Promise<RowSource> {
    this.#lines.end();
    this.#reader.end(this.#lines.count);
    return this.#rows;
  }
}
