import { zipSync } from 'fflate';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { Ratings, type ReadOptions, type ReadProgress } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

type Parts = Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'>;
const write = (columnData: ColumnSource[], options: Parts = {}) =>
  new Blob([parquetWriteBuffer({ columnData, ...options })]);
const read = (blob: Blob, options?: ReadOptions) => Ratings.fromFile(blob, options);

const rows = Array.from({ length: 1000 }, (_, row) => ({
  user: row % 70,
  item: (7 * row) % 110,
  rating: (row % 9) / 2 + 0.5,
}));
const columns = (): ColumnSource[] => [
  { name: 'rating', data: rows.map(({ rating }) => rating), type: 'DOUBLE' },
  { name: 'userId', data: rows.map(({ user }) => user), type: 'INT32' },
  { name: 'note', data: rows.map((_, row) => `row ${row}`), type: 'STRING' },
  { name: 'movieId', data: rows.map(({ item }) => BigInt(item)), type: 'INT64' },
];
const expected = () => [...Ratings.from(rows)];

test.each([
  ['plain', { codec: 'UNCOMPRESSED' }],
  ['snappy', { codec: 'SNAPPY' }],
  ['in groups of rows', { codec: 'SNAPPY', rowGroupSize: 130 }],
] as [string, Parts][])('reads Parquet, %s', async (_, options) => {
  const ratings = await read(write(columns(), options));
  expect([...ratings]).toEqual(expected());
  expect(ratings.source).toEqual({
    format: 'parquet',
    delimiter: '',
    compression: 'none',
    notes: [],
    titles: ['rating', 'userId', 'note', 'movieId'],
    columns: { user: 1, item: 3, rating: 0 },
  });
});

test('only the necessary ranges of a Blob are read', async () => {
  const text = { name: 'text', data: rows.map((_, row) => `${row}`.repeat(500)), type: 'STRING' } as ColumnSource;
  const file = write([...columns(), text], { codec: 'UNCOMPRESSED' });
  let taken = 0;
  class Watched extends Blob {
    override slice(start?: number, end?: number): Blob {
      const part = file.slice(start, end);
      taken += part.size;
      return part;
    }
    override get size() {
      return file.size;
    }
  }
  expect([...(await read(new Watched()))]).toEqual(expected());
  // Its last half megabyte and some columns.
  expect(file.size).toBeGreaterThan(1_400_000);
  expect(taken).toBeLessThan(700_000 + (1 << 21));
});

test('in a zip archive, and from a stream', async () => {
  const bytes = new Uint8Array(await write(columns()).arrayBuffer());
  const zipped = await read(new Blob([new Uint8Array(zipSync({ 'data/ratings.parquet': bytes }))]));
  expect([...zipped]).toEqual(expected());
  expect(zipped.source).toMatchObject({ format: 'parquet', compression: 'zip', file: 'data/ratings.parquet' });
  expect([...(await Ratings.fromFile(new Response(bytes)))]).toEqual(expected());
});

test('strings, large whole numbers, dates, and no ratings', async () => {
  const ratings = await read(
    write([
      { name: 'customer_id', data: ['ann', 'bob', '7'], type: 'STRING' },
      { name: 'asin', data: [5n, 9007199254740993n, -1n], type: 'INT64' },
      { name: 'bought', data: [new Date(0), new Date(60_000), new Date(1_500)], type: 'TIMESTAMP' },
    ]),
  );
  expect(ratings.implicit).toBe(true);
  expect([...ratings]).toEqual([
    { user: 'ann', item: 5, rating: 1, timestamp: 0 },
    { user: 'bob', item: '9007199254740993', rating: 1, timestamp: 60 },
    { user: '7', item: '-1', rating: 1, timestamp: 1.5 },
  ]);
});

test('columns by option, and in their order if their names say nothing', async () => {
  const file = write([
    { name: 'a', data: [1, 2], type: 'INT32' },
    { name: 'b', data: ['x', 'y'], type: 'STRING' },
    { name: 'c', data: [4.5, 3], type: 'FLOAT' },
    { name: 'd', data: ['u', 'v'], type: 'STRING' },
  ]);
  const { source } = await read(file);
  expect(source!.columns).toEqual({ user: 0, item: 1 });
  expect(source!.notes.map(({ code }) => code)).toEqual(['column-guessed', 'implicit']);
  expect((await read(file, { columns: { user: 'd', rating: null } })).source!.columns).toMatchObject({
    user: 3,
    item: 0,
  });
  const error = await failure(() => read(file, { columns: { user: 'who' } }));
  expect(error).toMatchObject({
    code: 'invalid-argument',
    message: /'who'; the titles in the file are 'a', 'b', 'c', 'd'/,
  });
});

describe('a row that is not a rating', () => {
  const file = () =>
    write([
      { name: 'user', data: ['ann', 'bob', null, 'cat'], type: 'STRING' },
      { name: 'item', data: [1, 2, 3, 4], type: 'INT32' },
      { name: 'rating', data: [5, Number.NaN, 3, 1], type: 'DOUBLE' },
    ]);

  test('is an error with its row and column, or skipped', async () => {
    expect(await failure(() => read(file()))).toMatchObject({
      code: 'parse-error',
      line: 2,
      column: 3,
      message: /^Row 2, column 3 \(rating\): the rating is NaN/,
    });
    const { skipped, size } = await read(file(), { badRows: 'skip' });
    expect({ size, skipped }).toMatchObject({
      size: 2,
      skipped: {
        count: 2,
        first: [
          { line: 2, column: 3 },
          { line: 3, column: 1, reason: 'the user is missing' },
        ],
      },
    });
  });

  test.each([10, 100, 1000])('a file that is cut off by %i bytes', async (bytes) => {
    const whole = write(columns());
    const error = await failure(() => read(whole.slice(0, whole.size - bytes)));
    expect(error).toMatchObject({ code: 'parse-error', message: /Parquet file is damaged or cut off/ });
  });

  test('a file with wrong bytes in it', async () => {
    const bytes = new Uint8Array(await write(columns()).arrayBuffer());
    bytes.fill(0xff, 8, 400);
    expect(await failure(() => read(new Blob([bytes])))).toMatchObject({ code: 'parse-error', message: /damaged/ });
  });

  test('a file without a column of users', async () => {
    const titles = write([
      { name: 'movieId', data: [1, 2], type: 'INT32' },
      { name: 'title', data: ['x', 'y'], type: 'STRING' },
      { name: 'genres', data: ['x', 'y'], type: 'STRING' },
    ]);
    const error = await failure(() => read(titles));
    expect(error).toMatchObject({ code: 'parse-error', message: /^The Parquet file: no column of users found among/ });
  });

  test('Parquet declared as another format', async () => {
    expect((await failure(() => read(file(), { format: 'csv' }))).message).toMatch(/must be csv; it is Parquet/);
  });
});

test('it reports its progress and stops at the signal', async () => {
  const many = Array.from({ length: 300_000 }, (_, row) => row);
  const file = write(
    [
      { name: 'user', data: many.map((row) => row % 999), type: 'INT32' },
      { name: 'item', data: many, type: 'INT32' },
    ],
    { rowGroupSize: 20_000 },
  );
  const told: ReadProgress[] = [];
  await read(file, { onProgress: (progress) => told.push(progress) });
  expect(told.at(-1)).toEqual({ bytes: file.size, totalBytes: file.size, rows: 300_000 });
  const stop = new AbortController();
  stop.abort();
  expect((await failure(() => read(file, { signal: stop.signal }))).code).toBe('aborted');
});
