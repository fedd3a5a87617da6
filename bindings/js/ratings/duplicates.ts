import { requireOneOf } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import { type Columns, offsetsOf, pickRows, SLICE_ROWS, SLICE_SCATTERED, type Table } from './columns.js';

/** What happens to repeated pairs of user and item: the last row is kept, the ratings are summed, or it is an error. */
export type Duplicates = 'last' | 'sum' | 'error';

const POLICIES: readonly Duplicates[] = ['last', 'sum', 'error'];

export function checkDuplicates(value: unknown): Duplicates {
  requireOneOf('duplicates', value, POLICIES);
  return (value as Duplicates | undefined) ?? 'last';
}

/** One row per pair, in linear time: visits the rows user by user and remembers the last position of each item. */
export function* resolveDuplicates(table: Table, policy: Duplicates): Generator<void, Columns> {
  const { columns } = table;
  const size = columns.users.length;
  const offsets = yield* offsetsOf(columns.users, table.users.size);
  const order = yield* sortByUser(columns.users, offsets);
  const seen = new Int32Array(table.items.size).fill(-1);
  let dropped: Uint8Array | undefined;
  let left = size;
  for (let position = 0; position < size; position++) {
    if (position % SLICE_ROWS === 0) yield;
    const row = order ? order[position]! : position;
    const item = columns.items[row]!;
    const before = seen[item]!;
    if (before >= offsets[columns.users[row]!]!) {
      const earlier = order ? order[before]! : before;
      if (policy === 'error') throw duplicateError(table, earlier, row);
      if (policy === 'sum') columns.values[row] = sum(table, earlier, row);
      dropped ??= new Uint8Array(size);
      dropped[earlier] = 1;
      left--;
    }
    seen[item] = position;
  }
  return dropped ? yield* pickRows(columns, dropped, 0, left) : columns;
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

function duplicateError(table: Table, earlier: number, row: number): Error {
  const rows = `ratings ${earlier + 1} and ${row + 1} (counted from 1)`;
  return invalid(`${pairOf(table, row)} occur twice, in ${rows}; duplicates: 'last' or 'sum' allows that`);
}

function pairOf(table: Table, row: number): string {
  const user = table.users.at(table.columns.users[row]!);
  return `User ${show(user)} and item ${show(table.items.at(table.columns.items[row]!))}`;
}
