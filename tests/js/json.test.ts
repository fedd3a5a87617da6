import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Ratings, type ReadOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { streamOf } from './support/streams.js';

const read = (text: string, options?: ReadOptions) => Ratings.fromFile(text, options);
const triples = (ratings: Ratings) => [...ratings].map(({ user, item, rating }) => [user, item, rating]);

const abc = [
  ['ann', 10, 4],
  ['ann', 20, 3.5],
  ['bob', 10, 5],
];
const objects = abc.map(([user, item, rating]) => ({ user, item, rating }));

describe('shapes', () => {
  const column = (place: number) => abc.map((row) => row[place]);
  const texts: [name: string, text: string, titles: string[] | undefined][] = [
    ['an array of objects', JSON.stringify(objects), ['user', 'item', 'rating']],
    ['the same, indented', JSON.stringify(objects, null, 2), ['user', 'item', 'rating']],
    ['an array of arrays', JSON.stringify(abc), undefined],
    [
      'an array of arrays, with titles first',
      JSON.stringify([['user', 'item', 'rating'], ...abc]),
      ['user', 'item', 'rating'],
    ],
    [
      'an object of columns',
      JSON.stringify({ user: column(0), item: column(1), rating: column(2) }),
      ['user', 'item', 'rating'],
    ],
    [
      'the same, indented',
      JSON.stringify({ user: column(0), item: column(1), rating: column(2) }, null, 1),
      ['user', 'item', 'rating'],
    ],
    [
      'an object with the rows in it',
      JSON.stringify({ name: 'mine', ratings: objects }, null, 1),
      ['user', 'item', 'rating'],
    ],
    ['NDJSON of objects', objects.map((row) => JSON.stringify(row)).join('\n'), ['user', 'item', 'rating']],
    [
      'NDJSON of arrays, with blank lines',
      `\n${abc.map((row) => JSON.stringify(row)).join('\r\n\r\n')}\r\n`,
      undefined,
    ],
    [
      'Amazon reviews',
      abc
        .map(([user, item, rating]) =>
          JSON.stringify({ overall: rating, verified: true, reviewerID: user, asin: item, reviewText: 'a {"b": [' }),
        )
        .join('\n'),
      ['overall', 'verified', 'reviewerID', 'asin', 'reviewText'],
    ],
  ];
  test.each(texts)('%s', async (_, text, titles) => {
    const ratings = await read(text);
    expect(triples(ratings)).toEqual(abc);
    expect(ratings.source).toMatchObject({ format: 'json', delimiter: '', compression: 'none' });
    expect(ratings.source!.titles).toEqual(titles);
    const zipped = await Ratings.fromFile(new Blob([new Uint8Array(gzipSync(text))]), { format: 'json' });
    expect(triples(zipped)).toEqual(abc);
    expect(zipped.source!.compression).toBe('gzip');
  });

  test('ids keep their JSON type', async () => {
    const ratings = await read('[{"user": "7", "item": 7}, {"user": 7, "item": "7"}]');
    expect(ratings.users).toEqual(['7', 7]);
    expect(ratings.items).toEqual([7, '7']);
    expect(ratings.implicit).toBe(true);
  });

  test('numbers may be quoted, and times be dates', async () => {
    const ratings = await read('{"user":1,"item":2,"rating":"4.5","time":"1970-01-02"}\n');
    expect([...ratings]).toEqual([{ user: 1, item: 2, rating: 4.5, timestamp: 86_400 }]);
  });

  test('a key that comes late counts, and options override guesses', async () => {
    const rows = [
      { who: 1, what: 2, score: 3 },
      { who: 1, what: 3, score: 4, weight: 5 },
    ];
    const ratings = await read(JSON.stringify(rows), { columns: { user: 'who', item: 'what' } });
    expect(ratings.source).toMatchObject({
      titles: ['who', 'what', 'score', 'weight'],
      columns: { user: 0, item: 1, rating: 2 },
    });
    const error = await failure(() => read(JSON.stringify(rows), { columns: { user: 'whom' } }));
    expect(error.message).toMatch(/a title in the file, 'who', 'what', 'score' or 'weight'; it is 'whom'/);
  });
});

describe('a row that is not a rating', () => {
  const bad: [name: string, text: string, line: number, column: number, message: RegExp][] = [
    [
      'a word',
      '[\n{"user":1,"item":2,"rating":3},\n{"user":1,"item":3,"rating":"good"}]',
      3,
      3,
      /Line 3, column 3 \(rating\): the rating must be .*; it is 'good'/,
    ],
    ['nothing', '{"user":1,"item":2,"rating":3}\n{"user":1,"item":3}\n', 2, 3, /the rating is missing/],
    ['null for a user', '{"user":1,"item":2}\n{"user":null,"item":3}\n', 2, 1, /the user is missing/],
    [
      'a fraction for an item',
      '[[1,2,3],\n[1,2.5,3]]',
      2,
      2,
      /the item must be a non-empty string or a whole number .*; it is 2.5/,
    ],
    ['a number for a row', '{"user":1,"item":2}\n7\n', 2, 1, /the row must be an object or an array; it is 7/],
    ['a line that is cut', '{"user":1,"item":2}\n{"user":1,"it\n{"user":1,"item":4}\n', 2, 1, /not JSON/],
    ['a first line that is cut', '{"user":1,"it\n{"user":1,"item":2}\n{"user":1,"item":4}\n', 1, 1, /not JSON/],
    ['a row that is no JSON', '[{"user":1,"item":2},\n\n {"user":1,"item":x},{"user":1,"item":4}]', 3, 1, /not JSON/],
    ['a comma too many', '[{"user":1,"item":2},\n]', 2, 1, /not JSON/],
  ];
  test.each(bad)('%s is an error with its position, or skipped', async (_, text, line, column, message) => {
    const error = await failure(() => read(text));
    expect(error).toMatchObject({ code: 'parse-error', line, column });
    expect(error.message).toMatch(message);
    const { skipped } = await read(text, { badRows: 'skip' });
    expect(skipped).toMatchObject({ count: 1, first: [{ line, column }] });
  });

  const whole: [name: string, text: string, message: RegExp][] = [
    ['an array that is not closed', '[{"user":1,"item":2},\n{"user":1,"item":3}', /Line 2: the JSON is cut off/],
    ['something after the array', '[{"user":1,"item":2}]\n[1]', /something follows/],
    ['an object that is cut off', '{"user":[1,2],\n"item":[3', /Line 2: the JSON is cut off: its object is not closed/],
    ['columns of two lengths', '{"user":[1,2],"item":[3]}', /'user' has 2 entries and 'item' 1/],
    ['an object without columns', '{\n"user":1,\n"item":2}', /has no array/],
    ['no rows', '[ ]', /must have ratings; it has none/],
    ['other keys', '[{"movieId":1,"title":"x","genres":"y"}]', /no column of/],
    ['a long row', `[{"user":1,"item":"${'x'.repeat(3 << 20)}`, /does not end within a megabyte/],
  ];
  test.each(whole)('%s', async (_, text, message) => {
    const error = await failure(() => read(text));
    expect(error.code).toBe('parse-error');
    expect(error.message).toMatch(message);
  });

  test('a text declared as JSON', async () => {
    expect((await failure(() => read('1,2,3\n', { format: 'json' }))).message).toMatch(
      /must begin with \[ or \{; it begins with '1,2,3/,
    );
  });
});

test('the same ratings, however the bytes are cut', async () => {
  const text = fc.oneof(
    fc.constantFrom('a', '{', '[', '"', '\\', ',', '\\"', 'é', '\n', ']}'),
    fc.string({ minLength: 1 }),
  );
  const id = fc.oneof(
    fc.nat(1e6),
    fc.array(text, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  );
  const row = fc.record({
    user: id,
    item: id,
    rating: fc.integer({ min: -90, max: 90 }).map((tenths) => tenths / 8),
    note: fc.jsonValue(),
  });
  const made = fc.record({
    rows: fc.array(row, { minLength: 2, maxLength: 60 }),
    shape: fc.constantFrom('array', 'indented', 'lines'),
    places: fc.array(fc.nat(20_000), { maxLength: 20 }),
  });
  const property = fc.asyncProperty(made, async ({ rows, shape, places }) => {
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const written = shape === 'lines' ? lines : JSON.stringify(rows, null, shape === 'indented' ? 2 : 0);
    const bytes = Buffer.from(written);
    const ends = [...new Set(places.map((place) => place % bytes.length)), bytes.length].sort((a, b) => a - b);
    const pieces = ends.map((end, index) => new Uint8Array(bytes.subarray(ends[index - 1] ?? 0, end)));
    const ratings = await Ratings.fromFile(streamOf(...pieces), {
      columns: { user: 'user', item: 'item', rating: 'rating', timestamp: null },
    });
    expect([...ratings]).toEqual([...Ratings.from(rows)]);
  });
  await fc.assert(property, { numRuns: 300 });
});

describe('JSON of columns', () => {
  const count = 30_000;
  const numbers = Array.from({ length: count }, (_, row) => row);
  const users = numbers.map((row) => `u${row % 700}, "[{\\`);
  const items = numbers.map((row) => row % 1009);
  const byRow = (cells: unknown[]) => Object.fromEntries(cells.map((cell, row) => [`r${row}`, cell]));
  const texts: [name: string, text: string][] = [
    ['arrays', JSON.stringify({ user: users, about: { note: ['}'] }, item: items, rating: numbers })],
    ['arrays, indented', JSON.stringify({ user: users, item: items, rating: numbers }, null, 1)],
    ['objects by row', JSON.stringify({ user: byRow(users), item: byRow(items), rating: byRow(numbers) })],
    [
      'names, labels and rows',
      JSON.stringify({
        columns: ['user', 'item', 'rating'],
        index: numbers,
        data: numbers.map((row) => [users[row], items[row], row]),
      }),
    ],
    [
      'rows in another object',
      JSON.stringify({
        about: ['x'],
        data: byRow(numbers.map((row) => ({ user: users[row], item: items[row], rating: row }))),
      }),
    ],
  ];

  test.each(texts)('%s, longer than what is read at a time', async (_, text) => {
    const ratings = await read(text);
    const rows = numbers.map((row) => [users[row], items[row], row]);
    expect(triples(ratings)).toEqual(rows);
  });

  test.each(texts)('%s: the signal ends it while they are read, and other tasks have their turn', async (_, text) => {
    const stop = new AbortController();
    let turns = 0;
    const bytes = Buffer.from(text);
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const from = 50_000 * turns++;
        controller.enqueue(new Uint8Array(bytes.subarray(from, from + 50_000)));
        if (turns === 9) stop.abort();
        if (from + 50_000 >= bytes.length) controller.close();
      },
    });
    const error = await failure(() => Ratings.fromFile(stream, { signal: stop.signal }));
    expect(error.code).toBe('aborted');
    expect(turns).toBeLessThan(12);
  });

  test.each([
    ['a comma too many', `{"user":[${numbers.join()},],"item":[${numbers.join()}]}`],
    ['a bracket of another kind', `{"user":[${numbers.join()}},"item":[${numbers.join()}]}`],
    ['a value between commas that is missing', `{"user":[${numbers.join()},,1],"item":[${numbers.join()}]}`],
  ])('%s is an error', async (_, text) => {
    const error = await failure(() => read(text));
    expect(error.code).toBe('parse-error');
    expect(error.message).toMatch(/not JSON/);
  });
});
