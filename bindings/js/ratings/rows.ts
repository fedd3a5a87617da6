import { mustBe, reading, unreadable } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { type Columns, GrowingColumns, type Table } from './columns.js';
import { badId, GrowingIds, type Id, isId } from './ids.js';

/** A rating as an object or a tuple. */
export type RatingRow =
  | { user: Id; item: Id; rating?: number | undefined; timestamp?: number | undefined }
  | readonly [user: Id, item: Id, rating?: number | undefined, timestamp?: number | undefined];

/** Ratings as columns of equal length, arrays or typed arrays. */
export interface RatingColumns {
  user: ArrayLike<Id>;
  item: ArrayLike<Id>;
  rating?: ArrayLike<number> | undefined;
  /** In any unit: only their order matters. */
  timestamp?: ArrayLike<number> | undefined;
}

const LARGEST = 3.4028234663852886e38;

/** Whether a value is a number that is finite as a float32. */
export function isRating(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LARGEST;
}

export function badRating(what: string, value: unknown): Error {
  return isMissing(value) ? invalid(`The ${what} is missing`) : mustBe(`The ${what}`, 'a finite number', value);
}

/** Checks each row; the first one determines whether there are ratings and timestamps, and the others must agree. */
export function tableFromRows(rows: Iterable<RatingRow>): Table {
  const at = { row: 1 };
  try {
    if (!isIterable(rows))
      throw mustBe('rows', 'an array or another iterable of {user, item, rating, timestamp}', rows);
    return takeRows(rows, at);
  } catch (cause) {
    throw unreadable(`rows, at row ${at.row},`, cause);
  }
}

function isIterable(rows: unknown): boolean {
  return (
    typeof rows === 'object' && rows !== null && typeof (rows as Iterable<unknown>)[Symbol.iterator] === 'function'
  );
}

/** `at` has the number of the row that is being taken. */
function takeRows(rows: Iterable<RatingRow>, at: { row: number }): Table {
  const users = new GrowingIds();
  const items = new GrowingIds();
  let columns: GrowingColumns | undefined;
  let implicit = false;
  for (const row of rows) {
    const number = at.row;
    const [user, item, rating, timestamp] = cellsOf(row, number);
    if (!columns) {
      implicit = isMissing(rating);
      columns = new GrowingColumns(!isMissing(timestamp));
    }
    if (!isId(user)) throw badId(`user in row ${number}`, user);
    if (!isId(item)) throw badId(`item in row ${number}`, item);
    if (implicit !== isMissing(rating)) throw mixed('rating', number, implicit);
    if (!implicit && !isRating(rating)) throw badRating(`rating in row ${number}`, rating);
    if (columns.hasTimestamps === isMissing(timestamp)) throw mixed('timestamp', number, !columns.hasTimestamps);
    if (columns.hasTimestamps && !Number.isFinite(timestamp))
      throw badTimestamp(`timestamp in row ${number}`, timestamp);
    columns.push(users.add(user), items.add(item), implicit ? 1 : (rating as number), timestamp as number);
    at.row++;
  }
  if (!columns) throw invalid('rows must not be empty');
  return { columns: atOnce(columns.finish()), users, items, implicit };
}

function cellsOf(row: unknown, number: number): readonly unknown[] {
  if (Array.isArray(row)) return row;
  if (typeof row !== 'object' || row === null) {
    throw mustBe(`Row ${number}`, '{user, item, rating, timestamp} or [user, item, rating, timestamp]', row);
  }
  const { user, item, rating, timestamp } = row as Record<string, unknown>;
  return [user, item, rating, timestamp];
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function mixed(name: string, number: number, firstHadNone: boolean): Error {
  const [there, first] = firstHadNone ? ['has a', 'has none'] : ['has no', 'has one'];
  return invalid(`Row ${number} ${there} ${name} and row 1 ${first}: every row must have a ${name}, or none`);
}

function badTimestamp(what: string, value: unknown): Error {
  return mustBe(`The ${what}`, 'a finite number', value);
}

/** Checks each value of columns of equal length. */
export function tableFromColumns(source: RatingColumns): Table {
  if (typeof source !== 'object' || source === null) {
    throw mustBe('columns', '{user, item, rating, timestamp}, each an array or typed array', source);
  }
  return reading('columns', () => takeColumns(source));
}

function takeColumns({ user, item, rating, timestamp }: RatingColumns): Table {
  const size = lengthOf('user', user);
  for (const [name, column] of Object.entries({ item, rating, timestamp })) {
    if (name !== 'item' && column === undefined) continue;
    const length = lengthOf(name, column);
    if (length !== size)
      throw invalid(`The columns must have equal lengths; user has ${size} entries and ${name} ${length}`);
  }
  if (size === 0) throw invalid('The columns must not be empty');
  const users = new GrowingIds();
  const items = new GrowingIds();
  const columns: Columns = {
    users: idColumn('user', user, users, size),
    items: idColumn('item', item, items, size),
    values: rating ? ratingColumn(rating, size) : new Float32Array(size).fill(1),
  };
  if (timestamp) columns.timestamps = timestampColumn(timestamp, size);
  return { columns, users, items, implicit: !rating };
}

function lengthOf(name: string, column: unknown): number {
  const isView = ArrayBuffer.isView(column) && !(column instanceof DataView);
  if (!Array.isArray(column) && !isView) {
    throw mustBe(`The column ${name}`, 'an array or a typed array', column);
  }
  return (column as ArrayLike<unknown>).length;
}

/** `size` is the length that was checked: the buffer of a column may shrink while another is read. */
function idColumn(name: string, source: ArrayLike<Id>, ids: GrowingIds, size: number): Int32Array {
  const column = new Int32Array(size);
  for (let row = 0; row < column.length; row++) {
    const id = source[row]!;
    if (!isId(id)) throw badId(`id at ${name}[${row}]`, id);
    column[row] = ids.add(id);
  }
  return column;
}

function ratingColumn(source: ArrayLike<number>, size: number): Float32Array {
  const column = new Float32Array(size);
  for (let row = 0; row < column.length; row++) {
    const value = source[row];
    if (!isRating(value)) throw badRating(`value at rating[${row}]`, value);
    column[row] = value;
  }
  return column;
}

function timestampColumn(source: ArrayLike<number>, size: number): Float64Array {
  const column = new Float64Array(size);
  for (let row = 0; row < column.length; row++) {
    const value = source[row];
    if (!Number.isFinite(value)) throw badTimestamp(`value at timestamp[${row}]`, value);
    column[row] = value!;
  }
  return column;
}
