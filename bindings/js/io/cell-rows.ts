import { idsLimit } from '../base/allowance.js';
import { show } from '../base/show.js';
import { GrowingColumns, type Table } from '../ratings/columns.js';
import { GrowingIds, ID, isId } from '../ratings/ids.js';
import type { ColumnIndices } from '../ratings/ratings-source.js';
import { isRating } from '../ratings/rows.js';
import type { Reading } from './reading.js';
import { parseDecimal, parseTimestamp } from './syntax/number.js';

/** Checks rows of typed values, as JSON and Parquet have them, and makes dense columns of them. */
export class CellRows {
  readonly #users: GrowingIds;
  readonly #items: GrowingIds;
  readonly #columns: GrowingColumns;

  constructor(
    readonly indices: ColumnIndices,
    readonly reading: Reading,
  ) {
    const most = idsLimit(reading.options.limits);
    this.#users = new GrowingIds(most);
    this.#items = new GrowingIds(most);
    this.#columns = new GrowingColumns(indices.timestamp !== undefined);
  }

  get size(): number {
    return this.#columns.size;
  }

  *finish(): Generator<void, Table> {
    const implicit = this.indices.rating === undefined;
    return { columns: yield* this.#columns.finish(), users: this.#users, items: this.#items, implicit };
  }

  /** Adds the cells of one row; `line` is for the message. */
  add(user: unknown, item: unknown, rating: unknown, timestamp: unknown, line: number): void {
    const fault = this.#take(idOf(user), idOf(item), rating, timestamp);
    if (fault) this.reading.badRows.add(line, ...fault);
  }

  /** Takes a row, or returns the column and the reason why it is bad. */
  #take(
    user: unknown,
    item: unknown,
    rating: unknown,
    timestamp: unknown,
  ): [column: number, reason: string] | undefined {
    const { indices } = this;
    if (!isId(user)) return [indices.user + 1, notA('user', ID, user)];
    if (!isId(item)) return [indices.item + 1, notA('item', ID, item)];
    const value = indices.rating === undefined ? 1 : ratingOf(rating);
    if (!isRating(value)) return [indices.rating! + 1, notA('rating', 'a finite number', rating)];
    const time = indices.timestamp === undefined ? 0 : timeOf(timestamp);
    if (!Number.isFinite(time))
      return [indices.timestamp! + 1, notA('timestamp', 'a number or an ISO date', timestamp)];
    this.#columns.push(this.#users.add(user), this.#items.add(item), value, time);
    return undefined;
  }
}

/** A whole number that is too large to be exact becomes a string, which is. */
export function idOf(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

function ratingOf(value: unknown): number {
  if (typeof value === 'string') return parseDecimal(value.trim());
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

/** Dates become seconds since 1970. */
function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime() / 1000;
  return typeof value === 'string' ? parseTimestamp(value.trim()) : ratingOf(value);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function notA(name: string, allowed: string, value: unknown): string {
  return isMissing(value) ? `the ${name} is missing` : `the ${name} must be ${allowed}; it is ${show(value)}`;
}
