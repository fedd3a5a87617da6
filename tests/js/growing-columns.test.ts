import { Ratings } from 'matfac';
import { expect, test } from 'vitest';
import { atOnce } from '../../bindings/js/base/pause.js';
import { GrowingColumns, SLICE_ROWS } from '../../bindings/js/ratings/columns.js';

/** Rows whose cells are made from their number; some are pushed and the others filled in place, in parts of uneven size. */
function grown(size: number, expected: number): GrowingColumns {
  const columns = new GrowingColumns(true, expected);
  let row = 0;
  for (let part = 1; row < size; part = (7 * part + 1) % 4001) {
    columns.push(row, row + 1, row % 5, 2 * row);
    row++;
    for (let left = Math.min(part, size - row); left > 0; ) {
      const { users, items, values, timestamps } = columns.open(left);
      for (let at = 0; at < values.length; at++, row++) {
        users[at] = row;
        items[at] = row + 1;
        values[at] = row % 5;
        timestamps![at] = 2 * row;
      }
      left -= values.length;
    }
  }
  return columns;
}

test.each([
  ['as many as expected', 300_000, 300_000],
  ['a few more', 300_000, 299_999],
  ['many more', 500_000, 200_000],
  ['far fewer', 1000, 400_000],
  ['none expected', 300_000, 0],
  ['more than any memory holds', 1000, 2 ** 50],
  ['a whole number of blocks', 2 * SLICE_ROWS, 0],
])('rows are kept in their order: %s', (_, size, expected) => {
  const columns = grown(size, expected);
  expect(columns.size).toBe(size);
  const { users, items, values, timestamps } = atOnce(columns.finish());
  expect([users, items, values, timestamps].map((column) => column?.length)).toEqual(Array(4).fill(size));
  const isRight = (row: number) =>
    users[row] === row && items[row] === row + 1 && values[row] === row % 5 && timestamps![row] === 2 * row;
  // A matcher per row, or one for whole columns, takes seconds.
  expect(Array.from(users.keys()).filter((row) => !isRight(row))).toEqual([]);
});

test.each([
  ['long lines first', [90, 7]],
  ['short lines first', [7, 90]],
])('a file whose first lines mislead about its length is read whole: %s', async (_, [first = 0, then = 0]) => {
  const lines = Array.from({ length: 200_000 }, (_, row) => {
    const line = `${row % 50_000},${row % 977},${1 + (row % 5)}`;
    return `${line},${'x'.repeat(Math.max(1, (row < 20_000 ? first : then) - line.length))}`;
  });
  const ratings = await Ratings.fromFile(new Blob([`user,item,rating,comment\n${lines.join('\n')}`]));
  expect(ratings.size).toBe(200_000);
  for (const row of [0, 19_999, 20_000, 199_999]) {
    expect(ratings.at(row)).toEqual({ user: row % 50_000, item: row % 977, rating: 1 + (row % 5) });
  }
});
