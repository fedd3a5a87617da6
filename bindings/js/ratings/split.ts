import { plainOptions, requireOneOf, requireSeed, requireShare } from '../base/checks.js';
import { invalid } from '../base/errors.js';
import { hash32 } from '../base/hash32.js';
import { type Columns, SLICE_ROWS, type Table } from './columns.js';
import { drawn } from './draws.js';

/** How `ratings.split` divides the ratings. */
export interface SplitOptions {
  /**
   * The share of the test part, between 0 and 1 (default 0.2): of the ratings, or by `user` of the users. `leave-last-out`
   * ignores it and takes one rating per user.
   */
  test?: number;
  /**
   * `random` (default): each rating independently, so that the share is approximate; `time`: the latest ratings;
   * `leave-last-out`: the latest rating of each user who has two or more; `user`: randomly drawn users with all their
   * ratings, who are unknown to the train part (`foldIn` serves them).
   */
  by?: (typeof WAYS)[number];
  /** The seed of the draws; default 1. */
  seed?: number;
}

/** Of `ratings.splitAsync`. */
export interface SplitAsyncOptions extends SplitOptions {
  /** Stops it within a tenth of a second; the promise then rejects with code `aborted`. */
  signal?: AbortSignal;
}

export const SPLIT_OPTIONS: readonly string[] = ['test', 'by', 'seed'];
const WAYS = ['random', 'time', 'leave-last-out', 'user'] as const;

/** Marks the rows of the test part with 1. */
export function* testPart(columns: Columns, userCount: number, options: SplitOptions): Generator<void, Uint8Array> {
  const { test = 0.2, by = 'random', seed = 1 } = checkedSplit(options, columns.timestamps);
  const { users } = columns;
  if (by === 'random') return yield* drawnPart(users.length, yield* drawn(test, seed));
  if (by === 'user') {
    const isDrawn = yield* drawn(test, seed, userCount);
    return yield* drawnPart(users.length, (row) => isDrawn(users[row]!));
  }
  return by === 'time'
    ? yield* latestPart(columns.timestamps!, test)
    : yield* lastOfEach(users, columns.timestamps!, userCount);
}

/** @throws MatfacError `invalid-argument`. */
export function checkedSplit(given: SplitOptions, timestamps: unknown): SplitOptions {
  const options = plainOptions('split', given, SPLIT_OPTIONS);
  const { test = 0.2, by = 'random', seed = 1 } = options;
  requireOneOf('split: by', by, WAYS);
  requireShare('split: test', test);
  if (by === 'random' || by === 'user') requireSeed('split: seed', seed);
  else if (!timestamps) throw invalid(`split: by '${by}' needs timestamps, and these ratings have none`);
  return options;
}

function* drawnPart(size: number, isDrawn: (row: number) => boolean): Generator<void, Uint8Array> {
  const part = new Uint8Array(size);
  for (let row = 0; row < size; row++) {
    if (row % SLICE_ROWS === 0) yield;
    if (isDrawn(row)) part[row] = 1;
  }
  return part;
}

/** The rows with the latest timestamps; of equal ones, the later rows. */
function* latestPart(timestamps: Float64Array, share: number): Generator<void, Uint8Array> {
  const size = timestamps.length;
  const part = new Uint8Array(size);
  const count = Math.round(share * size);
  if (count === 0) return part;
  const times = new Float64Array(size);
  for (let from = 0; from < size; from += SLICE_ROWS) {
    yield;
    times.set(timestamps.subarray(from, from + SLICE_ROWS), from);
  }
  const bound = yield* numberAt(times, size - count);
  let atBound = count;
  for (let row = 0; row < size; row++) {
    if (row % SLICE_ROWS === 0) yield;
    if (timestamps[row]! > bound) atBound--;
  }
  for (let row = size - 1; row >= 0; row--) {
    if (row % SLICE_ROWS === 0) yield;
    const time = timestamps[row]!;
    if (time > bound || (time === bound && atBound-- > 0)) part[row] = 1;
  }
  return part;
}

/** The number that sorting would put at this index (Hoare's selection); reorders the numbers. */
function* numberAt(numbers: Float64Array, index: number): Generator<void, number> {
  let [first, last] = [0, numbers.length - 1];
  let steps = 0;
  while (first < last) {
    const pivot = numbers[first + (hash32(last - first) % (last - first + 1))]!;
    let [left, right] = [first, last];
    while (left <= right) {
      for (; numbers[left]! < pivot; left++) if (++steps % SLICE_ROWS === 0) yield;
      for (; numbers[right]! > pivot; right--) if (++steps % SLICE_ROWS === 0) yield;
      if (left <= right) {
        const number = numbers[left]!;
        numbers[left++] = numbers[right]!;
        numbers[right--] = number;
      }
      if (++steps % SLICE_ROWS === 0) yield;
    }
    if (index <= right) last = right;
    else if (index >= left) first = left;
    else break;
  }
  return numbers[index]!;
}

/** The latest row of each user who has more than one; of equal timestamps, the last row. */
function* lastOfEach(users: Int32Array, timestamps: Float64Array, userCount: number): Generator<void, Uint8Array> {
  const last = new Int32Array(userCount).fill(-1);
  const counts = new Int32Array(userCount);
  for (let row = 0; row < users.length; row++) {
    if (row % SLICE_ROWS === 0) yield;
    const user = users[row]!;
    counts[user]!++;
    if (last[user] === -1 || timestamps[row]! >= timestamps[last[user]!]!) last[user] = row;
  }
  const part = new Uint8Array(users.length);
  for (let user = 0; user < userCount; user++) if (counts[user]! > 1) part[last[user]!] = 1;
  return part;
}

/**
 * A random part to validate on, without the last remaining row of any user or item, so that the model learns every user and
 * item of the ratings.
 */
export function* validationPart(
  { columns: { users, items }, users: { size: userCount }, items: { size: itemCount } }: Table,
  share: number,
  seed: number,
): Generator<void, Uint8Array> {
  const part = yield* drawnPart(users.length, yield* drawn(share, seed));
  const ofUser = new Int32Array(userCount);
  const ofItem = new Int32Array(itemCount);
  for (let row = 0; row < users.length; row++) {
    if (row % SLICE_ROWS === 0) yield;
    ofUser[users[row]!]!++;
    ofItem[items[row]!]!++;
  }
  for (let row = 0; row < users.length; row++) {
    if (row % SLICE_ROWS === 0) yield;
    if (part[row] === 0) continue;
    const user = users[row]!;
    const item = items[row]!;
    if (ofUser[user]! > 1 && ofItem[item]! > 1) {
      ofUser[user]!--;
      ofItem[item]!--;
    } else {
      part[row] = 0;
    }
  }
  return part;
}

/**
 * The fold 0, 1, … of each row: equal shares, dealt out and shuffled (Fisher and Yates); the draw of row i is
 * hash32(i ⊕ hash32(seed)).
 */
export function* foldsOf(size: number, folds: number, seed: number): Generator<void, Int32Array> {
  const fold = new Int32Array(size);
  for (let row = 0; row < size; row++) fold[row] = row % folds;
  const key = hash32(seed % 2 ** 32);
  for (let row = size - 1; row > 0; row--) {
    if (row % SLICE_ROWS === 0) yield;
    const other = hash32(row ^ key) % (row + 1);
    [fold[row], fold[other]] = [fold[other]!, fold[row]!];
  }
  return fold;
}
