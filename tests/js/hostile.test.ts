/** Files that claim more than they have; tests/fuzz/hostile.mjs writes them. Before they were refused, most hung or aborted Node. */
import { readdirSync, readFileSync } from 'node:fs';
import { MatfacError, Model, Ratings } from 'matfac';
import { MatfacError as ServedError, Model as ServedModel } from 'matfac/serve';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const FOLDER = new URL('../golden/hostile/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)));
const blobOf = (name: string) => new Blob([bytesOf(name)]);

const damaged = /^The Parquet file is damaged or cut off \(/;
const PARQUET: { [name: string]: [code: string, message: RegExp] } = {
  'name-of-minus-six': ['parse-error', /4294967290 bytes or elements does not fit in the 3 left/],
  'list-of-a-billion': ['parse-error', /1000000000 bytes or elements does not fit/],
  'no-offset': ['parse-error', /a number is missing/],
  'no-size': ['parse-error', /a number is missing/],
  'offset-beyond': ['parse-error', /the column 'user' is not within the file/],
  'two-billion-rows': ['out-of-memory', /at most 134217728 rows, which is limits\.rows/],
  'page-of-two-gigabytes': ['out-of-memory', /at most 268435456 bytes after decompression, which is limits\.bytes/],
  'no-dictionary': ['parse-error', /a page needs a dictionary/],
  'run-of-a-billion': ['parse-error', /a run of 1000000000 where 3 values are due/],
  'packed-for-ever': ['parse-error', /a run of 17179869176 where 3 values are due/],
  'bombed-rows': ['out-of-memory', /limits\.bytes/],
  'snappy-claims-more': ['parse-error', /other than 12 bytes/],
  'lz4-for-ever': ['parse-error', damaged],
  'zstd-claims-more': ['parse-error', /longer than it says/],
  'shared-gigabytes': ['parse-error', /shares more with the one before/],
  'blocks-without-end': ['parse-error', /blocks of an unknown size/],
};
const columns = { user: 'user', item: 'item' };

describe('Parquet', () => {
  test.each(Object.entries(PARQUET))('%s', async (name, [code, message]) => {
    const error = await failure(() => Ratings.fromFile(blobOf(`${name}.parquet`), { columns }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.message).toMatch(code === 'parse-error' ? damaged : /^The file must have at most/);
    const own = await failure(() => Ratings.fromFile(blobOf(`${name}.parquet`), { columns, worker: false }));
    expect(own).toMatchObject({ code, message: error.message });
  });

  test.each([
    ['plain', [1, 2, 3]],
    ['dictionary', [5, 6]],
    ['deltas', [1, 2, 3]],
  ])('what is not a lie in %s is read', async (name, ids) => {
    for (const worker of [undefined, false] as const) {
      const ratings = await Ratings.fromFile(blobOf(`good-${name}.parquet`), {
        columns,
        ...(worker === false && { worker }),
      });
      expect([ratings.users, ratings.items]).toEqual([ids, ids]);
    }
  });
});

describe('models', () => {
  test('of Spark with twenty million empty lists', async () => {
    const load = (name: string) => Model.fromFile({ items: bytesOf(name) }, { format: 'spark' });
    const error = await failure(() => load('bombed-lists.parquet'));
    expect(error).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/limits\.bytes/) });
    expect((await failure(() => load('good-lists.parquet'))).message).toMatch(
      /features must be a list of numbers; it is null$/,
    );
  });

  const items = /item_factors has the shape \[2000000000,0\], and the file has \d+ bytes/;
  test.each([
    ['matfac', Model, MatfacError],
    ['matfac/serve', ServedModel, ServedError],
  ])('of two billion items without factors, in %s', async (_, Opened, Kind) => {
    const error = await failure(() => Opened.load(bytesOf('two-billion-items.safetensors')), Kind);
    expect(error).toMatchObject({ code: 'corrupt-model', message: expect.stringMatching(items) });
    expect((await Opened.load(bytesOf('good-model.safetensors'))).items).toEqual([2, 1, 3]);
  });

  test('in safetensors of another library', async () => {
    const load = (name: string) => Model.fromFile(bytesOf(name), { format: 'safetensors' });
    const error = await failure(() => load('two-billion-factors.safetensors'));
    expect(error).toMatchObject({ code: 'parse-error', message: expect.stringMatching(items) });
    expect((await load('good-factors.safetensors')).itemCount).toBe(1);
  });

  test('in npz', async () => {
    const load = (name: string) => Model.fromFile(bytesOf(name), { format: 'implicit' });
    const message = "'item_factors.npy': its shape (4000000000, 0) does not fit its 79 bytes";
    expect(await failure(() => load('four-billion-items.npz'))).toMatchObject({ code: 'parse-error', message });
    expect((await load('good.npz')).itemCount).toBe(1);
  });
});

describe('zip', () => {
  test.each(['listed-twice', 'overlapping'])('%s', async (name) => {
    const error = await failure(() => Ratings.fromFile(blobOf(`${name}.zip`)));
    expect(error.code).toBe('parse-error');
    expect(error.message).toMatch(/the entries must not overlap; 'ratings.csv' overlaps what follows it$/);
  });

  test('a file that claims four gigabytes is refused before it is decompressed', async () => {
    const error = await failure(() => Ratings.fromFile(blobOf('four-gigabytes.zip')));
    expect(error).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/limits\.bytes/) });
    // With a limit that allows it, the contents are what is wrong.
    const other = await failure(() => Ratings.fromFile(blobOf('four-gigabytes.zip'), { limits: { bytes: 2 ** 33 } }));
    expect(other).toMatchObject({ code: 'parse-error', message: expect.stringMatching(/must have 4294967294 bytes/) });
  });

  test('archives without a lie are read', async () => {
    expect((await Ratings.fromFile(blobOf('good.zip'))).size).toBe(3);
  });
});

test('every file has a test', () => {
  const text = readFileSync(new URL(import.meta.url), 'utf8');
  const names = readdirSync(FOLDER).map((name) => name.replace(/^good-|\.[a-z]+$/g, ''));
  expect(names.length).toBeGreaterThan(25);
  expect(names.filter((name) => !text.includes(name))).toEqual([]);
});
