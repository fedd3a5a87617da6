import { drawn } from '../../ratings/draws.js';
import type { Store } from '../../ratings/stored/store.js';
import type { SplitJob } from '../../training/protocol.js';
import { readUsers, type UsersRead, userBlocks } from './user-blocks.js';

/** Marks the rows of the test part with 1, block after block in their order, as often as that is begun. */
export interface Marker {
  begin(): void;
  marksOf(rows: UsersRead): Uint8Array;
}

/** What `testPart` marks (ratings/split.ts), rows counted in the order of the users. */
export function* markerOf(job: SplitJob, store: Store): Generator<void, Marker> {
  const { test = 0.2, by = 'random', seed = 1 } = job.options;
  if (by === 'random') {
    const isDrawn = yield* drawn(test, seed);
    return marking(({ firstRow }, row) => isDrawn(firstRow + row));
  }
  if (by === 'user') {
    const isDrawn = yield* drawn(test, seed, job.stored.offsets.length - 1);
    return marking(({ users }, row) => isDrawn(users[row]!));
  }
  return by === 'time' ? yield* byTime(job, store, test) : lastOfEach();
}

/** Of the rows of a block, those for which `isTest` is true. */
function marking(isTest: (rows: UsersRead, row: number) => boolean, begin = () => {}): Marker {
  const marksOf = (rows: UsersRead) => Uint8Array.from(rows.users, (_, row) => (isTest(rows, row) ? 1 : 0));
  return { begin, marksOf };
}

/** The latest rating of each user who has two or more; of equal ones the last. */
function lastOfEach(): Marker {
  const marksOf = ({ users, times }: UsersRead) => {
    const marks = new Uint8Array(users.length);
    for (let first = 0, end = 0; first < users.length; first = end) {
      let last = first;
      for (end = first; end < users.length && users[end] === users[first]; end++) {
        if (times![end]! >= times![last]!) last = end;
      }
      if (end - first > 1) marks[last] = 1;
    }
    return marks;
  };
  return { begin: () => {}, marksOf };
}

/** The latest ratings; of those at the bound, the later rows. */
function* byTime(job: SplitJob, store: Store, share: number): Generator<void, Marker> {
  const count = Math.round(share * job.size);
  const { bound, above, ties } = yield* latest(job, store, count);
  const left = ties - (count - above);
  let skipped = 0;
  const isTest = ({ times }: UsersRead, row: number) => {
    const time = times![row]!;
    return time > bound || (time === bound && skipped++ >= left);
  };
  return marking(isTest, () => {
    skipped = 0;
  });
}

/** The time from which on there are `count` ratings: first its upper 16 bits, then its lower ones, by counting. */
function* latest(job: SplitJob, store: Store, count: number) {
  let [prefix, above, ties] = [0, 0, job.size];
  for (const shift of [16, 0]) {
    const counts = yield* digitsOf(job, store, prefix, shift);
    let digit = counts.length - 1;
    while (digit > 0 && above + counts[digit]! < count) above += counts[digit--]!;
    ties = counts[digit]!;
    prefix = prefix * 2 ** 16 + digit;
  }
  return { bound: prefix, above, ties };
}

/** How often each 16 bits occur at `shift` in the times that begin with `prefix`. */
function* digitsOf(job: SplitJob, store: Store, prefix: number, shift: number): Generator<void, Float64Array> {
  const counts = new Float64Array(1 << 16);
  for (const block of userBlocks(job.stored.offsets)) {
    yield;
    for (const time of readUsers(store, job, block).times!) {
      if (shift === 16 || time >>> 16 === prefix) counts[(time >>> shift) & 0xffff]!++;
    }
  }
  return counts;
}
