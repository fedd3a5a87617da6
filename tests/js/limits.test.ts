/** What a file may take, and time that grows with its size and not with the square of it. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { Model, Ratings, Titles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../bindings/js/base/checks.js';
import { ConsecutiveIds } from '../../bindings/js/ratings/consecutive-ids.js';
import { IdMap } from '../../bindings/js/ratings/id-map.js';
import { GrowingIds, type Id } from '../../bindings/js/ratings/ids.js';
import { failure } from './support/failure.js';

const rows = Array.from({ length: 30 }, (_, row) => [row % 6, 100 + row, 1 + (row % 5)] as const);
const csv = `user,item,rating\n${rows.map((row) => row.join()).join('\n')}\n`;
const json = JSON.stringify(rows.map(([user, item, rating]) => ({ user, item, rating })));
const column = (name: string, place: 0 | 1 | 2): ColumnSource => ({
  name,
  data: rows.map((row) => row[place]),
  type: 'INT32',
});
const parquet = new Uint8Array(
  parquetWriteBuffer({ columnData: [column('user', 0), column('item', 1), column('rating', 2)] }),
);
const FILES = { csv: new Blob([csv]), json: new Blob([json]), parquet: new Blob([parquet]) };

describe.each(Object.entries(FILES))('%s', (_, file) => {
  test.each([
    ['rows', 30, 'at most 29 rows'],
    ['ids', 30, 'at most 29 users and 29 items'],
  ])('%s', async (name, enough, most) => {
    expect((await Ratings.fromFile(file, { limits: { [name]: enough } })).size).toBe(30);
    const error = await failure(() => Ratings.fromFile(file, { limits: { [name]: enough - 1 } }));
    const advice = `it has more: raise limits.${name} if there is memory for it`;
    const message = `The file must have ${most}, which is limits.${name}; ${advice}`;
    expect(error).toMatchObject({ code: 'out-of-memory', message });
  });
});

const packed = (bytes: Uint8Array | Buffer) => new Blob([bytes as Uint8Array<ArrayBuffer>]);
test.each([
  ['plain', FILES.csv],
  ['gzip', packed(gzipSync(csv))],
  ['zip', packed(zipSync({ 'ratings.csv': new TextEncoder().encode(csv) }))],
])('bytes after decompression: %s', async (_, file) => {
  expect((await Ratings.fromFile(file, { limits: { bytes: csv.length } })).size).toBe(30);
  const error = await failure(() => Ratings.fromFile(file, { limits: { bytes: csv.length - 1 } }));
  expect(error.code).toBe('out-of-memory');
  expect(error.message).toContain(`at most ${csv.length - 1} bytes after decompression, which is limits.bytes`);
});

test('a text that becomes a thousand times as long is refused unless the caller allows it', async () => {
  const bomb = packed(gzipSync(Buffer.alloc(2 ** 28 + 2 ** 16, '1,1,5\n')));
  expect(bomb.size).toBeLessThan(2 ** 20);
  const error = await failure(() => Ratings.fromFile(bomb));
  expect(error).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/at most 268435456 bytes/) });
});

test('seconds hold for a source that never ends, and for one that says nothing', async () => {
  const line = new TextEncoder().encode('1,2,3\n');
  const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(line) });
  const silent = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(line) });
  const message = 'The file must be read in 0.2 s, which is limits.seconds; it takes more: raise limits.seconds';
  for (const source of [endless, silent]) {
    const error = await failure(() => Ratings.fromFile(source, { limits: { seconds: 0.2 } }));
    expect(error).toMatchObject({ code: 'aborted', message });
  }
});

test('a signal is heard beside a limit of seconds', async () => {
  const silent = new ReadableStream<Uint8Array>({});
  const controller = new AbortController();
  const reading = failure(() => Ratings.fromFile(silent, { limits: { seconds: 3600 }, signal: controller.signal }));
  controller.abort();
  expect(await reading).toMatchObject({ code: 'aborted', message: 'Reading was cancelled' });
});

test.each([
  [{ bytes: 0 }, 'limits.bytes must be a whole number of at least 1; it is 0'],
  [{ rows: 1.5 }, 'limits.rows must be a whole number of at least 1; it is 1.5'],
  [{ ids: '7' }, "limits.ids must be a whole number of at least 1; it is '7'"],
  [{ seconds: 0 }, 'limits.seconds must be a number above 0; it is 0'],
  [{ seconds: Number.NaN }, 'limits.seconds must be a number above 0; it is NaN'],
  [{ byte: 1 }, "limits has no option 'byte': did you mean 'bytes'? There are bytes, rows, ids, seconds"],
  [7, 'The options of limits must be an object; they are 7'],
])('limits that are not allowed: %j', async (limits, message) => {
  const error = await failure(() => Ratings.fromFile(csv, { limits: limits as never }));
  expect(error).toMatchObject({ code: 'invalid-argument', message });
});

describe('titles', () => {
  const titles = ['movieId,title', '1,A', '2,B', '3,C'].join('\n');
  test.each([
    ['CSV', titles],
    ["MovieLens's own format", 'movieId::title\n1::A\n2::B\n3::C'],
    ['JSON', '[{"id":1,"title":"A"},{"id":2,"title":"B"},{"id":3,"title":"C"},{"id":4,"title":"D"}]'],
  ])('%s', async (_, text) => {
    expect((await Titles.fromFile(text, { limits: { rows: 4 } })).get(3)).toMatchObject({ title: 'C' });
    const error = await failure(() => Titles.fromFile(text, { limits: { rows: 3 } }));
    expect(error).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/at most 3 rows/) });
  });

  test('bytes', async () => {
    const error = await failure(() => Titles.fromFile(titles, { limits: { bytes: 10 } }));
    expect(error).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/limits\.bytes/) });
    expect((await failure(() => Titles.fromFile(titles, { limits: { ids: 3 } as never }))).code).toBe(
      'invalid-argument',
    );
  });

  test('empty lines are none, however many there are', async () => {
    const file = Buffer.concat([Buffer.from('1::A'), Buffer.alloc(2 ** 24, '\n'), Buffer.from('2::B')]);
    expect([...(await Titles.fromFile(packed(gzipSync(file))))].map(([id]) => id)).toEqual([1, 2]);
  });
});

test('the bytes of a model of another library', async () => {
  const npz = zipSync({ 'user_factors.npy': new Uint8Array(5000), 'item_factors.npy': new Uint8Array(5000) });
  const error = await failure(() => Model.fromFile(npz, { format: 'implicit', limits: { bytes: 9999 } }));
  expect(error).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/at most 9999 bytes/) });
  expect((await failure(() => Model.fromFile(npz, { format: 'implicit', limits: { bytes: 10_000 } }))).code).toBe(
    'parse-error',
  );
});

// Each of these took minutes and more when its time was the square of its size; the limit of a test is half a minute.
describe('time in proportion to the size', () => {
  test('an archive of long names', async () => {
    const names = Array.from({ length: 100 }, (_, number) => `${'play'.repeat(16_000)}${number}`);
    const archive = packed(zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array()])), { level: 0 }));
    const error = await failure(() => Ratings.fromFile(archive));
    expect(error.message).toMatch(/no file of ratings was found/);
    expect(error.message.length).toBeLessThan(2000);
    const other = await failure(() => Ratings.fromFile(archive, { file: 'x'.repeat(1e6) }));
    expect(other.message).toMatch(/^file must be in the zip archive; it is 'x+…'; did you mean 'play/);
    expect(other.message.length).toBeLessThan(2000);
  });

  test('JSON without newlines', async () => {
    const rows = Array.from({ length: 400_000 }, (_, row) => `[1,${row},3]`);
    expect((await Ratings.fromFile(new Blob([`[${rows.join()}]`]))).size).toBe(rows.length);
  });

  test('the nearest of names of ten megabytes', async () => {
    expect(nearest('b'.repeat(1e7), ['a'.repeat(1e7), `b${'c'.repeat(1e7)}`])).toMatch(/^bc/);
    const error = await failure(() => Ratings.fromFile(csv, { ['x'.repeat(1e7)]: 1 } as never));
    expect(error.message).toMatch(/^fromFile has no option 'x+…'/);
    expect(error.message.length).toBeLessThan(1000);
  });
});

describe('ids', () => {
  test('an index has as many Maps as it needs', () => {
    const map = new IdMap(3);
    for (let index = 0; index < 10; index++) map.set(`id ${index}`, index);
    expect(Array.from({ length: 11 }, (_, index) => map.get(`id ${index}`))).toEqual([
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      undefined,
    ]);
  });

  test('consecutive numbers are found as in a list of them', () => {
    const [consecutive, listed] = [new ConsecutiveIds(5, 4), GrowingIds.from([5, 6, 7, 8])];
    expect([consecutive.size, consecutive.list, consecutive.at(2)]).toEqual([4, listed.list, 7]);
    for (const id of [4, 5, 8, 9, 5.5, '6', '7.0', '07', 'a', '', Number.NaN, -1] as Id[]) {
      expect(consecutive.find(id)).toBe(listed.find(id));
      expect(consecutive.exact(id)).toBe(listed.exact(id));
    }
  });
});
