import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Id, Ratings, type Title, Titles } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const item = (id: number, title: string, ...flags: number[]) =>
  [
    id,
    title,
    '01-Jan-1995',
    '',
    'http://example.org/',
    ...Array.from({ length: 19 }, (_, genre) => Number(flags.includes(genre))),
  ].join('|');

describe('Titles.fromFile', () => {
  test("reads MovieLens's movies.csv", async () => {
    const csv =
      'movieId,title,genres\n1,Toy Story (1995),Adventure|Children\n11,"American President, The (1995)",Comedy\n' +
      '12,"Say ""Hi""",(no genres listed)\n';
    expect(await Titles.fromFile(csv)).toEqual(
      new Map([
        [1, { title: 'Toy Story (1995)', genres: ['Adventure', 'Children'] }],
        [11, { title: 'American President, The (1995)', genres: ['Comedy'] }],
        [12, { title: 'Say "Hi"', genres: [] }],
      ]),
    );
  });

  test('reads movies.dat, u.item with its genre flags, Latin-1, gzipped', async () => {
    const dat = Buffer.from('1::Toy "Story" (1995)::Animation|Comedy\n2::Misérables, Les::Drama\n', 'latin1');
    expect(await Titles.fromFile(new Blob([new Uint8Array(gzipSync(dat))]))).toEqual(
      new Map([
        [1, { title: 'Toy "Story" (1995)', genres: ['Animation', 'Comedy'] }],
        [2, { title: 'Misérables, Les', genres: ['Drama'] }],
      ]),
    );
    const flags = Buffer.from(`${item(1, 'Toy Story', 3, 4, 5)}\n${item(2, 'Été', 0)}\n`, 'latin1');
    expect(await Titles.fromFile(new Blob([new Uint8Array(flags)]))).toEqual(
      new Map([
        [1, { title: 'Toy Story', genres: ['Animation', "Children's", 'Comedy'] }],
        [2, { title: 'Été', genres: ['unknown'] }],
      ]),
    );
  });

  test('reads other files of titles: with other columns and orders, without header or genres', async () => {
    const books = 'Book-Title;ISBN\n"Emma";0141439580\n"Dune";0441013597\n';
    expect([...(await Titles.fromFile(books))]).toEqual([
      ['0141439580', { title: 'Emma' }],
      ['0441013597', { title: 'Dune' }],
    ]);
    expect((await Titles.fromFile('1\tAlien\n2\tBrazil\n')).get(2)).toEqual({ title: 'Brazil' });
    expect((await Titles.fromFile('id,name\r\n1,Alien\r\n')).get(1)).toEqual({ title: 'Alien' });
  });

  const films = new Map([
    [1, { title: 'Alien', genres: ['Horror', 'Sci-Fi'] }],
    [7, { title: '1984' }],
  ]);
  test.each([
    [
      'rows',
      '[{"genres": "Horror|Sci-Fi", "movieId": 1, "title": "Alien"},\n {"movieId": 7, "title": 1984, "genres": null}]',
    ],
    ['a row a line', '{"id":1,"name":"Alien","genres":["Horror","Sci-Fi"]}\n{"id":7,"name":"1984"}\n'],
    [
      'rows in an object',
      '{"page":1,"results":[{"id":1,"title":"Alien","genres":[{"id":27,"name":"Horror"},{"id":8,"name":"Sci-Fi"}]},{"id":7,"title":"1984"}]}',
    ],
    ['columns', '{"item":[1,7],"title":["Alien","1984"],"genres":[["Horror","Sci-Fi"],null]}'],
    ['rows without names', '[[1,"Alien","Horror|Sci-Fi"],[7,"1984"]]'],
    ['rows below a row of names', '[["title","item"],["Alien",1],["1984",7]]'],
  ])('reads JSON: %s', async (name, text) => {
    const found = await Titles.fromFile(new Blob([text]));
    const genres = name === 'rows below a row of names' ? {} : { genres: films.get(1)!.genres! };
    expect(found).toEqual(new Map([...films, [1, { title: 'Alien', ...genres }]]));
  });

  test('keeps what tells items of one title apart: the year, the author and ids elsewhere', async () => {
    const csv =
      'book_id,title,authors,original_publication_year,isbn13,goodreads_book_id\n7,The Gift,Ann Reed,1980.0,9780900000010,11\n8,Emma,,,,\n';
    const details = { author: 'Ann Reed', year: 1980, isbn: '9780900000010', goodreadsId: '11' };
    expect(await Titles.fromFile(csv)).toEqual(
      new Map<number, object>([
        [7, { title: 'The Gift', ...details }],
        [8, { title: 'Emma' }],
      ]),
    );
    const json = '[{"id":1,"title":"Alien","imdb_id":"tt0078748","tmdbId":348,"release_date":"1979-05-25"}]';
    expect((await Titles.fromFile(json)).get(1)).toEqual({
      title: 'Alien',
      imdbId: 'tt0078748',
      tmdbId: '348',
      year: 1979,
    });
  });

  test("MovieLens's links.csv beside the titles of an archive adds their ids elsewhere; a damaged one adds nothing", async () => {
    const files = {
      'ml/movies.csv': Buffer.from('movieId,title,genres\n1,Alien (1979),Horror\n7,Heat (1995),Crime\n'),
      'ml/links.csv': Buffer.from('movieId,imdbId,tmdbId\n1,0078748,348\n9,0000009,9\n7,0113277,\n'),
      'ml/ratings.csv': Buffer.from('userId,movieId,rating\n1,1,5\n1,7,4\n'),
    };
    const expected = new Map<number, object>([
      [1, { title: 'Alien (1979)', genres: ['Horror'], imdbId: '0078748', tmdbId: '348' }],
      [7, { title: 'Heat (1995)', genres: ['Crime'], imdbId: '0113277' }],
    ]);
    const archive = new Blob([new Uint8Array(zipSync(files))]);
    expect(await Titles.fromFile(archive)).toEqual(expected);
    expect((await Ratings.fromFile(archive)).source!.itemTitles).toEqual(expected);
    const damaged = zipSync({ ...files, 'ml/links.csv': Buffer.from('movieId,imdbId\n"1,2') });
    const found = await Titles.fromFile(new Blob([new Uint8Array(damaged)]));
    expect([...found.values()].map(({ title }) => title)).toEqual(['Alien (1979)', 'Heat (1995)']);
    expect([...found.values()].some(({ imdbId }) => imdbId !== undefined)).toBe(false);
  });

  test('ids of JSON keep their type', async () => {
    const found = await Titles.fromFile('[{"id":"7","title":"Seven"},{"id":8,"title":"Otto e mezzo"}]');
    expect([...found.keys()]).toEqual(['7', 8]);
  });

  const parquet = () =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'year', data: [1979, 1984], type: 'INT32' },
          { name: 'movieId', data: [1n, 7n], type: 'INT64' },
          { name: 'title', data: ['Alien', '1984'], type: 'STRING' },
          { name: 'genres', data: ['Horror|Sci-Fi', null], type: 'STRING', nullable: true },
        ],
      }),
    );

  /** The file has a column of years. */
  const withYears = (titles: Map<Id, Title>) =>
    new Map([...titles].map(([id, title]) => [id, { ...title, year: id === 1 ? 1979 : 1984 }]));

  test('reads Parquet', async () => {
    expect(await Titles.fromFile(new Blob([parquet()]))).toEqual(withYears(films));
    expect(await Titles.fromFile(new Response(parquet()))).toEqual(withYears(films));
  });

  test.each([
    ['movies.parquet', parquet()],
    ['movies.json', Buffer.from('[{"id":1,"title":"Alien","genres":["Horror","Sci-Fi"]},{"id":7,"title":"1984"}]')],
  ])('%s beside ratings in an archive', async (name, bytes) => {
    const archive = new Blob([
      new Uint8Array(zipSync({ 'ratings.csv': Buffer.from('user,item,rating\n1,1,5\n1,7,4\n'), [name]: bytes })),
    ]);
    const ratings = await Ratings.fromFile(archive);
    expect(ratings.source).toMatchObject({ file: 'ratings.csv', titleFile: name });
    const expected = name === 'movies.parquet' ? withYears(films) : films;
    expect(ratings.source!.itemTitles).toEqual(expected);
    expect(await Titles.fromFile(archive)).toEqual(expected);
  });

  test('reports what is wrong with JSON and Parquet', async () => {
    const wrong: [source: string | Blob, line: number, message: RegExp][] = [
      ['[{"id":1,"title":"Alien"},\n{"id":2,"title":""}]', 2, /^Line 2: the title must be .*; it is ''/],
      ['[{"id":1,"title":"Alien"},\n{"title":"Brazil"}]', 2, /^Line 2: the id must be .*; it is undefined/],
      ['{"id":1,"title":"Alien"}\n{"id":2,"title":"Bra\n', 2, /^Line 2: this is not JSON/],
      ['[{"id":1,"year":1979}]', 1, /no column of titles found among 'id', 'year'/],
      ['{"films":[1,2]}', 1, /the row must be an object or an array; it is 1/],
      ['[]', 1, /the file must have titles/],
      [
        new Blob([
          parquetWriteBuffer({
            columnData: [
              { name: 'id', data: [1, -2], type: 'INT32' },
              { name: 'title', data: ['Alien', 'Brazil'], type: 'STRING' },
            ],
          }),
        ]),
        2,
        /^Row 2: the id must be .*; it is -2/,
      ],
    ];
    for (const [source, line, message] of wrong) {
      const error = await failure(() => Titles.fromFile(source));
      expect(error).toMatchObject({ code: 'parse-error', line });
      expect(error.message).toMatch(message);
    }
    const cut = new Blob([parquet().subarray(0, 100)]);
    expect(await failure(() => Titles.fromFile(cut))).toMatchObject({ code: 'parse-error', message: /Parquet/ });
  });

  test('reports where it fails', async () => {
    expect(await failure(() => Titles.fromFile(''))).toMatchObject({ code: 'parse-error' });
    const error = await failure(() => Titles.fromFile('movieId,title\n1,Alien\n2,\n'));
    expect(error).toMatchObject({ code: 'parse-error', line: 3, column: 2 });
    expect((await failure(() => Titles.fromFile('1,"Alien\n2,Brazil\n'))).line).toBe(1);
  });
});
