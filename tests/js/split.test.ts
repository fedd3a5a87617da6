import { readFileSync } from 'node:fs';
import { Ratings, type SplitOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

interface Golden {
  seed: number;
  share: number;
  size: number;
  test: number[];
}

const golden: Golden[] = JSON.parse(readFileSync(new URL('../golden/split.json', import.meta.url), 'utf8'));

/** As many ratings, each known by its value. */
function numbered(size: number): Ratings {
  const user = Array.from({ length: size }, (_, row) => row % 37);
  const item = Array.from({ length: size }, (_, row) => Math.floor(row / 37));
  return Ratings.fromColumns({ user, item, rating: user.map((_, row) => row) });
}

const values = (ratings: Ratings) => [...ratings].map(({ rating }) => rating);

describe('the random split', () => {
  test.each(golden)('with seed $seed is the one that C++ makes', ({ seed, share, size, test }) => {
    const parts = numbered(size).split({ test: share, seed });
    expect(values(parts.test)).toEqual(test);
    const held = new Set(test);
    expect(values(parts.train)).toEqual(Array.from({ length: size }, (_, row) => row).filter((row) => !held.has(row)));
  });

  test('is a fifth with seed 1 when nothing is said', () => {
    expect(values(numbered(1000).split().test)).toEqual(golden[0]!.test);
  });

  test('leaves in each part only the ids that it rates, and both know their ids', () => {
    const ratings = Ratings.from([
      ['a', 'x', 1],
      ['b', 'y', 2],
      ['c', 'z', 3],
      ['d', 'x', 4],
    ]);
    const { train, test } = ratings.split({ test: 0.5, seed: 3 });
    expect(train.size + test.size).toBe(4);
    for (const part of [train, test]) {
      expect(new Set([...part].map(({ user }) => user))).toEqual(new Set(part.users));
      expect(new Set([...part].map(({ item }) => item))).toEqual(new Set(part.items));
    }
    expect([...train, ...test].sort((a, b) => a.rating - b.rating)).toEqual([...ratings]);
  });
});

describe('splits by time', () => {
  const timed = Ratings.from([
    ['a', 'x', 1, 50],
    ['a', 'y', 2, 10],
    ['b', 'x', 3, 40],
    ['b', 'y', 4, 40],
    ['c', 'x', 5, 20],
  ]);

  test('take the latest; of equal ones the later rows', () => {
    expect(values(timed.split({ by: 'time', test: 0.4 }).test)).toEqual([1, 4]);
    expect(values(timed.split({ by: 'time', test: 0.6 }).test)).toEqual([1, 3, 4]);
  });

  test("or each user's last, where there is another", () => {
    const { train, test } = timed.split({ by: 'leave-last-out' });
    expect(values(test)).toEqual([1, 4]);
    expect(values(train)).toEqual([2, 3, 5]);
  });
});

const bad: [name: string, options: SplitOptions, message: RegExp][] = [
  ['a share of 0', { test: 0 }, /split: test is 0/],
  ['a share of 1', { test: 1 }, /split: test is 1/],
  ['a share that is text', { test: '0.2' as unknown as number }, /split: test is '0\.2'/],
  ['another way', { by: 'user' as 'time' }, /by is 'user'; allowed are/],
  ['a bad seed', { seed: 1.5 }, /seed is 1\.5/],
  ['time without timestamps', { by: 'time' }, /needs timestamps/],
  ['leave-last-out without timestamps', { by: 'leave-last-out' }, /needs timestamps/],
  ['an empty part', { test: 1e-9 }, /the test part would have no rating/],
];
test.each(bad)('split refuses %s', async (_, options, message) => {
  const error = await failure(() => numbered(100).split(options));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(message);
});
