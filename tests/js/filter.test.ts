import fc from 'fast-check';
import { type RatingRow, Ratings } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

type Row = [user: number, item: number, rating: number, timestamp: number];

/** Leaves out rows of users and items with too few, over and over, until nothing changes. */
function plainCore(rows: Row[], minPerUser: number, minPerItem: number): Row[] {
  const count = (place: 0 | 1, id: number) => rows.filter((row) => row[place] === id).length;
  const left = rows.filter(([user, item]) => count(0, user) >= minPerUser && count(1, item) >= minPerItem);
  return left.length === rows.length ? rows : plainCore(left, minPerUser, minPerItem);
}

describe('ratings.filter', () => {
  const some = fc.uniqueArray(fc.tuple(fc.nat(7), fc.nat(7), fc.nat(4), fc.nat(9)), {
    selector: ([user, item]) => 8 * user + item,
    minLength: 1,
    maxLength: 50,
  });
  const least = fc.integer({ min: 1, max: 5 });

  test('leaves what filtering over and over leaves', () => {
    let emptied = 0;
    let kept = 0;
    fc.assert(
      fc.property(some, least, least, (rows, minPerUser, minPerItem) => {
        const expected = plainCore(rows, minPerUser, minPerItem);
        const all = Ratings.from(rows as RatingRow[]);
        const filter = () => all.filter({ minPerUser, minPerItem });
        if (expected.length === 0) {
          emptied++;
          expect(filter).toThrow(/filter: minPerUser and minPerItem must leave ratings; .* leave none of \d+/);
          return;
        }
        kept++;
        const left = filter();
        expect([...left].map(({ user, item, rating, timestamp }) => [user, item, rating, timestamp])).toEqual(expected);
        expect(left.users).toEqual(all.users.filter((id) => expected.some(([user]) => user === id)));
        expect(left.items).toEqual(all.items.filter((id) => expected.some(([, item]) => item === id)));
      }),
      { numRuns: 500 },
    );
    expect(Math.min(emptied, kept)).toBeGreaterThan(20);
  });

  test('follows a chain of a hundred thousand, each of which removes the next', () => {
    const length = 100_000;
    // A path user 0 – item 0 – user 1 – item 1 – … has an end with one rating, and then the next.
    const user = Int32Array.from({ length: 2 * length }, (_, row) => (row + 1) >> 1);
    const item = Int32Array.from({ length: 2 * length }, (_, row) => row >> 1);
    const ring = { user: [...user, 1e6, 1e6, 2e6, 2e6], item: [...item, 1e6, 2e6, 1e6, 2e6] };
    const left = Ratings.fromColumns(ring).filter({ minPerUser: 2, minPerItem: 2 });
    expect(left).toMatchObject({ size: 4, users: [1e6, 2e6], items: [1e6, 2e6], implicit: true });
  });

  test('keeps how the file was read, and the rows skipped', async () => {
    const text = 'user,item,rating\na,x,1\na,y,2\nb,x,3\nb,z,bad\nc,z,4\n';
    const ratings = await Ratings.fromFile(text, { badRows: 'skip' });
    const left = ratings.filter({ minPerUser: 2 });
    expect([...left]).toEqual([
      { user: 'a', item: 'x', rating: 1 },
      { user: 'a', item: 'y', rating: 2 },
    ]);
    expect(left.source).toEqual(ratings.source);
    expect(left.skipped.count).toBe(1);
    expect(ratings.size).toBe(4);
    expect(ratings.filter({})).not.toBe(ratings);
    expect([...ratings.filter({})]).toEqual([...ratings]);
  });

  test.each([
    [{ minPerUser: 0 }, /filter: minPerUser must be a whole number of at least 1; it is 0/],
    [{ minPerItem: 1.5 }, /filter: minPerItem must be a whole number of at least 1; it is 1.5/],
    [{ minPerItems: 2 }, /filter has no option 'minPerItems': did you mean 'minPerItem'\?/],
    [undefined, /The options of filter must be an object; they are undefined/],
  ])('refuses %o', async (options, message) => {
    const error = await failure(() => Ratings.from([['a', 'x', 1]]).filter(options as object));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });
});
