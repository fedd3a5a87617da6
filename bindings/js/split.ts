import type { Columns } from './columns.js';
import { invalid } from './errors.js';
import { show } from './ids.js';

export interface SplitOptions {
  /** The share of the test part, between 0 and 1 (default 0.2). `leave-last-out` takes one rating a user instead. */
  test?: number;
  /** `random` (default); `time`: the latest; `leave-last-out`: each user's latest, if it has two or more. */
  by?: 'random' | 'time' | 'leave-last-out';
  /** Of the random split; default 1. */
  seed?: number;
}

/** Marks the rows of the test part with 1. */
export function testPart(columns: Columns, userCount: number, options: SplitOptions): Uint8Array {
  const { test = 0.2, by = 'random', seed = 1 } = options;
  if (by !== 'random' && by !== 'time' && by !== 'leave-last-out') {
    throw invalid(`split: by is ${show(by)}; allowed are 'random', 'time' and 'leave-last-out'`);
  }
  checkShare('split: test', test);
  if (by === 'random') return randomPart(columns.users.length, test, checkSeed(seed));
  if (!columns.timestamps) throw invalid(`split: by '${by}' needs timestamps, and these ratings have none`);
  return by === 'time'
    ? latestPart(columns.timestamps, test)
    : lastOfEach(columns.users, columns.timestamps, userCount);
}

export function checkShare(name: string, share: unknown): number {
  if (typeof share === 'number' && share > 0 && share < 1) return share;
  throw invalid(`${name} is ${show(share)}; it must be a share between 0 and 1, say 0.2`);
}

export function checkSeed(seed: unknown): number {
  if (Number.isSafeInteger(seed) && (seed as number) >= 0) return seed as number;
  throw invalid(`seed is ${show(seed)}; it must be a whole number from 0 to 2^53 − 1`);
}

/** MurmurHash3's 32-bit finalizer. */
function mix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Row i is in the test part when mix(i ⊕ mix(seed)) < share · 2³², the seed modulo 2³²: as the C++ core does it. */
function randomPart(size: number, share: number, seed: number): Uint8Array {
  const part = new Uint8Array(size);
  const key = mix(seed % 2 ** 32);
  const bound = share * 2 ** 32;
  for (let row = 0; row < size; row++) part[row] = mix(row ^ key) < bound ? 1 : 0;
  return part;
}

/** The share with the latest timestamps; of equal ones, the later rows. */
function latestPart(timestamps: Float64Array, share: number): Uint8Array {
  const part = new Uint8Array(timestamps.length);
  const count = Math.round(share * timestamps.length);
  if (count === 0) return part;
  const bound = timestamps.slice().sort()[timestamps.length - count]!;
  let atBound = count;
  for (const time of timestamps) if (time > bound) atBound--;
  for (let row = timestamps.length - 1; row >= 0; row--) {
    const time = timestamps[row]!;
    if (time > bound || (time === bound && atBound-- > 0)) part[row] = 1;
  }
  return part;
}

/** Each user's latest row (of equal ones, the last), where the user has another. */
function lastOfEach(users: Int32Array, timestamps: Float64Array, userCount: number): Uint8Array {
  const last = new Int32Array(userCount).fill(-1);
  const counts = new Int32Array(userCount);
  for (let row = 0; row < users.length; row++) {
    const user = users[row]!;
    counts[user]!++;
    if (last[user] === -1 || timestamps[row]! >= timestamps[last[user]!]!) last[user] = row;
  }
  const part = new Uint8Array(users.length);
  for (let user = 0; user < userCount; user++) if (counts[user]! > 1) part[last[user]!] = 1;
  return part;
}

/**
 * A random part to validate on, less the rows that are the only ones left of their user or item: the model learns every
 * user and item of the ratings that it was given.
 */
export function validationPart(columns: Columns, userCount: number, itemCount: number, share: number, seed: number) {
  const { users, items } = columns;
  const part = randomPart(users.length, share, seed);
  const ofUser = new Int32Array(userCount);
  const ofItem = new Int32Array(itemCount);
  for (let row = 0; row < users.length; row++) {
    ofUser[users[row]!]!++;
    ofItem[items[row]!]!++;
  }
  for (let row = 0; row < users.length; row++) {
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
