import { idsLimit } from '../base/allowance.js';
import { show } from '../base/show.js';
import type { Table } from '../ratings/columns.js';
import type { RowLayout } from '../ratings/ratings-source.js';
import { isRating } from '../ratings/rows.js';
import { IdColumn } from './id-column.js';
import type { Layout } from './layout.js';
import { NO_COLUMN, oneUser } from './one-user.js';
import { columnsFor, type Reading, type RowColumns } from './reading.js';
import type { RowSource } from './row-source.js';
import { RowValues } from './row-values.js';
import type { RecordSink } from './syntax/csv.js';
import { parseFlag } from './syntax/flag.js';
import { parseDecimal } from './syntax/number.js';
import type { NumberBatch, NumberSink } from './syntax/number-lines.js';

/** Makes dense columns of the records of a text. */
export class RatingRows implements RecordSink, NumberSink, RowSource {
  readonly #users: IdColumn;
  readonly #items: IdColumn;
  readonly #columns: RowColumns;
  readonly #layout: Layout;
  readonly #values: RowValues;
  /** How many fields a record needs. */
  readonly #width: number;
  #headerIsDue: boolean;

  /** `expected` is about how many rows there are, or 0 when it is not known. */
  constructor(
    layout: Layout,
    readonly reading: Reading,
    expected = 0,
  ) {
    const { user, item, rating = 0, timestamp = 0, event = 0 } = layout.columns;
    this.#layout = layout;
    const most = idsLimit(reading.options.limits);
    this.#users = new IdColumn(most);
    this.#items = new IdColumn(most);
    this.#values = new RowValues(layout.columns, reading, () => this.size);
    this.#width = Math.max(user, item, rating, timestamp, event) + 1;
    this.#columns = columnsFor(reading, layout.columns.timestamp !== undefined, expected);
    this.#headerIsDue = layout.titles !== undefined;
  }

  get size(): number {
    return this.#columns.size;
  }

  /** Whether lines of plain numbers may be given to `numbers`. */
  get takesNumbers(): boolean {
    return this.#values.areNumbers;
  }

  get layout(): RowLayout {
    const { newline: _, ...rest } = this.#layout;
    return rest;
  }

  *finish(): Generator<void, Table> {
    const columns = yield* this.#columns.finish();
    this.#values.finish(columns);
    const users = oneUser(this.reading) ?? this.#users.ids;
    return { columns, users, items: this.#items.ids, implicit: this.#values.isImplicit };
  }

  numbers({ users, items, ratings, timestamps, size }: NumberBatch): void {
    this.#readTimes(timestamps.subarray(0, size));
    for (let from = 0; from < size; ) {
      const rows = this.#columns.open(size - from);
      const to = from + rows.values.length;
      this.#users.addNumbers(users.subarray(from, to), rows.users);
      this.#items.addNumbers(items.subarray(from, to), rows.items);
      rows.values.set(ratings.subarray(from, to));
      rows.timestamps?.set(timestamps.subarray(from, to));
      from = to;
    }
  }

  /** In place. */
  #readTimes(numbers: Float64Array): void {
    const { times } = this.#values;
    for (let row = 0; row < numbers.length; row++) {
      if (!(numbers[row]! < times.secondsBelow)) numbers[row] = times.ofNumber(numbers[row]!);
    }
  }

  plain(text: string, start: number, end: number, line: number): void {
    const stop = text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end;
    this.fields(text.slice(start, stop).split(this.#layout.delimiter), line);
  }

  fields(fields: string[], line: number): void {
    if (fields.length === 1 && fields[0]!.trim() === '') return;
    if (this.#headerIsDue) {
      this.#headerIsDue = false;
      return;
    }
    const fault = this.#take(fields);
    if (fault) this.bad(line, ...fault);
  }

  bad(line: number, column: number, reason: string): void {
    this.#headerIsDue = false;
    this.reading.badRows.add(line, column, reason);
  }

  /** Takes a record, or returns the column and the reason why it is bad. */
  #take(fields: string[]): [column: number, reason: string] | undefined {
    const { user, item, rating, timestamp, event } = this.#layout.columns;
    if (fields.length < this.#width)
      return [fields.length, `the line must have at least ${this.#width} fields; it has ${fields.length}`];
    const weight = event === undefined ? 1 : this.#values.weightOf(fields[event]!.trim());
    if (weight === 0) return undefined;
    const userText = user === NO_COLUMN ? '0' : fields[user]!.trim();
    const itemText = fields[item]!.trim();
    if (!userText) return [user + 1, 'the user is missing'];
    if (!itemText) return [item + 1, 'the item is missing'];
    const value = rating === undefined ? 1 : this.#rating(fields[rating]!.trim());
    if (!isRating(value)) return [rating! + 1, notA('rating', this.#values.ratingWords, fields[rating!]!)];
    if (this.#values.areFlags && value === 0) return this.#values.leaveFalse();
    const time = timestamp === undefined ? 0 : this.#values.times.read(fields[timestamp]!.trim());
    if (!Number.isFinite(time)) return [timestamp! + 1, notA('timestamp', this.#values.timeWords, fields[timestamp!]!)];
    this.#columns.push(this.#users.addText(userText), this.#items.addText(itemText), value * weight, time);
    return undefined;
  }

  #rating(text: string): number {
    return this.#values.areFlags ? parseFlag(text) : parseDecimal(text);
  }
}

function notA(name: string, allowed: string, cell: string): string {
  return cell.trim() === '' ? `the ${name} is missing` : `the ${name} must be ${allowed}; it is ${show(cell)}`;
}
