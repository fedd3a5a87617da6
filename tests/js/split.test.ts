import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type Rating, Ratings, type SplitOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

interface Golden {
  seed: number;
  share: number;
  size: number;
  test: number[];
}

const golden: Golden[] = JSON.parse(readFileSync(new URL('../golden/split.json', import.meta.url), 'utf8'));

/** This number of ratings, each identified by its value. */
function numbered(size: number): Ratings {
  const user = Array.from({ length: size }, (_, row) => row % 37);
  const item = Array.from({ length: size }, (_, row) => Math.floor(row / 37));
  return Ratings.fromColumns({ user, item, rating: user.map((_, row) => row) });
}

const values = (ratings: Ratings) => [...ratings].map(({ rating }) => rating);

describe('the random split', () => {
  test.each(golden)('with seed $seed is that of C++', ({ seed, share, size, test }) => {
    const parts = numbered(size).split({ test: share, seed });
    expect(values(parts.test)).toEqual(test);
    const held = new Set(test);
    expect(values(parts.train)).toEqual(Array.from({ length: size }, (_, row) => row).filter((row) => !held.has(row)));
  });

  test('is a fifth with seed 1 by default', () => {
    expect(values(numbered(1000).split().test)).toEqual(golden[0]!.test);
  });

  test('keeps in each part only the ids that have ratings there', () => {
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

  test('hold out the latest ratings, and the later rows of equal times', () => {
    expect(values(timed.split({ by: 'time', test: 0.4 }).test)).toEqual([1, 4]);
    expect(values(timed.split({ by: 'time', test: 0.6 }).test)).toEqual([1, 3, 4]);
  });

  test("or each user's last rating, if the user has another", () => {
    const { train, test } = timed.split({ by: 'leave-last-out' });
    expect(values(test)).toEqual([1, 4]);
    expect(values(train)).toEqual([2, 3, 5]);
  });
});

/** Random ratings, each pair once and identified by its value; there are few times, so that many are equal. */
const someRatings = fc
  .uniqueArray(fc.tuple(fc.nat(7), fc.nat(9), fc.nat(5)), {
    minLength: 2,
    selector: ([user, item]) => 10 * user + item,
  })
  .map((rows) =>
    rows.map(([user, item, time], row) => [`u${user}`, item, row, time] as [string, number, number, number]),
  );
const ways = fc.constantFrom('random', 'time', 'leave-last-out', 'user' as const);
const shares = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const seeds = fc.nat(2 ** 32);

/** The parts; null if one would be empty, which is an error that says so. */
function partsOf(ratings: Ratings, options: SplitOptions): { train: Rating[]; test: Rating[] } | null {
  try {
    const { train, test } = ratings.split(options);
    return { train: [...train], test: [...test] };
  } catch (error) {
    expect((error as Error).message).toMatch(/part would have none of the \d+ ratings/);
    return null;
  }
}

describe('whatever the ratings, every split', () => {
  test('has each rating in one part, in the same order, and is reproducible', () => {
    fc.assert(
      fc.property(someRatings, ways, shares, seeds, (rows, by, share, seed) => {
        const ratings = Ratings.from(rows);
        const parts = partsOf(ratings, { by, test: share, seed });
        expect(partsOf(Ratings.from(rows), { by, test: share, seed })).toEqual(parts);
        if (!parts) return;
        const byValue = (a: Rating, b: Rating) => a.rating - b.rating;
        for (const part of [parts.train, parts.test]) expect(part).toEqual(part.toSorted(byValue));
        expect([...parts.train, ...parts.test].sort(byValue)).toEqual([...ratings]);
      }),
    );
  });

  test('by time holds out the requested share, and no rating older than those to train on', () => {
    fc.assert(
      fc.property(someRatings, shares, (rows, share) => {
        const parts = partsOf(Ratings.from(rows), { by: 'time', test: share });
        const size = Math.round(share * rows.length);
        expect(parts?.test.length ?? (size === 0 ? 0 : rows.length)).toBe(size);
        if (!parts) return;
        const times = (part: Rating[]) => part.map(({ timestamp }) => timestamp!);
        expect(Math.max(...times(parts.train))).toBeLessThanOrEqual(Math.min(...times(parts.test)));
      }),
    );
  });

  test('holds out one rating of each user with two or more, and none of that user is later', () => {
    fc.assert(
      fc.property(someRatings, (rows) => {
        const parts = partsOf(Ratings.from(rows), { by: 'leave-last-out' });
        const users = rows.map(([user]) => user);
        const frequent = [...new Set(users.filter((user, row) => users.indexOf(user) < row))];
        expect(parts?.test.map(({ user }) => user).sort() ?? []).toEqual(frequent.sort());
        for (const last of parts?.test ?? []) {
          for (const { user, timestamp } of parts!.train) {
            if (user === last.user) expect(timestamp).toBeLessThanOrEqual(last.timestamp!);
          }
        }
      }),
    );
  });

  test('by user holds out the share of the users, with all their ratings', () => {
    fc.assert(
      fc.property(someRatings, shares, seeds, (rows, share, seed) => {
        const ratings = Ratings.from(rows);
        const parts = partsOf(ratings, { by: 'user', test: share, seed });
        const count = Math.round(share * ratings.userCount);
        expect(parts !== null).toBe(count > 0 && count < ratings.userCount);
        if (!parts) return;
        const held = new Set(parts.test.map(({ user }) => user));
        expect(held.size).toBe(count);
        expect(parts.train.filter(({ user }) => held.has(user))).toEqual([]);
      }),
    );
  });

  test('at random has about the requested share, and differs with another seed', () => {
    const ratings = numbered(20_000);
    const users = Ratings.from(Array.from({ length: 500 }, (_, user) => [user, user % 7, user]));
    fc.assert(
      fc.property(shares, seeds, (share, seed) => {
        // Six standard deviations of a binomial share.
        const slack = 6 * Math.sqrt((share * (1 - share)) / 20_000);
        const drawn = ratings.split({ test: share, seed });
        expect(Math.abs(drawn.test.size / 20_000 - share)).toBeLessThan(slack);
        expect(values(ratings.split({ test: share, seed: seed + 1 }).test)).not.toEqual(values(drawn.test));
        const others = [seed, seed + 1].map((each) => values(users.split({ by: 'user', test: 0.3, seed: each }).test));
        expect(others[0]).not.toEqual(others[1]);
      }),
      { numRuns: 20 },
    );
  });
});

const bad: [name: string, options: SplitOptions, message: RegExp][] = [
  ['a share of 0', { test: 0 }, /split: test must be .*; it is 0/],
  ['a share of 1', { test: 1 }, /split: test must be .*; it is 1/],
  ['a share that is text', { test: '0.2' as unknown as number }, /split: test must be .*; it is '0\.2'/],
  ['another way', { by: 'users' as 'user' }, /by must be 'random', .* or 'user'; it is 'users'/],
  ['another option', { share: 0.2 } as SplitOptions, /split has no option 'share'/],
  ['a bad seed', { seed: 1.5 }, /seed must be .*; it is 1\.5/],
  ['time without timestamps', { by: 'time' }, /needs timestamps/],
  ['leave-last-out without timestamps', { by: 'leave-last-out' }, /needs timestamps/],
  ['no user at all', { by: 'user', test: 0.001 }, /the test part would have none of the \d+ ratings/],
  ['an empty part', { test: 1e-9 }, /the test part would have none of the \d+ ratings/],
];
test.each(bad)('split refuses %s', async (_, options, message) => {
  const error = await failure(() => numbered(100).split(options));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(message);
});

describe('splitAsync', () => {
  const ratings = Ratings.fromColumns({
    user: Array.from({ length: 300_000 }, (_, row) => `user ${(row * 7919) % 9973}`),
    item: Array.from({ length: 300_000 }, (_, row) => row),
    timestamp: Array.from({ length: 300_000 }, (_, row) => (row * 31) % 1009),
  });
  const parts = ({ train, test }: { train: Ratings; test: Ratings }) =>
    [train, test].map((part) => ({ users: part.users, items: part.items, rows: [...part] }));

  test.each(['random', 'time', 'leave-last-out', 'user'] as const)('by %s gives the parts of split', async (by) => {
    const options = { by, test: 0.3, seed: 5 };
    const both = await ratings.splitAsync(options);
    expect(both.train.size + both.test.size).toBe(ratings.size);
    expect(JSON.stringify(parts(both)) === JSON.stringify(parts(ratings.split(options)))).toBe(true);
  });

  test('other tasks run in between', async () => {
    const many = 4_000_000;
    const user = new Int32Array(many).map((_, row) => row % 50_000);
    const item = new Int32Array(many).map((_, row) => Math.floor(row / 50_000));
    let turns = 0;
    const timer = setInterval(() => turns++);
    await Ratings.fromColumns({ user, item }).splitAsync();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });

  test('errors', async () => {
    const stop = new AbortController();
    const splitting = ratings.splitAsync({ signal: stop.signal });
    stop.abort();
    expect((await failure(() => splitting)).code).toBe('aborted');
    expect((await failure(() => ratings.splitAsync({ signal: AbortSignal.abort() }))).code).toBe('aborted');
    for (const [options, message] of [
      [{ share: 0.2 }, /splitAsync has no option 'share'/],
      [{ test: 2 }, /split: test must be .*; it is 2/],
      [{ signal: 'now' }, /splitAsync: signal must be an AbortSignal; it is 'now'/],
      [{ test: 1e-9 }, /the test part would have none of the \d+ ratings/],
    ] as const) {
      const error = await failure(() => ratings.splitAsync(options as never));
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toMatch(message);
    }
  });
});
