import type { ColumnIndices } from '../../ratings/ratings-source.js';
import type { Dialect } from './dialect.js';

const ZERO = 48;
const DOT = 46;
const QUOTE = 34;
const RETURN = 13;
/** Decimals of up to 15 digits are correctly rounded: mantissa and power of ten are exact, and their quotient is rounded once. */
const MOST_DIGITS = 15;
/** As many digits fit a 32-bit integer, whose products are faster than a float's. */
const INTEGER_DIGITS = 9;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);

/** As many lines at most are handed over at once. */
const BATCH = 1024;

/** The numbers of `size` lines. The arrays are used again for the next lines. */
export class NumberBatch {
  size = 0;
  readonly users = new Float64Array(BATCH);
  readonly items = new Float64Array(BATCH);
  readonly ratings = new Float64Array(BATCH);
  readonly timestamps = new Float64Array(BATCH);

  add(user: number, item: number, rating: number, timestamp: number): void {
    const row = this.size++;
    this.users[row] = user;
    this.items[row] = item;
    this.ratings[row] = rating;
    this.timestamps[row] = timestamp;
  }

  /** Keeps the lines whose rating passes, in their order. */
  keep(passes: (rating: number) => boolean): void {
    const { size, users, items, ratings, timestamps } = this;
    this.size = 0;
    for (let row = 0; row < size; row++) {
      if (passes(ratings[row]!)) this.add(users[row]!, items[row]!, ratings[row]!, timestamps[row]!);
    }
  }
}

/** Receives the numbers of lines. */
export interface NumberSink {
  numbers(batch: NumberBatch): void;
}

/** The kinds of fields: ignored, a whole number for an id, or a decimal. */
const IGNORED = 0;
const ID = 1;
const DECIMAL = 2;

/**
 * Reads lines of numbers from the bytes of a text, each byte once and without making strings. It leaves lines to the general
 * reader that have too few fields, a quote, an id that is not a plain whole number without leading zeros, or a decimal that is
 * not digits with at most one point between them.
 */
export class NumberLines {
  /** The number of lines taken so far. */
  count = 0;
  readonly #values: Float64Array;
  readonly #kinds: Uint8Array;
  readonly #columns: ColumnIndices;
  readonly #first: number;
  readonly #isDouble: boolean;
  readonly #newline: number;
  readonly #sink: NumberSink;
  readonly #batch = new NumberBatch();

  /** The delimiter is one ASCII character, or the same one twice. Without a column of ratings, each is 1; without
   * one of users, which has the number −1, each is 0. */
  constructor({ delimiter, newline }: Dialect, columns: ColumnIndices, sink: NumberSink) {
    const { user, item, rating, timestamp } = columns;
    const width = Math.max(user, item, rating ?? 0, timestamp ?? 0) + 1;
    this.#values = new Float64Array(width);
    this.#kinds = new Uint8Array(width).fill(IGNORED);
    for (const field of [rating, timestamp]) if (field !== undefined) this.#kinds[field] = DECIMAL;
    for (const field of [user, item]) if (field >= 0) this.#kinds[field] = ID;
    this.#columns = columns;
    this.#first = delimiter.charCodeAt(0);
    this.#isDouble = delimiter.length === 2;
    this.#newline = newline.charCodeAt(0);
    this.#sink = sink;
  }

  /**
   * Takes lines of `bytes`, which end with a newline, from `start`; returns the beginning of the first line that it does not
   * take.
   */
  read(bytes: Uint8Array, start: number): number {
    const { user, item, rating = -1, timestamp = -1 } = this.#columns;
    const values = this.#values;
    const batch = this.#batch;
    let line = start;
    while (line < bytes.length) {
      const next = this.#line(bytes, line);
      if (next < 0) break;
      batch.add(
        user < 0 ? 0 : values[user]!,
        values[item]!,
        rating < 0 ? 1 : values[rating]!,
        timestamp < 0 ? 0 : values[timestamp]!,
      );
      line = next;
      if (batch.size === BATCH) this.#handOver();
    }
    this.#handOver();
    return line;
  }

  #handOver(): void {
    this.count += this.#batch.size;
    this.#sink.numbers(this.#batch);
    this.#batch.size = 0;
  }

  /** Reads the numbers of a line into `values` and returns where the next line begins; −1 for a line not to take. */
  #line(bytes: Uint8Array, start: number): number {
    const kinds = this.#kinds;
    const last = kinds.length - 1;
    let at = start;
    for (let field = 0; field <= last; field++) {
      at = kinds[field] === IGNORED ? this.#skip(bytes, at) : this.#number(bytes, at, field);
      if (at < 0) return -1;
      if (field === last) break;
      if (bytes[at] !== this.#first) return -1;
      at += this.#isDouble ? 2 : 1;
    }
    while (bytes[at] !== this.#newline) {
      if (bytes[at++] === QUOTE) return -1;
    }
    return at + 1;
  }

  /** The end of the field that begins at `from`, a delimiter or a newline; −1 if it has a quote. */
  #skip(bytes: Uint8Array, from: number): number {
    let at = from;
    while (bytes[at] !== this.#newline && !this.#isDelimiter(bytes, at)) {
      if (bytes[at++] === QUOTE) return -1;
    }
    return at;
  }

  /** Reads the number that begins at `from` into `values` and returns its end; −1 if it is not a number. */
  #number(bytes: Uint8Array, from: number, field: number): number {
    let high = 0;
    let low = 0;
    let lowDigits = 0;
    let point = -1;
    let at = from;
    for (; ; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) {
        if (at - from < INTEGER_DIGITS) high = (Math.imul(10, high) + digit) | 0;
        else {
          low = (Math.imul(10, low) + digit) | 0;
          lowDigits++;
        }
      } else if (digit === DOT - ZERO && point === -1) point = at;
      else break;
    }
    if (at === from || at - from > MOST_DIGITS || !this.#endsField(bytes, at)) return -1;
    if (this.#kinds[field] === ID) {
      if (point !== -1 || (at - from > 1 && bytes[from] === ZERO)) return -1;
    } else if (point === from || point === at - 1) {
      return -1;
    }
    const mantissa = lowDigits === 0 ? high : high * POWERS[lowDigits]! + low;
    this.#values[field] = point === -1 ? mantissa : mantissa / POWERS[at - 1 - point]!;
    return at;
  }

  #endsField(bytes: Uint8Array, at: number): boolean {
    const byte = bytes[at];
    if (byte === RETURN && bytes[at + 1] === this.#newline) return true;
    return byte === this.#newline || this.#isDelimiter(bytes, at);
  }

  #isDelimiter(bytes: Uint8Array, at: number): boolean {
    return bytes[at] === this.#first && (!this.#isDouble || bytes[at + 1] === this.#first);
  }
}
