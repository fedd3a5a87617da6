import { idsLimit } from '../base/allowance.js';
import { show } from '../base/show.js';
import type { Table } from '../ratings/columns.js';
import { GrowingIds, ID, isId } from '../ratings/ids.js';
import type { ColumnIndices } from '../ratings/ratings-source.js';
import { isRating } from '../ratings/rows.js';
import { oneUser } from './one-user.js';
import { columnsFor, type Reading, type RowColumns } from './reading.js';
import { RowValues } from './row-values.js';
import { parseFlag } from './syntax/flag.js';
import { parseDecimal } from './syntax/number.js';

/** Checks rows of typed values, as JSON and Parquet have them, and makes dense columns of them. */
export class CellRows {
  readonly #users: GrowingIds;
  readonly #items: GrowingIds;
  readonly #columns: RowColumns;
  readonly #values: RowValues;

  constructor(
    readonly indices: ColumnIndices,
    readonly reading: Reading,
  ) {
    const most = idsLimit(reading.options.limits);
    this.#users = new GrowingIds(most);
    this.#items = new GrowingIds(most);
    this.#columns = columnsFor(reading, indices.timestamp !== undefined);
    this.#values = new RowValues(indices, reading, () => this.size);
  }

  get size(): number {
    return this.#columns.size;
  }

  *finish(): Generator<void, Table> {
    const columns = yield* this.#columns.finish();
    this.#values.finish(columns);
    const users = oneUser(this.reading) ?? this.#users;
    return { columns, users, items: this.#items, implicit: this.#values.isImplicit };
  }

  /** Adds the cells of one row; `line` is for the message. */
  add(user: unknown, item: unknown, rating: unknown, timestamp: unknown, line: number, event?: unknown): void {
    const weight = this.indices.event === undefined ? 1 : this.#values.weightOf(String(event ?? ''));
    if (weight === 0) return;
    const fault = this.#take(this.reading.options.user ?? idOf(user), idOf(item), rating, timestamp, weight);
    if (fault) this.reading.badRows.add(line, ...fault);
  }

  /** Takes a row, or returns the column and the reason why it is bad. */
  #take(
    user: unknown,
    item: unknown,
    rating: unknown,
    timestamp: unknown,
    weight: number,
  ): [column: number, reason: string] | undefined {
    const { indices } = this;
    if (!isId(user)) return [indices.user + 1, notA('user', ID, user)];
    if (!isId(item)) return [indices.item + 1, notA('item', ID, item)];
    const value = indices.rating === undefined ? 1 : this.#ratingOf(rating);
    if (indices.rating !== undefined && this.reading.missing.takesCell(rating, value)) return undefined;
    if (!isRating(value)) return [indices.rating! + 1, notA('rating', this.#values.ratingWords, rating)];
    if (this.#values.areFlags && value === 0) return this.#values.leaveFalse();
    const time = indices.timestamp === undefined ? 0 : this.#timeOf(timestamp);
    if (!Number.isFinite(time)) return [indices.timestamp! + 1, notA('timestamp', this.#values.timeWords, timestamp)];
    this.#columns.push(this.#users.add(user), this.#items.add(item), value * weight, time);
    return undefined;
  }

  #ratingOf(value: unknown): number {
    if (typeof value === 'boolean') return Number(value);
    if (this.#values.areFlags) return parseFlag(String(value ?? '').trim());
    return numberOf(value);
  }

  /** Dates become seconds since 1970. */
  #timeOf(value: unknown): number {
    if (value instanceof Date) return value.getTime() / 1000;
    const { times } = this.#values;
    return typeof value === 'string' ? times.read(value.trim()) : times.ofNumber(numberOf(value));
  }
}

/** A whole number that is too large to be exact becomes a string, which is. */
export function idOf(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

function numberOf(value: unknown): number {
  if (typeof value === 'string') return parseDecimal(value.trim());
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function notA(name: string, allowed: string, value: unknown): string {
  return isMissing(value) ? `the ${name} is missing` : `the ${name} must be ${allowed}; it is ${show(value)}`;
}
