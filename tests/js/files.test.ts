import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type FileSource, Ratings, type ReadOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { streamOf } from './support/streams.js';

const read = (source: FileSource, options?: ReadOptions) => Ratings.fromFile(source, options);
const readBytes = (bytes: Uint8Array | Buffer, options?: ReadOptions) =>
  read(new Blob([new Uint8Array(bytes)]), options);
const triples = (ratings: Ratings) => [...ratings].map(({ user, item, rating }) => [user, item, rating]);

const abc = [
  [1, 10, 4],
  [1, 20, 3.5],
  [2, 10, 5],
];

describe('formats', () => {
  const texts: [name: string, text: string, source: object][] = [
    ['CSV with a header', 'userId,movieId,rating\n1,10,4\n1,20,3.5\n2,10,5\n', { format: 'csv', delimiter: ',' }],
    ['CSV without', '1,10,4\n1,20,3.5\n2,10,5', { columns: { user: 0, item: 1, rating: 2 } }],
    [
      'CSV with Windows line ends',
      'user,item,rating\r\n1,10,4\r\n1,20,3.5\r\n2,10,5\r\n',
      { titles: ['user', 'item', 'rating'] },
    ],
    ['CSV with old Mac line ends', 'user,item,rating\r1,10,4\r1,20,3.5\r2,10,5\r', { format: 'csv' }],
    [
      'CSV with a byte-order mark',
      '\uFEFFuser,item,rating\n1,10,4\n1,20,3.5\n2,10,5\n',
      { titles: ['user', 'item', 'rating'] },
    ],
    ['CSV all quoted', '"user","item","rating"\n"1","10","4"\n"1","20","3.5"\n"2","10","5"\n', { format: 'csv' }],
    ['semicolons and decimal commas', 'user;item;rating\n1;10;4,0\n1;20;3,5\n2;10;5,0\n', { delimiter: ';' }],
    ['tabs', 'user\titem\trating\n1\t10\t4\n1\t20\t3.5\n2\t10\t5\n', { format: 'tsv', delimiter: '\t' }],
    [
      'MovieLens 100K',
      '1\t10\t4\t881250949\n1\t20\t3.5\t1\n2\t10\t5\t891717742\n',
      { format: 'movielens', delimiter: '\t' },
    ],
    [
      'MovieLens 1M',
      '1::10::4::978300760\n1::20::3.5::978302109\n2::10::5::978301968\n',
      { format: 'movielens', delimiter: '::' },
    ],
    ['bars', '1|10|4\n1|20|3.5\n2|10|5\n', { delimiter: '|' }],
    ['spaces', '1 10 4\n1 20 3.5\n2 10 5\n', { delimiter: ' ' }],
    [
      'blank lines and spaces about',
      '\n user, item ,rating\n\n 1, 10 , 4\n1,20,3.5 \n\n\n2,10,5\n\n',
      { format: 'csv' },
    ],
    [
      'columns in another order',
      'rating,when,item,who,user\n4,x,10,a,1\n3.5,y,20,b,1\n5,z,10,c,2\n',
      { columns: { user: 4, item: 2, rating: 0 } },
    ],
    [
      'BookCrossing titles',
      '"User-ID";"ISBN";"Book-Rating"\n"1";"10";"4"\n"1";"20";"3.5"\n"2";"10";"5"\n',
      { delimiter: ';' },
    ],
    [
      'Amazon titles',
      'reviewerID,asin,overall,unixReviewTime\n1,10,4,5\n1,20,3.5,6\n2,10,5,7\n',
      { columns: { user: 0, item: 1, rating: 2, timestamp: 3 } },
    ],
    [
      'an item title that is not known',
      'user,toy,rating\n1,10,4\n1,20,3.5\n2,10,5\n',
      { columns: { user: 0, item: 1, rating: 2 } },
    ],
    ['numbers of all kinds', '1,10,+4.\n1,20,0.35e1\n2,10,5.000000000000000000\n', {}],
  ];
  test.each(texts)('%s', async (_, text, source) => {
    const plain = await read(text);
    expect(triples(plain)).toEqual(abc);
    expect(plain.source).toMatchObject({ compression: 'none', ...source });
    const zipped = await readBytes(gzipSync(text));
    expect(triples(zipped)).toEqual(abc);
    expect(zipped.source).toEqual({ ...plain.source, compression: 'gzip' });
  });

  test('pairs alone are implicit feedback', async () => {
    const ratings = await read('user,item\nann,alien\nbob,alien\n');
    expect(ratings.implicit).toBe(true);
    expect(ratings.users).toEqual(['ann', 'bob']);
    expect((await read('ann,alien\nbob,alien\n')).size).toBe(2);
  });

  test('a number under a title that is not known is not a rating', async () => {
    const { implicit, source } = await read('a,b,c\n1,10,4\n1,20,3.5\n2,10,5\n');
    expect(implicit).toBe(true);
    expect(source).toMatchObject({ titles: ['a', 'b', 'c'], columns: { user: 0, item: 1 } });
    expect(source!.notes).toEqual([
      { code: 'column-guessed', message: expect.stringContaining("'a' is taken as the user") },
      { code: 'implicit', message: expect.stringContaining("'c'") },
    ]);
  });

  test('a third column of times is not a rating', async () => {
    const ratings = await read('1,10,881250949\n2,10,891717742\n');
    expect(ratings).toMatchObject({ implicit: true, hasTimestamps: true });
  });

  test('dates are seconds since 1970, in UTC without a time zone', async () => {
    const text =
      'user,item,rating,date\n1,1,1,1970-01-02\n1,2,1,1970-01-01 00:01:00\n1,3,1,1970-01-01T01:00:00+01:00\n';
    expect([...(await read(text))].map(({ timestamp }) => timestamp)).toEqual([86_400, 60, 0]);
  });

  test('quoted fields may have delimiters, quotes and newlines', async () => {
    const ratings = await read(
      'user,title,rating\nann,"Kill, Bill",5\nbob,"say ""hi""",4\ncat,"two\nlines",3\ndan,x,2\n',
    );
    expect(ratings.items).toEqual(['Kill, Bill', 'say "hi"', 'two\nlines', 'x']);
  });

  test('options override guesses', async () => {
    const text = 'user,buyer,item,rating,stars\n1,7,10,4,1\n1,7,20,3,2\n2,8,10,5,3\n';
    const ratings = await read(text, { columns: { user: 'Buyer', rating: 4 } });
    expect(triples(ratings)).toEqual([
      [7, 10, 1],
      [7, 20, 2],
      [8, 10, 3],
    ]);
    expect((await read(text, { columns: { rating: null } })).implicit).toBe(true);
  });
});

describe('ids', () => {
  const users = async (...ids: string[]) => (await read(ids.map((id) => `${id},x,1`).join('\n'))).users;

  test('are numbers if all are plain whole numbers', async () => {
    expect(await users('7', '0', '9007199254740991')).toEqual([7, 0, 9007199254740991]);
  });

  test.each([
    ['leading zeros', '007'],
    ['a sign', '-7'],
    ['a fraction', '7.0'],
    ['a word', 'ann'],
    ['too many digits', '9007199254740993'],
    ['an exponent', '1e3'],
  ])('are all strings after one with %s', async (_, odd) => {
    expect(await users('7', '12', odd, '7')).toEqual(['7', '12', odd]);
    expect(await users(odd, '7', '12')).toEqual([odd, '7', '12']);
  });
});

describe('a row that is not a rating', () => {
  const bad: [name: string, text: string, line: number, column: number, message: RegExp][] = [
    [
      'a word',
      'user,item,rating\n1,10,4\n1,20,good\n',
      3,
      3,
      /Line 3, column 3 \(rating\): the rating must be a finite number; it is 'good'/,
    ],
    ['nothing', 'user,item,rating\n1,10,4\n1,20,\n', 3, 3, /the rating is missing/],
    ['NaN', 'user,item,rating\n1,10,NaN\n1,20,5\n', 2, 3, /the rating must be .*; it is 'NaN'/],
    ['infinity', 'user,item,rating\n1,10,4\n1,20,1e99\n', 3, 3, /the rating must be .*; it is '1e99'/],
    ['hexadecimal', '1,10,4\n1,20,0x5\n', 2, 3, /the rating must be .*; it is '0x5'/],
    ['no user', '1,10,4\n,20,5\n', 2, 1, /the user is missing/],
    ['no item', '1,10,4\n2, ,5\n', 2, 2, /the item is missing/],
    ['too few fields', '1,10,4\n1,20,3\n2,30\n', 3, 2, /must have at least 3 fields; it has 2/],
    ['no timestamp', '1,10,4,881250949\n1,20,3,\n', 2, 4, /the timestamp is missing/],
    [
      'a timestamp that is none',
      'user,item,rating,time\n1,10,4,5\n1,20,3,5\n1,30,3,soon\n',
      4,
      4,
      /the timestamp must be .*; it is 'soon'/,
    ],
    ['a line after a quoted newline', 'user,item,rating\na,"x\ny",3\nb,z,bad\n', 4, 3, /Line 4, column 3/],
    ['a stray quote', 'user,item,rating\na,x,1\nb,"y"z,2\n', 3, 2, /quote/],
    ['a quote that nothing closes', 'user,item,rating\na,x,1\nb,"y,2\nc,z,3\n', 3, 2, /quote/],
  ];
  test.each(bad)('%s is an error with its position, or skipped', async (_, text, line, column, message) => {
    const error = await failure(() => read(text));
    expect(error).toMatchObject({ code: 'parse-error', line, column });
    expect(error.message).toMatch(message);
    const { skipped } = await read(text, { badRows: 'skip' });
    expect(skipped).toMatchObject({ count: 1, first: [{ line, column }] });
    expect(skipped.first[0]!.reason).toMatch(/\w/);
  });

  test('of many skipped rows the first ten are reported', async () => {
    const ratings = await read(`1,1,1\n${'1,2,x\n'.repeat(500)}2,2,2\n${'3,3,3\n'.repeat(600)}`, { badRows: 'skip' });
    expect(ratings.size).toBe(3);
    expect(ratings.skipped.count).toBe(500);
    expect(ratings.skipped.first.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  const whole: [name: string, text: string, code: string, message: RegExp][] = [
    ['an empty text', '', 'parse-error', /it is empty/],
    ['a header alone', 'user,item,rating\n', 'parse-error', /must have ratings; it /],
    ['one column', '1\n2\n3\n', 'parse-error', /no delimiter found in '1'/],
    ['a web page', '<!doctype html>\n<p>404</p>', 'parse-error', /web page/],
    [
      'titles of movies',
      'movieId,title,genres\n1,Toy Story,Comedy\n2,Heat,Crime\n',
      'parse-error',
      /no column of users found/,
    ],
  ];
  test.each(whole)('%s', async (_, text, code, message) => {
    const error = await failure(() => read(text));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('only bad rows', async () => {
    const error = await failure(() => read('user,item,rating\n1,2,x\n1,3,y\n', { badRows: 'skip' }));
    expect(error.message).toMatch(/must have ratings; it has none, and 2 bad rows were skipped/);
  });
});

describe('bytes that are not UTF-8 text', () => {
  test('Latin-1 is read with a note of its line, wherever it is', async () => {
    const good = 'ann,alien,5\n'.repeat(50_000);
    const latin = Buffer.concat([Buffer.from(good), Buffer.from('béa,alien,5\n', 'latin1'), Buffer.from(good)]);
    const ratings = await readBytes(latin, { duplicates: 'last' });
    expect(ratings.users).toEqual(['ann', 'béa']);
    const [note] = ratings.source!.notes.filter(({ code }) => code === 'encoding-guessed');
    expect(note!.message).toMatch(/^From line 50001 on, bytes that are not UTF-8 are read as Windows-1252/);
  });

  test('a letter cut off at the end', async () => {
    const cut = Buffer.from('1,2,3\n2,é,4').subarray(0, -3);
    const { notes } = (await readBytes(Buffer.concat([cut, Buffer.from(',4')]))).source!;
    expect(notes.find(({ code }) => code === 'encoding-guessed')!.message).toMatch(/^From line 2 on/);
  });

  test('UTF-16, with or without a byte-order mark', async () => {
    const text = Buffer.from('user,item,rating\nann,2,3\n', 'utf16le');
    const marked = Buffer.concat([Buffer.of(0xff, 0xfe), text]);
    for (const bytes of [text, marked, Buffer.from(marked).swap16()]) {
      expect(triples(await readBytes(bytes))).toEqual([['ann', 2, 3]]);
    }
  });

  test('neither UTF-32 nor a binary file', async () => {
    const utf32 = Buffer.concat([Buffer.of(0xff, 0xfe, 0, 0), Buffer.from('1\0\0\0,\0\0\0')]);
    expect((await failure(() => readBytes(utf32))).message).toMatch(/must be a text; it is UTF-32/);
    const binary = Uint8Array.from({ length: 500 }, (_, index) => (index * 7919) % 256);
    expect((await failure(() => readBytes(binary))).message).toMatch(/must be a text; it has control characters/);
  });

  const others: [name: string, bytes: string, message: RegExp][] = [
    ['a PDF', '%PDF-1.7\n%\xe2\xe3', /must be CSV, .*; it is a PDF document: .* save that as CSV$/],
    ['an old Excel file', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', /old Excel .* save it as CSV/],
    ['bzip2', 'BZh91AY&SY', /must be CSV, .*; it is bzip2: unpack it/],
    ['Zstandard', '\x28\xb5\x2f\xfd\x04\x00', /must be CSV, .*; it is Zstandard: unpack it/],
    ['an image', '\x89PNG\r\n\x1a\n', /PNG image/],
    ['a tar archive', `ratings.csv${'\0'.repeat(246)}ustar`, /it is a tar archive: unpack it, or make a zip of it$/],
    ['a pickle', '\x80\x04\x95\x10\0\0\0', /it is a pickle of Python: .*to_csv$/],
    ['Avro', 'Obj\x01\x04\x14', /it is an Avro file: write it as Parquet$/],
    ['HDF5', '\x89HDF\r\n\x1a\n', /it is an HDF5 file: write it as Parquet or CSV$/],
    ['Feather', 'ARROW1\0\0', /it is an Arrow \(Feather\) file: write it as Parquet$/],
    ['7z', "7z\xbc\xaf'\x1c", /it is a 7z archive: unpack it/],
    ['MATLAB', 'MATLAB 5.0 MAT-file, Platform', /it is a file of MATLAB: write it as CSV/],
    ['a database', 'SQLite format 3\x00', /SQLite database.*export/],
  ];
  test.each(others)('%s is recognized, gzipped or not', async (_, bytes, message) => {
    const file = Buffer.from(bytes, 'latin1');
    for (const given of [file, gzipSync(file)]) {
      const error = await failure(() => readBytes(given));
      expect(error.code).toBe('unsupported');
      expect(error.message).toMatch(message);
    }
  });

  test('gzip that is cut off or damaged', async () => {
    const zipped = gzipSync('1,2,3\n'.repeat(1000) + Array.from({ length: 3000 }, (_, row) => `${row},2,3\n`).join(''));
    expect((await failure(() => readBytes(zipped.subarray(0, -20)))).message).toMatch(/damaged or cut off/);
    zipped[zipped.length >> 1]! ^= 0xff;
    expect((await failure(() => readBytes(zipped))).code).toBe('parse-error');
  });
});

describe('the same ratings, however the bytes are cut', () => {
  const id = fc.oneof(
    fc.nat(30).map(String),
    fc.constantFrom('007', 'é', 'a "b"', 'x,y', 'two\nlines', '-1', '12345678901234567890'),
  );
  const value = fc.constantFrom('1', '2.5', '0.1', '4.0', '5.', '.5', '-1', '1e1', '123456789012345678', '');
  const row = fc.record({ user: id, item: id, value, time: fc.nat(1e9).map(String) });
  const made = fc.record({
    rows: fc.array(row, { minLength: 1, maxLength: 40 }),
    header: fc.boolean(),
    zipped: fc.boolean(),
    isLong: fc.boolean(),
    places: fc.array(fc.nat(5000), { maxLength: 10 }),
  });

  /** More rows than the guess of the layout reads; the rest is read in another way. */
  const before = Array.from({ length: 4000 }, (_, row) => ({
    user: String(row % 31),
    item: String((7 * row) % 37),
    value: String((row % 9) / 2 + 1),
    time: String(1e9 + row),
  }));

  test('and the same as by a simple parser', async () => {
    const property = fc.asyncProperty(made, async ({ rows: last, header, zipped, isLong, places }) => {
      const rows = isLong ? [...before, ...last] : last;
      const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const lines = rows.map((row) => [quote(row.user), quote(row.item), row.value, row.time].join(','));
      const text = Buffer.from(`${header ? 'user,item,rating,timestamp\n' : ''}${lines.join('\n')}\n`);
      const bytes = zipped ? gzipSync(text) : text;
      const cuts = places.map((place) => (isLong ? bytes.length - place : place) % bytes.length);
      const ends = [...new Set(cuts), bytes.length].sort((a, b) => a - b);
      const pieces = ends.map((end, index) => new Uint8Array(bytes.subarray(ends[index - 1] ?? 0, end)));
      const options: ReadOptions = { badRows: 'skip', columns: { user: 0, item: 1, rating: 2, timestamp: 3 } };
      const good = rows.filter(({ value }) => value !== '');
      if (good.length === 0 || (!header && rows.every(({ value }) => value === ''))) return;
      const ratings = await read(streamOf(...pieces), options);
      expect(ratings.skipped.count).toBe(rows.length - good.length);
      const plain = (ids: string[]) => ids.every((id) => /^(0|[1-9]\d{0,14})$/.test(id));
      const [numericUsers, numericItems] = [plain(good.map(({ user }) => user)), plain(good.map(({ item }) => item))];
      const expected = Ratings.from(
        good.map(({ user, item, value, time }): [string | number, string | number, number, number] => [
          numericUsers ? Number(user) : user,
          numericItems ? Number(item) : item,
          Number(value),
          Number(time),
        ]),
      );
      expect([...ratings]).toEqual([...expected]);
      expect(ratings.users).toEqual(expected.users);
      expect(ratings.items).toEqual(expected.items);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test('and a bad row far down is reported with its line', async () => {
    const lines = before.map((row) => [row.user, row.item, row.value, row.time].join(','));
    for (const newline of ['\n', '\r\n', '\r']) {
      const text = [...lines, '1,2,x,3', ...lines, '', '"7",8,y,9', ''].join(newline);
      const ratings = await read(text, { badRows: 'skip', columns: { user: 0, item: 1, rating: 2, timestamp: 3 } });
      const bad = [4001, 8003].map((line) => expect.objectContaining({ line, column: 3 }));
      expect(ratings.skipped.first).toEqual(bad);
    }
  });
});
