import { MatfacError } from '../../base/errors.js';
import { countLines } from './text.js';

export interface Dialect {
  /** One or more characters: `,`, `;`, tab, `|`, `::`, space. */
  delimiter: string;
  newline: '\n' | '\r';
}

/** Receives the records of a text. `line` is the first line of a record, counted from 1. */
export interface RecordSink {
  /** A record without quotes, in place: `text` from `start` to `end`. */
  plain(text: string, start: number, end: number, line: number): void;
  /** A record with quotes: its fields, unquoted. */
  fields(fields: string[], line: number): void;
  bad(line: number, column: number, reason: string): void;
}

/** A longer record is taken for one with a quote that is never closed. */
export const LONGEST_RECORD = 1 << 20;

/** What Papa's parser passes to `step`: one record. */
interface Step {
  data: string[][];
  errors: { index: number }[];
  meta: { cursor: number };
}

/** A record with wrong quotes: where it begins, and where the faulty field begins. */
interface Fault {
  record: number;
  field: number;
}

/**
 * Divides text that comes in pieces into records. Pieces with quotes are parsed by Papa Parse. Every piece begins with a
 * record: an incomplete last record waits for the next piece.
 */
export class CsvReader {
  #rest = '';
  #line = 1;
  #papa: typeof import('papaparse') | undefined;

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
    const buffer = this.#rest + text;
    this.#rest = buffer.includes('"') ? await this.#quoted(buffer, false) : this.#plain(buffer);
    if (this.#rest.length > LONGEST_RECORD) throw tooLong(this.#line);
  }

  async end(): Promise<void> {
    const rest = this.#rest;
    this.#rest = '';
    if (rest.includes('"')) await this.#quoted(rest, true);
    else if (rest) this.sink.plain(rest, 0, rest.length, this.#line);
  }

  #plain(buffer: string): string {
    const { newline } = this.dialect;
    let start = 0;
    for (let end = buffer.indexOf(newline); end !== -1; end = buffer.indexOf(newline, start)) {
      this.sink.plain(buffer, start, end, this.#line++);
      start = end + 1;
    }
    return buffer.slice(start);
  }

  /** After a fault, reading continues with the next line, so that a stray quote costs only one line. */
  async #quoted(buffer: string, isLast: boolean): Promise<string> {
    this.#papa ??= (await import('papaparse')).default;
    const { delimiter, newline } = this.dialect;
    let text = buffer;
    for (;;) {
      const { consumed, fault } = this.#parse(this.#papa, text, isLast);
      if (!fault) return text.slice(consumed);
      const before = text.slice(fault.record, fault.field);
      const column = before.replace(/"(?:[^"]|"")*"/g, '').split(delimiter).length;
      this.#line += countLines(text, newline, fault.record, fault.field);
      this.sink.bad(
        this.#line++,
        column,
        'a quote is inside a quoted field, or the field is not closed; double it: ""',
      );
      const next = text.indexOf(newline, fault.field);
      if (next === -1) return '';
      text = text.slice(next + 1);
    }
  }

  /** Passes records to the sink up to the first fault. A last record without a newline counts only when `isLast`. */
  #parse(papa: typeof import('papaparse'), text: string, isLast: boolean): { consumed: number; fault?: Fault } {
    const { delimiter, newline } = this.dialect;
    let consumed = 0;
    let fault: Fault | undefined;
    const step = ({ data, errors, meta }: Step) => {
      if (errors.length > 0) {
        fault = { record: consumed, field: errors[0]!.index - 1 };
        parser.abort();
        return;
      }
      this.sink.fields(data[0]!, this.#line);
      this.#line += countLines(text, newline, consumed, meta.cursor);
      consumed = meta.cursor;
    };
    const parser = new papa.Parser({ delimiter, newline, step: step as never });
    parser.parse(text, 0, !isLast);
    return fault ? { consumed, fault } : { consumed };
  }
}

/** A record of more than `LONGEST_RECORD` characters. */
export function tooLong(line: number): MatfacError {
  const message = `Line ${line}: the line, or a quoted field that begins on it, does not end within a megabyte`;
  return new MatfacError('parse-error', message, { line, column: 1 });
}
