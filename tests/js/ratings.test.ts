import fc from 'fast-check';
import { type Duplicates, type Id, type RatingColumns, type RatingRow, Ratings } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const rows: RatingRow[] = [
  { user: 'ann', item: 'alien', rating: 5 },
  { user: 'bob', item: 'alien', rating: 3.5 },
  ['ann', 'brazil', 1],
];

describe('Ratings.from', () => {
  test('takes objects and tuples, and counts them', () => {
    const ratings = Ratings.from(rows);
    expect(ratings).toMatchObject({ size: 3, userCount: 2, itemCount: 2, implicit: false, hasTimestamps: false });
    expect(ratings.users).toEqual(['ann', 'bob']);
    expect(ratings.items).toEqual(['alien', 'brazil']);
    expect(ratings.mean).toBeCloseTo(9.5 / 3, 12);
    expect(ratings.range).toEqual([1, 5]);
    expect(ratings.source).toBeUndefined();
    expect(ratings.skipped).toEqual({ count: 0, first: [] });
    expect([...ratings][1]).toEqual({ user: 'bob', item: 'alien', rating: 3.5 });
  });

  test('takes any iterable, and 7 and "7" are two ids', () => {
    const made = function* (): Generator<RatingRow> {
      yield [7, 'x', 1, 100];
      yield ['7', 'x', 2, 50];
      yield [0, 'x', 2, 50];
    };
    const ratings = Ratings.from(made());
    expect(ratings.users).toEqual([7, '7', 0]);
    expect([...ratings][0]).toEqual({ user: 7, item: 'x', rating: 1, timestamp: 100 });
  });

  test('pairs without ratings are implicit feedback', () => {
    const ratings = Ratings.from([
      [1, 2],
      [1, 3],
    ]);
    expect(ratings.implicit).toBe(true);
    expect([...ratings].map(({ rating }) => rating)).toEqual([1, 1]);
  });

  test('the ids cannot be changed from outside', () => {
    const { users } = Ratings.from(rows);
    expect(() => (users as Id[]).reverse()).toThrow(TypeError);
  });

  const bad: [name: string, rows: unknown, message: RegExp][] = [
    ['NaN', [...rows, ['cat', 'alien', Number.NaN]], /rating in row 4 must be .*; it is NaN/],
    ['an infinite rating', [['ann', 'alien', Number.POSITIVE_INFINITY]], /rating in row 1 must be .*; it is Infinity/],
    ['not finite as a float32', [['ann', 'alien', 1e39]], /rating in row 1 must be .*; it is 1e\+39/],
    ['a rating that is text', [['ann', 'alien', '5']], /rating in row 1 must be .*; it is '5'/],
    ['no user', [['ann', 'x', 5], { item: 'alien', rating: 5 }], /user in row 2 is missing/],
    ['an empty item', [['ann', '', 5]], /item in row 1 is missing/],
    ['a negative id', [[-3, 'alien', 5]], /user in row 1 must be .*; it is -3/],
    ['a fractional id', [['ann', 1.5, 5]], /item in row 1 must be .*; it is 1\.5/],
    ['an id that is NaN', [[Number.NaN, 'alien', 5]], /user in row 1 must be .*; it is NaN/],
    ['an id too large to be exact', [[2 ** 53, 'alien', 5]], /user in row 1 must be .*; it is 9007199254740992/],
    ['an id that is a bigint', [[7n, 'alien', 5]], /user in row 1 must be .*; it is 7n/],
    [
      'a rating here and none there',
      [
        ['a', 'x', 5],
        ['a', 'y'],
      ],
      /Row 2 has no rating and row 1 has one/,
    ],
    [
      'none here and a rating there',
      [
        ['a', 'x'],
        ['a', 'y', 3],
      ],
      /Row 2 has a rating and row 1 has none/,
    ],
    [
      'a timestamp here and none there',
      [
        ['a', 'x', 5, 1],
        ['a', 'y', 5],
      ],
      /Row 2 has no timestamp/,
    ],
    ['a timestamp that is NaN', [['a', 'x', 5, Number.NaN]], /timestamp in row 1 must be .*; it is NaN/],
    ['nothing', [], /rows must not be empty/],
    ['a row that is none', [['a', 'x', 5], 7], /Row 2 must be .*; it is 7/],
    ['no iterable', { user: 1 }, /rows must be .*; it is an object/],
    ['undefined', undefined, /rows must be .*; it is undefined/],
    ['text', 'user,item', /rows must be .*; it is 'user,item'/],
  ];
  test.each(bad)('refuses %s', async (_, input, message) => {
    const error = await failure(() => Ratings.from(input as RatingRow[]));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });
});

describe('rows and counts', () => {
  const ratings = Ratings.from([
    ['a', 'x', 1, 10],
    ['b', 'x', 2, 20],
    ['b', 'y', 3, 30],
  ]);

  test('a rating by its row', () => {
    expect([0, 1, 2].map((row) => ratings.at(row))).toEqual([...ratings]);
    expect(ratings.at(2)).toEqual({ user: 'b', item: 'y', rating: 3, timestamp: 30 });
  });

  test.each([-1, 3, 0.5, Number.NaN, '1'])('there is no row %s', async (row) => {
    const error = await failure(() => ratings.at(row as number));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(/at: row must be a whole number from 0 to 2; it is/);
  });

  test('how often each item was rated, in a copy', () => {
    expect([...ratings.itemCounts]).toEqual([2, 1]);
    ratings.itemCounts.fill(0);
    expect([...ratings.itemCounts]).toEqual([2, 1]);
  });
});

describe('Ratings.fromColumns', () => {
  test('takes arrays and typed arrays', () => {
    const columns = { user: Int32Array.of(3, 3, 9), item: ['x', 'y', 'x'], rating: Float32Array.of(1, 2, 3) };
    expect([...Ratings.fromColumns(columns)]).toEqual([
      { user: 3, item: 'x', rating: 1 },
      { user: 3, item: 'y', rating: 2 },
      { user: 9, item: 'x', rating: 3 },
    ]);
  });

  const bad: [name: string, columns: unknown, message: RegExp][] = [
    ['unequal lengths', { user: [1, 2], item: [1, 2, 3] }, /user has 2 entries and item 3/],
    ['unequal ratings', { user: [1, 2], item: [1, 2], rating: [1] }, /user has 2 entries and rating 1/],
    ['no items', { user: [1] }, /column item must be .*; it is undefined/],
    ['a string for a column', { user: 'ab', item: [1, 2] }, /column user must be .*; it is 'ab'/],
    ['a bad value', { user: [1, 1], item: [1, 2], rating: [1, Number.NaN] }, /rating\[1\] must be .*; it is NaN/],
    ['a missing value', { user: [1, 1], item: [1, 2], rating: [1, undefined] }, /rating\[1\] is missing/],
    ['a bad id', { user: [1, -1], item: [1, 2] }, /user\[1\] must be .*; it is -1/],
    ['a bad timestamp', { user: [1], item: [1], timestamp: [Number.NaN] }, /timestamp\[0\] must be .*; it is NaN/],
    ['empty columns', { user: [], item: [] }, /columns must not be empty/],
    ['null', null, /columns must be .*; it is null/],
  ];
  test.each(bad)('refuses %s', async (_, columns, message) => {
    const error = await failure(() => Ratings.fromColumns(columns as RatingColumns));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });

  test('takes two million rows', () => {
    const size = 2_000_000;
    const user = Int32Array.from({ length: size }, (_, row) => (row * 7919) % 20_011);
    const item = Int32Array.from({ length: size }, (_, row) => (row * 104_729) % 9973);
    const ratings = Ratings.fromColumns({ user, item, rating: new Float32Array(size).fill(3) });
    expect(ratings).toMatchObject({ size, userCount: 20_011, itemCount: 9973 });
  });
});

describe('duplicates', () => {
  const twice: RatingRow[] = [
    ['a', 'x', 1, 10],
    ['b', 'x', 2, 20],
    ['a', 'x', 4, 30],
  ];

  test('the last rating wins', () => {
    expect([...Ratings.from(twice)]).toEqual([
      { user: 'b', item: 'x', rating: 2, timestamp: 20 },
      { user: 'a', item: 'x', rating: 4, timestamp: 30 },
    ]);
  });

  test('or they add up', () => {
    expect([...Ratings.from(twice, { duplicates: 'sum' })].map(({ rating }) => rating)).toEqual([2, 5]);
  });

  test('or it is an error that names the rows', async () => {
    const error = await failure(() => Ratings.from(twice, { duplicates: 'error' }));
    expect(error.message).toMatch(/User 'a' and item 'x' occur twice, in ratings 1 and 3/);
  });

  test('any other word is an error', async () => {
    const error = await failure(() => Ratings.from(twice, { duplicates: 'newest' as 'last' }));
    expect(error.message).toMatch(
      /duplicates must be 'first', 'last', 'latest', 'sum', 'mean', 'max' or 'error'; it is 'newest'/,
    );
  });

  test("'latest' needs timestamps, whether or not there are duplicates", async () => {
    const error = await failure(() => Ratings.from(rows, { duplicates: 'latest' }));
    expect(error.message).toMatch(
      /duplicates must be 'first', .* or 'error' for ratings without timestamps; it is 'latest'/,
    );
  });

  test('pairs without ratings sum to counts', () => {
    const plays = Ratings.from(
      [
        ['a', 'x'],
        ['b', 'x'],
        ['a', 'x'],
        ['a', 'x'],
      ],
      { duplicates: 'sum' },
    );
    expect(plays.implicit).toBe(true);
    expect([...plays].map(({ rating }) => rating)).toEqual([1, 3]);
  });

  test('a sum beyond float32 is an error', async () => {
    const huge: RatingRow[] = [
      ['a', 'x', 3e38],
      ['a', 'x', 3e38],
    ];
    expect((await failure(() => Ratings.from(huge, { duplicates: 'sum' }))).message).toMatch(/not finite as a float32/);
  });

  const pairs = fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: -8, max: 8 })), {
    minLength: 1,
    maxLength: 60,
  });

  test('agree with a plain Map, whatever the order', () => {
    fc.assert(
      fc.property(pairs, (made) => {
        const last = new Map<string, number>();
        const sum = new Map<string, number>();
        for (const [user, item, rating] of made) {
          const pair = `${user} ${item}`;
          last.delete(pair);
          last.set(pair, rating);
          sum.set(pair, (sum.get(pair) ?? 0) + rating);
        }
        const entries = (ratings: Ratings) => [...ratings].map(({ user, item, rating }) => [`${user} ${item}`, rating]);
        expect(entries(Ratings.from(made))).toEqual([...last]);
        const summed = entries(Ratings.from(made, { duplicates: 'sum' }));
        expect(summed).toEqual([...last.keys()].map((pair) => [pair, sum.get(pair)]));
        const hasNone = last.size === made.length;
        if (hasNone) Ratings.from(made, { duplicates: 'error' });
        else expect(() => Ratings.from(made, { duplicates: 'error' })).toThrow(/occur twice/);
      }),
    );
  });

  type Timed = [user: number, item: number, rating: number, timestamp: number];
  /** What each policy makes of all rows of a pair, in their order. */
  const PLAIN: { [policy in Exclude<Duplicates, 'error'>]: (rows: Timed[]) => Timed } = {
    first: (rows) => rows[0]!,
    last: (rows) => rows.at(-1)!,
    latest: (rows) => rows.reduce((best, row) => (row[3] >= best[3] ? row : best)),
    sum: (rows) => merged(rows, (values) => values.reduce((sum, value) => Math.fround(sum + value), 0)),
    mean: (rows) => merged(rows, (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    max: (rows) => merged(rows, (values) => Math.max(...values)),
  };
  function merged(rows: Timed[], value: (values: number[]) => number): Timed {
    const [user, item] = rows[0]!;
    return [user, item, Math.fround(value(rows.map((row) => row[2]))), Math.max(...rows.map((row) => row[3]))];
  }
  // −0 is written as 0 in a file.
  const rating = fc.float({ min: -9, max: 9, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const timed = fc.array(fc.tuple(fc.nat(4), fc.nat(4), rating, fc.nat(5)), { minLength: 1, maxLength: 60 });

  test.each(Object.entries(PLAIN))("'%s' is the plain formula over all rows of a pair", async (policy, plain) => {
    const check = (made: Timed[], ratings: Ratings) => {
      const groups = new Map<string, Timed[]>();
      for (const row of made) {
        const pair = `${row[0]} ${row[1]}`;
        groups.set(pair, [...(groups.get(pair) ?? []), row]);
      }
      const expected = new Map([...groups].map(([pair, rows]) => [pair, plain(rows)]));
      const found = [...ratings].map(({ user, item, rating, timestamp }) => [user, item, rating, timestamp]);
      expect(new Map(found.map((row) => [`${row[0]} ${row[1]}`, row]))).toEqual(expected);
      expect(ratings.size).toBe(expected.size);
    };
    const duplicates = policy as Duplicates;
    fc.assert(fc.property(timed, (made) => check(made, Ratings.from(made, { duplicates }))));
    await fc.assert(
      fc.asyncProperty(timed, async (made) => {
        const text = `user,item,rating,timestamp\n${made.map((row) => row.join()).join('\n')}\n`;
        check(made, await Ratings.fromFile(text, { duplicates }));
      }),
      { numRuns: 20 },
    );
  });

  test('every remaining id has a rating', () => {
    fc.assert(
      fc.property(pairs, (made) => {
        const ratings = Ratings.from(made);
        expect(new Set([...ratings].map(({ user }) => user))).toEqual(new Set(ratings.users));
        expect(new Set([...ratings].map(({ item }) => item))).toEqual(new Set(ratings.items));
      }),
    );
  });
});

describe('Ratings.sample', () => {
  test('has the requested size, and is the same for the same seed', async () => {
    const [one, same, other] = await Promise.all([
      Ratings.sample('tiny', { seed: 5 }),
      Ratings.sample('tiny', { seed: 5 }),
      Ratings.sample('tiny', { seed: 6 }),
    ]);
    expect([...one]).toEqual([...same]);
    expect([...one]).not.toEqual([...other]);
    expect([...one.users].sort((a, b) => Number(a) - Number(b))[0]).toBe(1);
  });

  test('has the shape of MovieLens 100K by default', async () => {
    const ratings = await Ratings.sample();
    expect(ratings.size).toBeGreaterThan(90_000);
    expect(ratings.range).toEqual([0.5, 5]);
  });

  test('gives the factors that it was made from, which explain its ratings', async () => {
    const [ratings, planted, others] = await Promise.all([
      Ratings.sample('ml100k', { seed: 5 }),
      Ratings.sampleItemFactors('ml100k', { seed: 5 }),
      Ratings.sampleItemFactors('ml100k', { seed: 6 }),
    ]);
    expect(planted).toMatchObject({ rows: 1682, columns: 16 });
    expect(planted.data.length).toBe(1682 * 16);
    // Squared correlations of the users' ratings with these factors, summed; with the factors of another seed they are due to chance.
    const shared = ({ columns, data }: { columns: number; data: Float32Array }) => {
      const sums = new Map<unknown, Float64Array>();
      for (const { user, item, rating } of ratings) {
        const sum = sums.get(user) ?? new Float64Array(columns);
        for (let k = 0; k < columns; k++) sum[k]! += (rating - ratings.mean) * data[(Number(item) - 1) * columns + k]!;
        sums.set(user, sum);
      }
      return [...sums.values()].reduce(
        (total, sum) => total + sum.reduce((squares, value) => squares + value ** 2, 0),
        0,
      );
    };
    expect(shared(planted)).toBeGreaterThan(2 * shared(others));
  });

  test('refuses other sizes and seeds', async () => {
    expect((await failure(() => Ratings.sample('huge' as 'tiny'))).message).toMatch(
      /size must be 'tiny'.*; it is 'huge'/,
    );
    expect((await failure(() => Ratings.sample('tiny', { seed: -1 }))).message).toMatch(
      /seed must be a whole number from 0 to 2\^53 − 1; it is -1/,
    );
    expect((await failure(() => Ratings.sampleItemFactors('tiny', { seed: -1 }))).message).toMatch(
      /seed must be a whole number from 0 to 2\^53 − 1; it is -1/,
    );
  });
});
