import { rowsLimit } from '../base/allowance.js';
import { guessLayout } from './layout.js';
import { RatingRows } from './rating-rows.js';
import { noteEncoding, type Reading } from './reading.js';
import type { TextReader } from './row-source.js';
import { CsvReader, LONGEST_LINE, tooLong } from './syntax/csv.js';
import { LenientDecoder } from './syntax/encoding.js';
import { NumberLines } from './syntax/number-lines.js';
import { countLines } from './syntax/text.js';
import { TextRecords } from './text-records.js';

/** The layout is guessed from this many bytes, and as many are read at a time at least. */
const BLOCK = 1 << 16;
const LINE_FEED = 10;

/** The readers of a text whose layout is known. */
interface Parts {
  newline: '\n' | '\r';
  /** Some lines end with a carriage return alone. */
  isMixed: boolean;
  rows: RatingRows;
  lines: NumberLines | undefined;
  reader: CsvReader;
}

/**
 * Reads ratings from the bytes of a text, in pieces. Lines of plain numbers, which most files consist of, are read from the
 * bytes; from the first other line, the rest of a block is read as text. The text itself is not kept.
 */
export class RatingText implements TextReader {
  /** What was not taken yet: pieces of less than a block, the first of which begins with a line. */
  #waiting: Uint8Array[] = [];
  #length = 0;
  /** The length of the incomplete line at its beginning, in which there is no newline. */
  #scanned = 0;
  #parts: Parts | undefined;
  /** The number of the first line that was not taken. */
  #line: number;
  readonly #decoder: LenientDecoder;

  constructor(readonly reading: Reading) {
    this.#line = reading.line;
    this.#decoder = new LenientDecoder((before) => {
      noteEncoding(reading, this.#line + countLines(before, this.#parts?.newline));
    });
  }

  /** Ratings so far. */
  get size(): number {
    return this.#parts?.rows.size ?? 0;
  }

  async push(piece: Uint8Array): Promise<void> {
    if (this.#parts && this.#waiting.length === 1 && piece.length >= BLOCK / 2) {
      if (await this.#pushLines(piece, this.#parts)) return;
    }
    this.#waiting.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#scanned + BLOCK) return;
    const bytes = this.#joined();
    const newline = this.#parts?.newline ?? (bytes.includes(LINE_FEED) ? '\n' : '\r');
    const end = bytes.lastIndexOf(newline.charCodeAt(0)) + 1;
    if (end > 0) await this.#take(bytes.subarray(0, end));
    this.#waiting = [bytes.slice(end)];
    this.#length = bytes.length - end;
    this.#scanned = this.#length;
    if (this.#length > LONGEST_LINE) throw tooLong(this.#line);
  }

  /** Takes the lines of a long piece where they are, but for one that begins before it; false where there is none. */
  async #pushLines(piece: Uint8Array, { newline }: Parts): Promise<boolean> {
    const byte = newline.charCodeAt(0);
    const first = piece.indexOf(byte) + 1;
    if (first === 0) return false;
    const last = piece.lastIndexOf(byte) + 1;
    this.#waiting.push(piece.subarray(0, first));
    this.#length += first;
    await this.#take(this.#joined());
    if (last > first) await this.#take(piece.subarray(first, last));
    this.#waiting = [piece.slice(last)];
    this.#length = piece.length - last;
    this.#scanned = this.#length;
    return true;
  }

  async end(): Promise<RatingRows> {
    const rest = this.#joined();
    if (this.#parts) await this.#takeText(rest, this.#parts);
    else this.#parts = await this.#begin(rest);
    await this.#parts.reader.end();
    return this.#parts.rows;
  }

  #joined(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#waiting) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** Takes complete lines. */
  async #take(bytes: Uint8Array): Promise<void> {
    if (!this.#parts) {
      this.#parts = await this.#begin(bytes);
      return;
    }
    const { lines, reader, rows } = this.#parts;
    const start = lines && rows.takesNumbers && reader.isBetweenRecords ? this.#takeNumbers(bytes, lines, reader) : 0;
    if (start < bytes.length) await this.#takeText(bytes.subarray(start), this.#parts);
  }

  #takeNumbers(bytes: Uint8Array, lines: NumberLines, reader: CsvReader): number {
    const before = lines.count;
    const end = lines.read(bytes, 0);
    reader.skipLines(lines.count - before);
    this.#line += lines.count - before;
    return end;
  }

  async #takeText(bytes: Uint8Array, parts: Parts): Promise<void> {
    await this.#takeDecoded(this.#decode(bytes), parts);
  }

  async #takeDecoded(text: string, { newline, isMixed, reader }: Parts): Promise<void> {
    const lines = isMixed ? text.replace(/\r(?!\n)/g, '\n') : text;
    await reader.push(lines);
    this.#line += countLines(lines, newline);
  }

  /** The text without the zeros that a broken download or a fixed-width program leaves. */
  #decode(bytes: Uint8Array): string {
    const text = this.#decoder.decode(bytes);
    return text.includes('\0') ? text.replaceAll('\0', '') : text;
  }

  /** How many rows the file has if it goes on as its first block, and an eighth more, since a file that is longer is copied. */
  #expectedRows(bytes: number, lines: number): number {
    const { totalBytes = 0 } = this.reading.progress;
    const rows = Math.ceil((1.125 * totalBytes * lines) / Math.max(1, bytes));
    return Math.min(rows, rowsLimit(this.reading.options.limits));
  }

  async #begin(head: Uint8Array): Promise<Parts> {
    const text = this.#decode(head);
    const isMixed = text.includes('\n') && /\r(?!\n)/.test(text.replace(/"[^"]*"/g, ''));
    const known = await guessLayout(isMixed ? text.replace(/\r(?!\n)/g, '\n') : text, this.reading);
    const { layout, dialect } = known;
    this.reading.badRows.titles = layout.titles;
    const rows = new RatingRows(
      layout,
      this.reading,
      this.#expectedRows(head.length, countLines(text, layout.newline)),
    );
    const records = new TextRecords(known, rows, this.reading);
    const reader = new CsvReader(dialect, records);
    reader.skipLines(this.reading.line - 1);
    const lines =
      records.takesNumbers && !isMixed
        ? new NumberLines(dialect, layout.columns, this.reading.missing.isUsed ? records : rows)
        : undefined;
    const parts = { newline: layout.newline, isMixed, rows, lines, reader };
    await this.#takeDecoded(text, parts);
    return parts;
  }
}
