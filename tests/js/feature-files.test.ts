import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { Features, Ratings, Titles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { hasRealData, realData } from './support/data.js';
import { failure } from './support/failure.js';

const utf8 = (text: string) => new TextEncoder().encode(text);

const item = (id: number, year: number, ...flags: number[]) =>
  [
    id,
    `Film ${id} (${year})`,
    `01-Jan-${year}`,
    '',
    `http://example.org/${id}`,
    ...Array.from({ length: 19 }, (_, genre) => Number(flags.includes(genre))),
  ].join('|');

describe('Features.fromFile reads', () => {
  test("MovieLens's u.user and users.dat", async () => {
    const names = ['age', 'gender: F', 'gender: M', 'occupation: other', 'occupation: student'];
    const user = await Features.fromFile('1|24|M|student|85711\n2|53|F|other|94043\n3|23|M|other|V3N4P\n');
    expect(user.names).toEqual(names);
    expect(user.ids).toEqual([1, 2, 3]);
    const dat = await Features.fromFile('1::F::1::10::48067\n2::M::56::16::70072\n');
    expect(dat.names).toEqual(['gender: F', 'gender: M', 'age', 'occupation']);
  });

  test("MovieLens's u.item, with its flags and dates", async () => {
    const features = await Features.fromFile(`${item(1, 1995, 3, 4, 5)}\n${item(2, 1974, 8)}\n`);
    expect(features.names).toEqual(['year', 'genre: Animation', "genre: Children's", 'genre: Comedy', 'genre: Drama']);
  });

  test("MovieLens's movies.csv and movies.dat, gzipped and in Latin-1", async () => {
    const names = ['genre: Children', 'genre: Comedy', 'genre: Drama', 'year'];
    const csv =
      'movieId,title,genres\n1,Toy Story (1995),Children|Comedy\n11,"Misérables, Les (1998)",Drama\n' +
      '12,Untitled,(no genres listed)\n13,Amélie (2001),Comedy\n';
    const gzipped = new Blob([new Uint8Array(gzipSync(Buffer.from(csv, 'latin1')))]);
    expect((await Features.fromFile(gzipped)).names).toEqual(names);
    const dat = '1::Toy Story (1995)::Children|Comedy\n11::Misérables, Les (1998)::Drama\n13::Amélie (2001)::Comedy\n';
    const zip = zipSync({ 'movies.dat': utf8(dat), 'README.txt': utf8('read me') });
    expect((await Features.fromFile(new Blob([zip as Uint8Array<ArrayBuffer>]))).names).toEqual(names);
  });

  test("RecBole's typed columns, whose lists have spaces", async () => {
    const text =
      'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\tlength:float\n' +
      '7\tToy Story\t1995\tAnimation Comedy\t81.5\n9\tHeat\t1985\tAction\t170\n';
    const features = await Features.fromFile(text, { ignore: ['movie_title'] });
    expect(features.names).toEqual(['year', 'class: Action', 'class: Animation', 'class: Comedy', 'length']);
  });

  test('CSV with quotes, semicolons, missing values and an id that is named', async () => {
    const text = 'sku;colour;weight\nA1;"dark; red";1.5\nB2;NA;2\nC3;"dark; red";\nD4;blue;2\n';
    const features = await Features.fromFile(text, { id: 'sku' });
    expect(features.names).toEqual(['colour: blue', 'colour: dark; red', 'weight']);
    expect(features.ids).toEqual(['A1', 'B2', 'C3', 'D4']);
  });

  test('JSON, lines of JSON and Parquet', async () => {
    const rows = [
      { item: 'a', genres: ['Drama', { name: 'War' }], price: 1.5 },
      { item: 'b', genres: ['Drama'], price: 2 },
      { item: 'c', price: null },
    ];
    const names = ['genre: Drama', 'genre: War', 'price'];
    expect((await Features.fromFile(JSON.stringify(rows))).names).toEqual(names);
    expect((await Features.fromFile(rows.map((row) => JSON.stringify(row)).join('\n'))).names).toEqual(names);
    const parquet = parquetWriteBuffer({
      columnData: [
        { name: 'user_id', data: [7, 8, 9], type: 'INT32' },
        { name: 'country', data: ['DE', 'FR', null], type: 'STRING' },
        { name: 'visits', data: [10n, 20n, 30n], type: 'INT64' },
      ],
    });
    const features = await Features.fromFile(new Blob([parquet]));
    expect(features.names).toEqual(['country: DE', 'country: FR', 'visits']);
    expect(features.ids).toEqual([7, 8, 9]);
  });

  test('the file that is named in an archive of several', async () => {
    const zip = new Blob([
      zipSync({
        'ml/u.user': utf8('1|24|M|student|85711\n2|53|F|other|94043\n'),
        'ml/u.item': utf8(`${item(1, 1995, 3)}\n${item(2, 1974, 8)}\n`),
      }) as Uint8Array<ArrayBuffer>,
    ]);
    expect((await Features.fromFile(zip, { file: 'u.user' })).names).toContain('gender: F');
    const { message } = await failure(() => Features.fromFile(zip));
    expect(message).toBe(
      "In the zip archive several files may have the features; the option file names it: there are 'ml/u.user', 'ml/u.item'",
    );
  });
});

describe('a file that is none is refused, with line and column:', () => {
  test.each([
    ['', 'Line 1: the file must have features; it is empty', 1, 1],
    ['id,age\n', 'Line 2: the file must have rows below the names of its fields', 2, 1],
    ['1,24\n2,25\n', "Line 1, column 1: the first line must have the names of the fields; it has '1'", 1, 1],
    ['id,age\n1,24\n,25\n', 'Line 3, column 1: the id is missing', 3, 1],
    ['id,age\n1,24\n2,25,x\n', 'Line 3, column 3: the line must have 2 fields, as the first one; it has 3', 3, 3],
    [`${item(1, 1995)}\n2|x\n`, 'Line 2, column 3: the line must have 24 fields, as the first one; it has 2', 2, 3],
    ['[{"id": 1, "age": 3}, 7]', 'Line 1: the row must be an object of fields; it is 7', 1, 1],
    ['{"id": 1, "age": 3}\n{"id": 2\n', /^Line 2: /, 2, 1],
    [
      '[{"id": {}, "age": 3}]',
      'Line 1: the id must be a non-empty string or a whole number from 0 to 2^53 − 1; it is an object (Object)',
      1,
      1,
    ],
  ])('%j', async (text, message, line, column) => {
    const error = await failure(() => Features.fromFile(text));
    expect(error.code).toBe('parse-error');
    expect(error.message).toMatch(message);
    expect([error.line, error.column]).toEqual([line, column]);
  });

  test('beyond the limits', async () => {
    const text = 'id,age\n1,24\n2,25\n';
    const { code, message } = await failure(() => Features.fromFile(text, { limits: { rows: 2 } }));
    expect([code, message]).toEqual(['out-of-memory', expect.stringContaining('limits.rows')]);
    expect((await failure(() => Features.fromFile(text, { limits: { bytes: 5 } }))).code).toBe('out-of-memory');
  });

  test('with a signal that is aborted', async () => {
    const { code } = await failure(() => Features.fromFile('id,age\n1,24\n', { signal: AbortSignal.abort() }));
    expect(code).toBe('aborted');
  });

  test('with an id or a file that is not there', async () => {
    const text = 'sku,age\na,24\nb,25\n';
    expect((await failure(() => Features.fromFile(text, { id: 'suk' }))).message).toBe(
      "id must be a field of the file; it is 'suk'; did you mean 'sku'?",
    );
    expect((await failure(() => Features.fromFile(text, { file: 7 as never }))).message).toBe(
      'file must be the name of a file in the zip archive; it is 7',
    );
  });
});

describe.skipIf(!hasRealData('ml-100k.u.user.gz', 'ml-100k.u.item.gz'))('MovieLens 100K', () => {
  test('users have age, gender and occupation', async () => {
    const features = await Features.fromFile(await realData('ml-100k.u.user.gz'));
    expect(features.size).toBe(943);
    expect(features.names).toHaveLength(28);
    expect(features.names.slice(0, 4)).toEqual(['age', 'age: under 23', 'age: 23 to 28', 'age: 29 to 34']);
  });

  test('items have the same genres and a year from the file and from its titles', async () => {
    const features = await Features.fromFile(await realData('ml-100k.u.item.gz'));
    const ofTitles = await Features.from(await Titles.fromFile(await realData('ml-100k.u.item.gz')));
    expect(features.size).toBe(1682);
    expect(features.names).toHaveLength(24);
    // The years of titles differ a little from those of the dates of release.
    const plain = ({ names }: Features) => names.filter((name) => !name.startsWith('year:')).sort();
    expect(plain(ofTitles)).toEqual(plain(features));
  });
});

test('the titles that come with ratings give features', async () => {
  const zip = zipSync({
    'ml/ratings.csv': utf8('userId,movieId,rating\n1,1,4\n1,2,3\n2,1,5\n'),
    'ml/movies.csv': utf8('movieId,title,genres\n1,Toy Story (1995),Comedy\n2,Heat (1985),Action\n'),
  });
  const ratings = await Ratings.fromFile(new Blob([zip as Uint8Array<ArrayBuffer>]));
  const { names } = await Features.from(ratings.source!.itemTitles!);
  expect(names).toEqual(['genre: Action', 'genre: Comedy', 'year']);
});
