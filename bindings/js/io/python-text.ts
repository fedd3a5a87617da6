import { encodingOf, isLatin1From, Lines } from './formats/lines.js';
import { JsonRows } from './json-rows.js';
import type { Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';

/** Reads lines of dictionaries as Python prints them, which old files of Amazon and Steam have. */
export class PythonText implements TextReader {
  readonly #rows: JsonRows;
  readonly #lines: Lines;

  constructor(head: Uint8Array, reading: Reading) {
    this.#rows = new JsonRows(reading);
    reading.notes.add('format-guessed', 'Each line is a dictionary of Python, which is read as JSON.');
    this.#lines = new Lines(
      encodingOf(head, reading.options.encoding),
      (line, number) => {
        if (line.trim() !== '') this.#rows.addText(line, number);
      },
      (line) => reading.notes.add('encoding-guessed', isLatin1From(line)),
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
