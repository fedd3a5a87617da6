import { listed, mustBe, requireOneOf } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import { type Columns, offsetsOf, pickRows, SLICE_ROWS, SLICE_SCATTERED, type Table } from './columns.js';

/**
 * What happens to repeated pairs of user and item: the `first` or the `last` row is kept, or the `latest` by timestamp (of equal
 * ones the last row); the ratings become their `sum`, `mean` or `max`, in the place of the last row and with the latest timestamp;
 * or it is an `error`. Without ratings each row counts 1: `sum` gives how often a user took an item.
 */
export type Duplicates = 'first' | 'last' | 'latest' | 'sum' | 'mean' | 'max' | 'error';

const POLICIES: readonly Duplicates[] = ['first', 'last', 'latest', 'sum', 'mean', 'max', 'error'];

export function checkDuplicates(value: unknown): Duplicates {
  requireOneOf('duplicates', value, POLICIES);
  return (value as Duplicates | undefined) ?? 'last';
}

/** One row per pair, in linear time: visits the rows user by user and remembers the last position of each item. */
export function* resolveDuplicates(table: Table, policy: Duplicates): Generator<void, Columns> {
  const { columns } = table;
  const size = columns.users.length;
  if (policy === 'latest' && !columns.timestamps) {
    const others = listed(POLICIES.filter((other) => other !== policy));
    throw mustBe('duplicates', `${others} for ratings without timestamps`, policy);
  }
  const offsets = yield* offsetsOf(columns.users, table.users.size);
  const order = yield* sortByUser(columns.users, offsets);
  const seen = new Int32Array(table.items.size).fill(-1);
  const keepsEarlier = mergerOf(table, policy);
  let dropped: Uint8Array | undefined;
  let left = size;
  for (let position = 0; position < size; position++) {
    if (position % SLICE_ROWS === 0) yield;
    const row = order ? order[position]! : position;
    const item = columns.items[row]!;
    const before = seen[item]!;
    if (before >= offsets[columns.users[row]!]!) {
      const earlier = order ? order[before]! : before;
      const isEarlierKept = keepsEarlier(earlier, row);
      dropped ??= new Uint8Array(size);
      dropped[isEarlierKept ? row : earlier] = 1;
      left--;
      if (isEarlierKept) continue;
    }
    seen[item] = position;
  }
  return dropped ? yield* pickRows(columns, dropped, 0, left) : columns;
}

/** What merges a row with an earlier one of its pair, and returns whether the earlier one is kept rather than the row. */
function mergerOf(table: Table, policy: Duplicates): (earlier: number, row: number) => boolean {
  const { values, timestamps } = table.columns;
  /** Into the later row, with the latest timestamp. */
  const merging = (valueFrom: (earlier: number, row: number) => number) => (earlier: number, row: number) => {
    values[row] = valueFrom(earlier, row);
    if (timestamps) timestamps[row] = Math.max(timestamps[earlier]!, timestamps[row]!);
    return false;
  };
  switch (policy) {
    case 'first':
      return () => true;
    case 'last':
      return () => false;
    case 'latest':
      return (earlier, row) => timestamps![earlier]! > timestamps![row]!;
    case 'sum':
      return merging((earlier, row) => sum(table, earlier, row));
    case 'mean':
      return merging(meanOf(table));
    case 'max':
      return merging((earlier, row) => Math.max(values[earlier]!, values[row]!));
    case 'error':
      return (earlier, row) => {
        throw duplicateError(table, earlier, row);
      };
  }
}

/** The mean of the rows of a pair so far, which are visited user by user. */
function meanOf({ columns: { users, items: ofRow, values }, items }: Table): (earlier: number, row: number) => number {
  const userOf = new Int32Array(items.size).fill(-1);
  const sums = new Float64Array(items.size);
  const counts = new Int32Array(items.size);
  return (earlier, row) => {
    const item = ofRow[row]!;
    if (userOf[item] !== users[row]) {
      userOf[item] = users[row]!;
      sums[item] = values[earlier]!;
      counts[item] = 1;
    }
    sums[item]! += values[row]!;
    counts[item]!++;
    return sums[item]! / counts[item]!;
  };
}

/** The rows sorted by user, those of a user in their order; undefined when they are sorted already. */
function* sortByUser(users: Int32Array, offsets: Int32Array): Generator<void, Int32Array | undefined> {
  let row = 1;
  while (row < users.length && users[row]! >= users[row - 1]!) row++;
  if (row >= users.length) return undefined;
  const order = new Int32Array(users.length);
  const next = offsets.slice();
  for (row = 0; row < users.length; row++) {
    if (row % SLICE_SCATTERED === 0) yield;
    order[next[users[row]!]!++] = row;
  }
  return order;
}

function sum(table: Table, earlier: number, row: number): number {
  const { values } = table.columns;
  const total = values[earlier]! + values[row]!;
  if (Number.isFinite(Math.fround(total))) return total;
  throw invalid(`The ratings of ${pairOf(table, row)} sum to ${total}, which is not finite as a float32`);
}

/** The error for a pair that is in the rows `earlier` and `row`; its indices are in the row `at` of the table. */
export function duplicateError(table: RowIds, earlier: number, row: number, at = row): Error {
  const rows = `ratings ${earlier + 1} and ${row + 1} (counted from 1)`;
  return invalid(`${pairOf(table, at)} occur twice, in ${rows}; every other choice of duplicates allows that`);
}

/** What tells the ids of a row. */
interface RowIds extends Pick<Table, 'users' | 'items'> {
  columns: { [side in 'users' | 'items']: ArrayLike<number> };
}

function pairOf(table: RowIds, row: number): string {
  const user = table.users.at(table.columns.users[row]!);
  return `User ${show(user)} and item ${show(table.items.at(table.columns.items[row]!))}`;
}
