import { invalid } from '../../base/errors.js';
import type { Columns, Table } from '../columns.js';
import { type Duplicates, duplicateError, resolveDuplicates } from '../duplicates.js';
import { type Id, Ids } from '../ids.js';
import { type Partition, partitionsOf, scattered } from './partitions.js';
import { CHUNK_ROWS, type RowFile } from './row-file.js';
import { RowsWriter, type UserRows } from './rows-writer.js';
import type { SpilledColumns } from './spill.js';
import { lostStore, type Store } from './store.js';
import type { StoredParts } from './stored-parts.js';

/** A day in seconds. */
const DAY = 86_400;

/** What a sort is of: the ids of the rows, and what happens to repeated pairs. */
export interface SortTask {
  table: Table;
  duplicates: Duplicates;
  /** How a time is exchanged that has day and month in the wrong order. */
  turned: (seconds: number) => number;
}

/**
 * Sorts spilled rows by user and item in bounded memory, into another store: the rows are distributed to partitions of users that fit
 * in memory, and each is sorted there. Repeated pairs are resolved as those of a table in memory, user by user.
 */
export function* sortByUser(
  columns: SpilledColumns,
  { table, duplicates, turned }: SortTask,
  store: Store,
): Generator<void, StoredParts> {
  const { spill } = columns;
  const { users, items } = table;
  const origin = spill.hasTimestamps ? yield* timeOrigin(columns, turned) : Number.NaN;
  const partitions = partitionsOf(spill.countsOf(users.size));
  const rows = yield* scattered(spill, users.size, partitions);
  const writer = new RowsWriter(store, spill.size, users.size, items.size, origin);
  for (const partition of partitions) {
    const part = tableOfPartition(partition, rows, table);
    if (duplicates === 'error') yield* refuseRepeated(part, columns, partition);
    const resolved = yield* resolveDuplicates(part, duplicates === 'error' ? 'last' : duplicates);
    writer.add(sorted(resolved, part.users.size, origin));
    yield;
  }
  return yield* writer.finish();
}

/** Exchanges day and month where that is due; returns the midnight (UTC) at or before the first time. */
function* timeOrigin({ spill, turned: count }: SpilledColumns, turned: SortTask['turned']): Generator<void, number> {
  const { rows, size } = spill;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < size; row += CHUNK_ROWS) {
    yield;
    const times = new Float64Array(Math.min(CHUNK_ROWS, size - row));
    rows.readColumn('timestamps', row, times);
    for (let at = 0; at < times.length; at++) {
      if (row + at < count) times[at] = turned(times[at]!);
      first = Math.min(first, times[at]!);
      last = Math.max(last, times[at]!);
    }
    if (row < count) rows.writeColumn('timestamps', row, times);
  }
  const origin = Math.floor(first / DAY) * DAY;
  if (last - origin < 2 ** 32) return origin;
  const span = `they are from ${first} to ${last} (seconds since 1970)`;
  throw invalid(
    `The timestamps must span less than 136 years with storage 'opfs'; ${span}: columns.timestamp: null leaves them out`,
  );
}

/** The rows of a partition, with its users from 0. */
function tableOfPartition({ firstUser, endUser, firstRow, endRow }: Partition, rows: RowFile, table: Table): Table {
  const columns = rows.read(firstRow, endRow - firstRow);
  for (let row = 0; row < columns.users.length; row++) columns.users[row]! -= firstUser;
  return { ...table, columns, users: new SomeIds(table.users, firstUser, endUser - firstUser) };
}

/** Ids one after another among others. */
class SomeIds extends Ids {
  constructor(
    readonly all: Ids,
    readonly first: number,
    readonly size: number,
  ) {
    super();
  }

  get list(): readonly Id[] {
    return this.all.list.slice(this.first, this.first + this.size);
  }

  at(index: number): Id {
    return this.all.at(this.first + index);
  }

  exact(id: Id): number {
    const index = this.all.exact(id) - this.first;
    return index >= 0 && index < this.size ? index : -1;
  }
}

/** Throws, as `resolveDuplicates` of all rows would, for the first repeated pair of the users. */
function* refuseRepeated(part: Table, { spill }: SpilledColumns, { firstUser }: Partition): Generator<void, void> {
  const { users, items } = part.columns;
  const seen = new Map<number, Set<number>>();
  let found: { user: number; item: number } | undefined;
  for (let row = 0; row < users.length; row++) {
    const [user, item] = [users[row]!, items[row]!];
    const ofUser = seen.get(user) ?? new Set<number>();
    seen.set(user, ofUser);
    if (ofUser.has(item) && !(found && found.user <= user)) found = { user, item };
    ofUser.add(item);
  }
  if (!found) return;
  const [earlier, row] = yield* firstRowsOf(spill.rows, spill.size, firstUser + found.user, found.item);
  const indices = { users: [found.user], items: [found.item] };
  throw duplicateError({ ...part, columns: indices }, earlier, row, 0);
}

/** The numbers of the first two rows of a pair, in the order of the file. */
function* firstRowsOf(
  rows: RowFile,
  size: number,
  user: number,
  item: number,
): Generator<void, [first: number, second: number]> {
  const found: number[] = [];
  for (let row = 0; row < size && found.length < 2; row += CHUNK_ROWS) {
    yield;
    const { users, items } = rows.read(row, Math.min(CHUNK_ROWS, size - row));
    for (let at = 0; at < users.length; at++) if (users[at] === user && items[at] === item) found.push(row + at);
  }
  const [first, second] = found;
  if (first === undefined || second === undefined) throw lostStore();
  return [first, second];
}

/** Sorted by user, then by item: the items of a user are sorted with their rows, as one number each. */
function sorted({ users, items, values, timestamps }: Columns, userCount: number, origin: number): UserRows {
  const size = users.length;
  const counts = new Int32Array(userCount);
  for (const user of users) counts[user]!++;
  const next = new Int32Array(userCount);
  for (let user = 1; user < userCount; user++) next[user] = next[user - 1]! + counts[user - 1]!;
  const keys = new Float64Array(size);
  // Exact below 2⁵³: with up to 2²⁶ items, of which a user rates each once.
  for (let row = 0; row < size; row++) keys[next[users[row]!]!++] = items[row]! * ROWS + row;
  for (let user = 0; user < userCount; user++) keys.subarray(next[user]! - counts[user]!, next[user]!).sort();
  const rows: UserRows = {
    counts,
    items: new Int32Array(size),
    values: new Float32Array(size),
    times: timestamps && new Uint32Array(size),
  };
  for (let at = 0; at < size; at++) {
    const row = keys[at]! % ROWS;
    rows.items[at] = items[row]!;
    rows.values[at] = values[row]!;
    if (rows.times) rows.times[at] = Math.floor(timestamps![row]!) - origin;
  }
  return rows;
}

/** More than the rows of a partition. */
const ROWS = 2 ** 27;
