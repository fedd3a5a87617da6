import { Lines } from './formats/lines.js';
import { JsonRows } from './json-rows.js';
import { noteEncoding, type Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';

/** Reads lines of dictionaries as Python prints them, which old files of Amazon and Steam have. */
export class PythonText implements TextReader {
  readonly #rows: JsonRows;
  readonly #lines: Lines;

  constructor(reading: Reading) {
    this.#rows = new JsonRows(reading);
    reading.notes.add('format-guessed', 'Each line is a dictionary of Python, which is read as JSON.');
    this.#lines = new Lines(
      reading.line,
      (line, number) => {
        if (line.trim() !== '') this.#rows.addText(line, number);
      },
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
    this.#rows.end();
    return this.#rows;
  }
}
