import { COMMENTS_SKIPPED, type TextLayout } from './layout.js';
import { leaveOut, saysMissing } from './missing.js';
import type { RatingRows } from './rating-rows.js';
import type { Reading } from './reading.js';
import { type CommaStyle, commaStyle, withPoint } from './syntax/comma.js';
import type { RecordSink } from './syntax/csv.js';
import { splitPlain } from './syntax/dialect.js';
import { parseDecimal } from './syntax/number.js';
import type { NumberBatch, NumberSink } from './syntax/number-lines.js';

/** What MySQL and Hive write for a value that is missing. */
const NULL = '\\N';
const COMMENT = /^[#%]/;
/** A field of a line of dashes, as databases and Markdown draw it below the titles. */
const RULE = /^[\s:+=-]*$/;

/**
 * Between the reader of records and the rows: leaves out what is before the table, comments, empty rows and missing ratings, and
 * gives numbers a decimal point.
 */
export class TextRecords implements RecordSink, NumberSink {
  readonly #text: TextLayout;
  readonly #rows: RatingRows;
  readonly #reading: Reading;
  /** Columns in which `\N` is no value. */
  readonly #used: number[];
  #comma: CommaStyle | undefined;
  #isCommaKnown = false;

  constructor(text: TextLayout, rows: RatingRows, reading: Reading) {
    this.#text = text;
    this.#rows = rows;
    this.#reading = reading;
    const { titles, columns } = text.layout;
    this.#used = Object.values(columns).filter((column) => column >= 0);
    if (titles) rows.fields(titles, reading.line);
    const { rating } = columns;
    if (rating !== undefined) this.#learn(text.sample.map((row) => row[rating] ?? ''));
  }

  /** Whether plain numbers may be taken from the bytes of lines. */
  get takesNumbers(): boolean {
    const { delimiter, aligned, quote = '"', comment } = this.#text.dialect;
    if (aligned || quote !== '"' || this.#comma === 'european') return false;
    if (comment && !this.#used.includes(0)) return false;
    return delimiter.charCodeAt(0) < 128 && (delimiter.length === 1 || delimiter === '::');
  }

  numbers(batch: NumberBatch): void {
    const { missing } = this.#reading;
    if (missing.isUsed) batch.keep((rating) => !missing.takesNumber(rating));
    this.#rows.numbers(batch);
  }

  plain(text: string, start: number, end: number, line: number): void {
    if (line < this.#text.firstRow) return;
    const stop = text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end;
    this.fields(splitPlain(text.slice(start, stop), this.#text.dialect), line);
  }

  fields(fields: string[], line: number): void {
    if (line < this.#text.firstRow) return;
    const { rating } = this.#text.layout.columns;
    if (fields.every((field) => RULE.test(field))) return;
    if (this.#isComment(fields)) {
      this.comment(line);
      return;
    }
    for (const column of this.#used) if (fields[column]?.trim() === NULL && column !== rating) fields[column] = '';
    if (rating === undefined || rating >= fields.length || this.#takeRating(fields, rating, line)) {
      this.#rows.fields(fields, line);
    }
  }

  /** Gives the rating a decimal point; false if there is none and the row is not to be taken. */
  #takeRating(fields: string[], rating: number, line: number): boolean {
    const cell = fields[rating]!.trim();
    const number = this.#withPoint(cell);
    const { missing } = this.#reading;
    if (missing.isUsed && missing.takesText(cell, parseDecimal(number))) return false;
    if (saysMissing(cell)) this.bad(line, rating + 1, reasonOf(cell));
    else fields[rating] = number;
    return !saysMissing(cell);
  }

  bad(line: number, column: number, reason: string): void {
    if (line >= this.#text.firstRow) this.#rows.bad(line, column, reason);
  }

  comment(line: number): void {
    if (line >= this.#text.firstRow) this.#reading.notes.add('lines-skipped', COMMENTS_SKIPPED);
  }

  #isComment(fields: string[]): boolean {
    return COMMENT.test(fields[0]!) && fields.length <= Math.max(...this.#used);
  }

  #withPoint(cell: string): string {
    if (!cell.includes(',') && this.#comma !== 'european') return cell;
    if (!this.#isCommaKnown) this.#learn([cell]);
    return withPoint(cell, this.#comma);
  }

  #learn(cells: readonly string[]): void {
    const { delimiter } = this.#text.dialect;
    const found = commaStyle(cells, delimiter);
    this.#comma = found?.style;
    this.#isCommaKnown = cells.some((cell) => cell.includes(','));
    if (!found?.isGuess) return;
    const meaning = found.style === 'decimal' ? 'decimal points' : 'separators of thousands';
    this.#reading.notes.add('numbers-guessed', `Commas in ratings are taken for ${meaning}`);
  }
}

function reasonOf(cell: string): string {
  const what = cell === '' ? 'the rating is missing' : `the rating must be a finite number; it is '${cell}'`;
  return `${what}${leaveOut(cell)}`;
}
