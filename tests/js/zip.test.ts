import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { strToU8, Zip, ZipDeflate, type Zippable, zipSync } from 'fflate';
import { Ratings, type ReadOptions, type ReadProgress, Titles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { streamOf } from './support/streams.js';

const blobOf = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)]);
const read = (bytes: Uint8Array, options?: ReadOptions) => Ratings.fromFile(blobOf(bytes), options);
const zip = (files: { [path: string]: string | Uint8Array }) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, typeof text === 'string' ? strToU8(text) : text]),
    ) as Zippable,
  );

/** Many ratings of few users and items, so that an archive is longer than one piece. */
function rows(count: number, write: (user: number, item: number, rating: number) => string): string {
  let state = 1;
  const next = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  return Array.from({ length: count }, () => write(1 + next(900), 1 + next(1600), 1 + next(5))).join('\n');
}

const U_DATA = rows(5000, (user, item, rating) => `${user}\t${item}\t${rating}\t881250949`);
const U_ITEM = Buffer.from(
  '1|Toy Story (1995)|01-Jan-1995||http://x|0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n2|Amélie|01-Jan-2001||http://y|0|0|0|0|0|1|0|0|1|0|0|0|0|0|1|0|0|0|0\n',
  'latin1',
);

/** The archives of MovieLens: the same names, in the same order. */
const archives: [name: string, files: { [path: string]: string | Uint8Array }, expected: object, title: object][] = [
  [
    'ml-100k.zip',
    {
      'ml-100k/README': 'SUMMARY & USAGE LICENSE',
      'ml-100k/u.data': U_DATA,
      'ml-100k/u.genre': 'unknown|0\nAction|1\n',
      'ml-100k/u.info': '943 users\n',
      'ml-100k/u.item': new Uint8Array(U_ITEM),
      'ml-100k/u.user': '1|24|M|technician|85711\n',
      'ml-100k/u1.base': U_DATA.slice(0, 2000),
      'ml-100k/u1.test': U_DATA.slice(2000, 3000),
    },
    { format: 'movielens', delimiter: '\t', file: 'ml-100k/u.data', titleFile: 'ml-100k/u.item' },
    { title: 'Amélie', genres: ['Comedy', 'Drama', 'Romance'] },
  ],
  [
    'ml-latest-small.zip',
    {
      'ml-latest-small/links.csv': 'movieId,imdbId,tmdbId\n1,0114709,862\n',
      'ml-latest-small/movies.csv':
        'movieId,title,genres\n1,Toy Story (1995),Adventure\n2,"American President, The (1995)",Comedy|Drama\n',
      'ml-latest-small/ratings.csv': `userId,movieId,rating,timestamp\n${rows(5000, (user, item, rating) => `${user},${item},${rating}.0,964982703`)}`,
      'ml-latest-small/README.txt': 'Summary',
      'ml-latest-small/tags.csv': 'userId,movieId,tag,timestamp\n2,60756,funny,1445714994\n',
    },
    {
      format: 'csv',
      delimiter: ',',
      titles: ['userId', 'movieId', 'rating', 'timestamp'],
      file: 'ml-latest-small/ratings.csv',
      titleFile: 'ml-latest-small/movies.csv',
    },
    { title: 'American President, The (1995)', genres: ['Comedy', 'Drama'] },
  ],
  [
    'ml-1m.zip',
    {
      'ml-1m/movies.dat': '1::Toy Story (1995)::Animation\n2::Jumanji (1995)::Adventure|Fantasy\n',
      'ml-1m/ratings.dat': rows(5000, (user, item, rating) => `${user}::${item}::${rating}::978300760`),
      'ml-1m/README': 'SUMMARY',
      'ml-1m/users.dat': '1::F::1::10::48067\n',
    },
    { format: 'movielens', delimiter: '::', file: 'ml-1m/ratings.dat', titleFile: 'ml-1m/movies.dat' },
    { title: 'Jumanji (1995)', genres: ['Adventure', 'Fantasy'] },
  ],
];

describe.each(archives)('%s', (_, files, expected, title) => {
  const path = (expected as { file: string }).file;

  test('gives the ratings of its file, and the titles', async () => {
    const plain = await Ratings.fromFile(files[path] as string);
    const ratings = await read(zip(files));
    expect([...ratings]).toEqual([...plain]);
    expect(ratings.source).toMatchObject({
      ...expected,
      compression: 'zip',
      columns: { user: 0, item: 1, rating: 2, timestamp: 3 },
    });
    expect(ratings.source!.itemTitles!.get(2)).toEqual(title);
    expect((await Titles.fromFile(blobOf(zip(files)))).get(2)).toEqual(title);
  });

  test('from a stream in small pieces, stored, and with the sizes after the data', async () => {
    const plain = [...(await Ratings.fromFile(files[path] as string))];
    const stored = zipSync(
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [
          name,
          [typeof text === 'string' ? strToU8(text) : text, { level: 0 }],
        ]),
      ) as Zippable,
    );
    expect([...(await read(stored))]).toEqual(plain);
    const packed = zip(files);
    const pieces = Array.from({ length: Math.ceil(packed.length / 1000) }, (_, piece) =>
      packed.slice(1000 * piece, 1000 * piece + 1000),
    );
    expect([...(await Ratings.fromFile(streamOf(...pieces)))]).toEqual(plain);
    const streamed = await Ratings.fromFile(new Response(blobOf(streamedZip(files))));
    expect([...streamed]).toEqual(plain);
    expect(streamed.source!.itemTitles!.get(2)).toEqual(title);
  });
});

/** An archive as programs write it to a stream: the sizes come after the data. */
function streamedZip(files: { [path: string]: string | Uint8Array }): Uint8Array {
  const pieces: Uint8Array[] = [];
  const archive = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  for (const [path, text] of Object.entries(files)) {
    const file = new ZipDeflate(path);
    archive.add(file);
    file.push(typeof text === 'string' ? strToU8(text) : text, true);
  }
  archive.end();
  return new Uint8Array(Buffer.concat(pieces));
}

const ZIPFILE = `
import sys, zipfile
with zipfile.ZipFile(sys.stdout.buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr('data/', '')
    archive.writestr('__MACOSX/data/._ratings.csv', 'x')
    with archive.open('data/ratings.csv', 'w', force_zip64=True) as file:
        file.write(b'user,item,rating\\n' + b''.join(b'%d,%d,%d\\n' % (n % 700, n % 1100, n % 5) for n in range(100000)))
`;

test("reads what Python's zipfile writes to a pipe, in the large format", async () => {
  const bytes = execFileSync(process.env.PYTHON ?? 'python3', ['-c', ZIPFILE], { maxBuffer: 1 << 24 });
  const ratings = await read(bytes);
  expect(ratings).toMatchObject({ size: 7700, userCount: 700, itemCount: 1100 });
  expect(ratings.source).toMatchObject({ file: 'data/ratings.csv', compression: 'zip' });
  expect(ratings.source).not.toHaveProperty('itemTitles');
});

describe('which file', () => {
  const csv = 'user,item,rating\n1,2,3\n';
  test.each([
    ['the only one', { 'notes.pdf': '%PDF', 'mine.csv': csv }, 'mine.csv'],
    [
      'the one that is called so',
      { 'a.csv': 'x', 'old/ratings.csv': 'y', 'ratings.csv': csv, 'books.csv': 'id,title\n' },
      'ratings.csv',
    ],
    [
      'the one with the word in its name',
      { 'BX-Users.csv': 'x', 'BX-Book-Ratings.csv': csv, 'BX-Books.csv': 'z' },
      'BX-Book-Ratings.csv',
    ],
    ['JSON', { 'Music_reviews.json': '{"user":1,"item":2}\n{"user":1,"item":3}' }, 'Music_reviews.json'],
    ['one that is gzipped again', { 'ratings.csv.gz': new Uint8Array(gzipSync(csv)) }, 'ratings.csv.gz'],
  ])('%s', async (_, files, file) => {
    const ratings = await read(zip(files as { [path: string]: string }));
    expect(ratings.source).toMatchObject({ file, compression: 'zip' });
    expect(ratings.size).toBeGreaterThan(0);
  });

  test('the one that the option names, by its path or its name', async () => {
    const files = zip({ 'a/ratings.csv': csv, 'a/u1.base': '7\t8\t1\t5\n', 'b/u1.base': 'x' });
    for (const file of ['a/u1.base', 'u1.base']) expect((await read(files, { file })).users).toEqual([7]);
    const error = await failure(() => read(files, { file: 'u1.bas' }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(
      /file must be in the zip archive; it is 'u1\.bas'; did you mean 'a\/u1\.base'\? There are 'a\/ratings\.csv', 'a\/u1\.base', 'b\/u1\.base'/,
    );
  });

  const none: [name: string, files: { [path: string]: string | Uint8Array }, code: string, message: RegExp][] = [
    [
      'none',
      { 'readme.txt': 'x', 'photo.jpg': 'y' },
      'parse-error',
      /no file of ratings was found; .* 'readme\.txt', 'photo\.jpg'/,
    ],
    ['several', { 'a.csv': csv, 'b.csv': csv }, 'parse-error', /several files may have the ratings/],
    [
      'a Word document',
      { '[Content_Types].xml': 'x', 'word/document.xml': 'y' },
      'unsupported',
      /must be CSV, an Excel workbook .*; it is an Office document: save it as CSV$/,
    ],
    [
      'an OpenDocument spreadsheet',
      { mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': 'y' },
      'unsupported',
      /it is an OpenDocument file: save it as CSV$/,
    ],
    [
      'an Excel workbook without sheets',
      { 'xl/workbook.xml': 'y' },
      'parse-error',
      /The workbook must have a sheet; it has none/,
    ],
    [
      'an archive in it',
      { 'ratings.csv': zip({ 'ratings.csv': csv }) },
      'unsupported',
      /must not contain another zip archive/,
    ],
    ['a PDF that is called ratings.csv', { 'ratings.csv': '%PDF-1.7 and so on' }, 'unsupported', /PDF/],
    ['no titles', { 'ratings.csv': csv }, 'titles', /must have a file of titles/],
  ];
  test.each(none)('not %s', async (_, files, code, message) => {
    const bytes = zip(files);
    const error = await failure(() => (code === 'titles' ? Titles.fromFile(blobOf(bytes)) : read(bytes)));
    if (code !== 'titles') expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('titles that cannot be read do not affect the ratings', async () => {
    const ratings = await read(zip({ 'ratings.csv': csv, 'movies.csv': 'movieId,title\n1,\n' }));
    expect(ratings.size).toBe(1);
    expect(ratings.source).not.toHaveProperty('itemTitles');
  });

  test('titles get the ids that the ratings have', async () => {
    const ratings = await read(
      zip({ 'ratings.csv': 'user,item,rating\nann,7,5\nann,x8,4\n', 'items.csv': 'id,title\n7,Seven\n' }),
    );
    expect([...ratings.source!.itemTitles!]).toEqual([['7', { title: 'Seven' }]]);
  });
});

/** Where the directory of an archive begins. */
function directoryOf(bytes: Uint8Array): number {
  return Buffer.from(bytes).readUInt32LE(bytes.length - 22 + 16);
}

describe('a damaged archive', () => {
  const packed = zip({ 'movies.csv': 'movieId,title\n1,Alien\n', 'ratings.csv': rows(20_000, (...row) => row.join()) });

  test.each([40, 1000, packed.length >> 1, packed.length - 400])('cut off after %i bytes', async (length) => {
    const error = await failure(() => read(packed.slice(0, length)));
    expect(error.code).toBe('parse-error');
    expect(error.message).toMatch(/zip archive/);
  });

  test('with a wrong byte', async () => {
    const wrong = packed.slice();
    wrong.fill(0xff, wrong.length >> 1, (wrong.length >> 1) + 50);
    // Detected in the packed data, or in the rows.
    expect((await failure(() => read(wrong))).code).toBe('parse-error');
  });

  test('packed by an unsupported method', async () => {
    const other = zip({ 'ratings.csv': 'user,item,rating\n1,2,3\n' });
    other[directoryOf(other) + 10] = 12;
    expect(await failure(() => read(other))).toMatchObject({ code: 'unsupported', message: /deflate/ });
    other[directoryOf(other) + 8] = 1;
    expect(await failure(() => read(other))).toMatchObject({
      code: 'unsupported',
      message: /'ratings.csv' .* encrypted/,
    });
  });

  /** Each would pass for ratings: the remaining rows are well-formed. */
  const silent: [name: string, change: (bytes: Uint8Array, text: number) => void, message: RegExp][] = [
    ['a digit of the data', (bytes, text) => bytes.fill(0x34, text + 21, text + 22), /'ratings\.csv' .* checksum/],
    ['the checksum', (bytes) => bytes.fill(0, directoryOf(bytes) + 16, directoryOf(bytes) + 17), /checksum/],
    [
      'the size',
      (bytes) => bytes.fill(17, directoryOf(bytes) + 24, directoryOf(bytes) + 25),
      /must have 17 bytes; it has 23/,
    ],
    [
      'its place',
      (bytes) => bytes.fill(1, directoryOf(bytes) + 42, directoryOf(bytes) + 43),
      /'ratings\.csv' in it is missing/,
    ],
    [
      'the directory',
      (bytes) => bytes.fill(0, directoryOf(bytes), directoryOf(bytes) + 1),
      /directory is not complete/,
    ],
  ];
  test.each(silent)('stored, with another byte in %s', async (_, change, message) => {
    const text = 'user,item,rating\n1,2,3\n';
    const bytes = zipSync({ 'ratings.csv': strToU8(text) }, { level: 0 });
    expect((await read(bytes)).size).toBe(1);
    const place = Buffer.from(bytes).indexOf(text);
    const wrong = bytes.slice();
    change(wrong, place);
    expect(wrong).not.toEqual(bytes);
    const error = await failure(() => read(wrong));
    expect(error.code).toBe('parse-error');
    expect(error.message).toMatch(message);
  });
});

test('it reports its progress and stops at the signal', async () => {
  const packed = zip({ 'a.bin': new Uint8Array(1 << 20), 'ratings.csv': rows(400_000, (...row) => row.join()) });
  const told: ReadProgress[] = [];
  await read(packed, { onProgress: (progress) => told.push(progress) });
  expect(told.at(-1)).toMatchObject({ bytes: packed.length, totalBytes: packed.length });
  expect(told.map(({ bytes }) => bytes)).toEqual(told.map(({ bytes }) => bytes).sort((a, b) => a - b));
  const stop = new AbortController();
  const error = await failure(() => read(packed, { signal: stop.signal, onProgress: () => stop.abort() }));
  expect(error.code).toBe('aborted');
});
