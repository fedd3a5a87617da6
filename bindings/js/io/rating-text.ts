import { joined } from '../base/source.js';
import { guessLayout, type Layout } from './layout.js';
import { RatingRows } from './rating-rows.js';
import type { Reading } from './reading.js';
import type { TextReader } from './row-source.js';
import { CsvReader, LONGEST_RECORD, tooLong } from './syntax/csv.js';
import { NumberLines } from './syntax/number-lines.js';
import { countLines, decodeHead, decodeLines } from './syntax/text.js';

/** The layout is guessed from this many bytes. */
const HEAD = 1 << 16;
const LINE_FEED = 10;

/** The readers of a text whose layout is known. */
interface Parts {
  layout: Layout;
  rows: RatingRows;
  lines: NumberLines;
  reader: CsvReader;
}

/**
 * Reads ratings from the bytes of a text, in pieces. Lines of plain numbers, which most files consist of, are read from the
 * bytes; from the first other line, the rest of a piece is read as text. The text itself is not kept.
 */
export class RatingText implements TextReader {
  #rest: Uint8Array = new Uint8Array();
  #parts: Parts | undefined;
  /** The number of the first line of the rest. */
  #line = 1;

  constructor(readonly reading: Reading) {}

  /** Ratings so far. */
  get size(): number {
    return this.#parts?.rows.size ?? 0;
  }

  async push(piece: Uint8Array): Promise<void> {
    const bytes = joined(this.#rest, piece);
    this.#rest = bytes;
    if (!this.#parts && bytes.length < HEAD) return;
    const newline = this.#parts?.layout.newline ?? (bytes.includes(LINE_FEED) ? '\n' : '\r');
    const end = bytes.lastIndexOf(newline.charCodeAt(0)) + 1;
    if (end > 0) await this.#take(bytes.subarray(0, end));
    this.#rest = bytes.slice(end);
    if (this.#rest.length > LONGEST_RECORD) throw tooLong(this.#line);
  }

  async end(): Promise<RatingRows> {
    const parts = this.#parts ?? (await this.#begin(this.#rest));
    if (this.#parts) await parts.reader.push(decodeLines(this.#rest, this.#line));
    await parts.reader.end();
    return parts.rows;
  }

  /** Takes complete lines. */
  async #take(bytes: Uint8Array): Promise<void> {
    if (!this.#parts) {
      this.#parts = await this.#begin(bytes);
      return;
    }
    const { lines, reader, rows } = this.#parts;
    const start = rows.takesNumbers && reader.isBetweenRecords ? this.#takeNumbers(bytes, lines, reader) : 0;
    if (start < bytes.length) await this.#takeText(decodeLines(bytes.subarray(start), this.#line), this.#parts);
  }

  #takeNumbers(bytes: Uint8Array, lines: NumberLines, reader: CsvReader): number {
    const before = lines.count;
    const end = lines.read(bytes, 0);
    reader.skipLines(lines.count - before);
    this.#line += lines.count - before;
    return end;
  }

  async #takeText(text: string, { layout, reader }: Parts): Promise<void> {
    await reader.push(text);
    this.#line += countLines(text, layout.newline);
  }

  async #begin(head: Uint8Array): Promise<Parts> {
    const text = decodeHead(head);
    const layout = await guessLayout(text, this.reading);
    this.reading.badRows.titles = layout.titles;
    const rows = new RatingRows(layout, this.reading);
    const parts = {
      layout,
      rows,
      lines: new NumberLines(layout, layout.columns, rows),
      reader: new CsvReader(layout, rows),
    };
    await this.#takeText(text, parts);
    return parts;
  }
}
