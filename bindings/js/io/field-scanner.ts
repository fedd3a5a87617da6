import type { ColumnPlaces } from './layout.js';

const ZERO = 48;
const DOT = 46;
/** Up to 15 digits every decimal is exact: mantissa and power of ten are, and their quotient is rounded once. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);

/** What a field of a record is: of no matter, a whole number for an id, or a decimal. */
const OTHER = 0;
const ID = 1;
const DECIMAL = 2;

/** Reads the numbers of a record in place: each character is looked at once, and no string is made. */
export class FieldScanner {
  /** Of the record scanned last, the fields that are numbers. */
  readonly values: Float64Array;
  readonly #kinds: Uint8Array;
  readonly #first: number;
  readonly #isDouble: boolean;

  /** A delimiter of one character, or of the same one twice. */
  constructor(delimiter: string, { user, item, rating, timestamp }: ColumnPlaces) {
    const width = Math.max(user, item, rating ?? 0, timestamp ?? 0) + 1;
    this.values = new Float64Array(width);
    this.#kinds = new Uint8Array(width).fill(OTHER);
    for (const field of [rating, timestamp]) if (field !== undefined) this.#kinds[field] = DECIMAL;
    for (const field of [user, item]) this.#kinds[field] = ID;
    this.#first = delimiter.charCodeAt(0);
    this.#isDouble = delimiter.length === 2;
  }

  /**
   * False for a record with fewer fields than matter, an id that is not 0 or digits without a 0 before them, or a decimal that
   * is not digits with at most one point within: those take longer to judge.
   */
  scan(text: string, start: number, end: number): boolean {
    const kinds = this.#kinds;
    const width = kinds.length;
    let at = start;
    for (let field = 0; field < width; field++) {
      const from = at;
      at = kinds[field] === OTHER ? this.#skip(text, from, end) : this.#number(text, from, end, field);
      if (at < 0) return false;
      if (at >= end) return field === width - 1;
      at += this.#isDouble ? 2 : 1;
    }
    return true;
  }

  /** Where the field that begins at `from` ends. */
  #skip(text: string, from: number, end: number): number {
    let at = from;
    while (at < end && !this.#isDelimiter(text, at, end)) at++;
    return at;
  }

  #isDelimiter(text: string, at: number, end: number): boolean {
    if (text.charCodeAt(at) !== this.#first) return false;
    return !this.#isDouble || (at + 1 < end && text.charCodeAt(at + 1) === this.#first);
  }

  /** The same, and its number into `values`; −1 for what is none. */
  #number(text: string, from: number, end: number, field: number): number {
    let mantissa = 0;
    let point = -1;
    let at = from;
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit >= 0 && digit <= 9) mantissa = 10 * mantissa + digit;
      else if (digit === DOT - ZERO && point === -1) point = at;
      else if (this.#isDelimiter(text, at, end)) break;
      else return -1;
    }
    if (at === from || at - from > MOST_DIGITS) return -1;
    if (this.#kinds[field] === ID) {
      if (point !== -1 || (at - from > 1 && text.charCodeAt(from) === ZERO)) return -1;
    } else if (point === from || point === at - 1) {
      return -1;
    }
    this.values[field] = point === -1 ? mantissa : mantissa / POWERS[at - 1 - point]!;
    return at;
  }
}
