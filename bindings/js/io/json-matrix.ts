import { EntryRows } from './entry-rows.js';
import { denseMatrix } from './formats/dense-matrix.js';
import type { LineFormat, LineReader } from './formats/entry-sink.js';
import { noteEncoding, type Reading } from './reading.js';
import type { RowSource, TextReader } from './row-source.js';
import { JsonReader, type JsonSink } from './syntax/json-reader.js';
import { noJson } from './syntax/json-scanner.js';

/** A dense matrix as an array of arrays, or an array per line; undefined for a list. */
export function jsonMatrix(head: string, reading: Reading): TextReader | undefined {
  if (!/^\uFEFF?\s*\[/.test(head)) return undefined;
  const rows = head.match(/\[[^[\]{}]*\]/g) ?? [];
  const format = denseMatrix(rows.slice(0, 200).map(lineOf), reading.options);
  return format && new JsonMatrix(format, reading);
}

/** The cells of a row as in CSV. */
function lineOf(row: string): string {
  return row.trim().slice(1, -1).replaceAll('\\"', '""').replace(/\s+/g, ' ');
}

class JsonMatrix implements TextReader, JsonSink {
  readonly #rows: EntryRows;
  readonly #lines: LineReader;
  readonly #reader: JsonReader;

  constructor(
    format: LineFormat,
    readonly reading: Reading,
  ) {
    this.#rows = new EntryRows(reading);
    this.#lines = format.reader(this.#rows, []);
    this.#reader = new JsonReader(this, reading.line, (line) => noteEncoding(reading, line));
  }

  get size(): number {
    return this.#rows.size;
  }

  addText(text: string, line: number): void {
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (failure) {
      this.reading.badRows.add(line, 1, noJson(failure));
      return;
    }
    if (Array.isArray(row)) this.#lines.line(lineOf(text), line);
    else this.reading.badRows.add(line, 1, 'the row must be an array, as those of a matrix');
  }

  bad(line: number, reason: string): void {
    this.reading.badRows.add(line, 1, reason);
  }

  add(row: unknown, line: number): void {
    this.addText(JSON.stringify(row), line);
  }

  push(piece: Uint8Array): Promise<void> {
    return this.#reader.push(piece);
  }

  async end(): Promise<RowSource> {
    await this.#reader.end();
    const { size, layout } = this.#rows;
    return { size, layout: { ...layout, format: 'json', delimiter: '' }, finish: () => this.#rows.finish() };
  }
}
