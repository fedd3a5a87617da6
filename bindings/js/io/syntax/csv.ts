import { MatfacError } from '../../base/errors.js';
import { type Dialect, splitPlain } from './dialect.js';
import { type Fault, LONGEST_FIELD, readRecord } from './record.js';
import { countLines } from './text.js';

export type { Dialect } from './dialect.js';

/** Receives the records of a text. `line` is the first line of a record, counted from 1. */
export interface RecordSink {
  /** A record without quotes, in place: `text` from `start` to `end`. */
  plain(text: string, start: number, end: number, line: number): void;
  /** A record with quotes: its fields, unquoted. */
  fields(fields: string[], line: number): void;
  bad(line: number, column: number, reason: string): void;
  comment?(line: number): void;
}

/** A longer line is not read. */
export const LONGEST_LINE = 1 << 20;

const WRONG_QUOTE = 'a quote is inside a quoted field, or the field is not closed; double it: ""';

/**
 * Divides text that comes in pieces into records. Every piece begins with a record: an incomplete last record waits for the next
 * piece. After a wrong quote, reading continues with the next line, so that it costs only one line.
 */
export class CsvReader {
  #rest = '';
  /** A rest that is shorter is not read again, so that a record in many small pieces takes linear time. */
  #needed = 0;
  #line = 1;

  constructor(
    readonly dialect: Dialect,
    readonly sink: RecordSink,
  ) {}

  /** Whether the last record was complete. */
  get isBetweenRecords(): boolean {
    return this.#rest === '';
  }

  /** Counts lines that another reader took. */
  skipLines(count: number): void {
    this.#line += count;
  }

  async push(text: string): Promise<void> {
    this.#rest += text;
    if (this.#rest.length < this.#needed) return;
    this.#rest = this.#take(this.#rest, false);
    if (this.#rest.length > LONGEST_LINE) throw tooLong(this.#line);
    this.#needed = Math.min(2 * this.#rest.length, this.#rest.length + LONGEST_FIELD);
  }

  async end(): Promise<void> {
    const rest = this.#rest;
    this.#rest = '';
    this.#needed = 0;
    this.#take(rest, true);
  }

  /** Takes the records of a text and returns the rest, which is not complete. */
  #take(text: string, isLast: boolean): string {
    const { newline, comment, quote = '"' } = this.dialect;
    let start = 0;
    let nextQuote = text.indexOf(quote);
    while (start < text.length) {
      const newlineAt = text.indexOf(newline, start);
      if (newlineAt === -1 && !isLast) break;
      const end = newlineAt === -1 ? text.length : newlineAt;
      const isComment = comment !== undefined && text[start] === comment;
      if (nextQuote !== -1 && nextQuote < start) nextQuote = text.indexOf(quote, start);
      if (!isComment && nextQuote !== -1 && nextQuote < end) {
        const next = this.#quoted(text, start, isLast);
        if (next === undefined) break;
        start = next;
        continue;
      }
      if (isComment) this.sink.comment?.(this.#line++);
      else this.sink.plain(text, start, end, this.#line++);
      start = end + 1;
    }
    return text.slice(start);
  }

  /** Takes the record with quotes that begins at `start` and returns where the next one begins; undefined if it is incomplete. */
  #quoted(text: string, start: number, isLast: boolean): number | undefined {
    const record = readRecord(text, start, this.dialect, isLast);
    if (record === undefined) return undefined;
    if ('field' in record) return this.#wrong(text, start, record);
    this.sink.fields(record.fields, this.#line);
    this.#line += Math.max(1, countLines(text, this.dialect.newline, start, record.end));
    return record.end;
  }

  #wrong(text: string, start: number, { field, column }: Fault): number {
    const { newline, delimiter, width } = this.dialect;
    const begin = start + text.slice(start, field).lastIndexOf(newline) + 1;
    const newlineAt = text.indexOf(newline, field);
    const end = newlineAt === -1 ? text.length : newlineAt;
    this.#line += countLines(text, newline, start, field);
    // Where tabs separate fields, many programs write quotes as they are.
    const isLiteral = delimiter === '\t' && splitPlain(text.slice(begin, end), this.dialect).length === width;
    if (isLiteral) this.sink.plain(text, begin, end, this.#line++);
    else this.sink.bad(this.#line++, column, WRONG_QUOTE);
    return end + 1;
  }
}

/** A line of more than `LONGEST_LINE` characters. */
export function tooLong(line: number): MatfacError {
  const message = `Line ${line}: a line must end within a megabyte; this one does not`;
  return new MatfacError('parse-error', message, { line, column: 1 });
}
