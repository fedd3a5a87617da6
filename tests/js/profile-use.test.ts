/** What becomes of one person's list: ratings for a model, errors, and lists that nobody has written. */
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import {
  type Id,
  MatfacError,
  type Model,
  Ratings,
  type ReadProfileOptions,
  readProfile,
  type Title,
  Titles,
  train,
} from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasRealData, realData } from './support/data.js';
import { failure } from './support/failure.js';

const titles = new Map<Id, Title>(
  ['Quiet Harbour, The (1994)', 'Lantern, The (1933)', 'Glass Orchard (1999)', 'Night Ferry (2010)'].map(
    (title, item) => [item, { title }],
  ),
);
const imdb = (...ratings: number[]) =>
  `Const,Your Rating,Title,Year\n${[
    'The Quiet Harbour,1994',
    'The Lantern,1933',
    'Glass Orchard,1999',
    'Night Ferry,2010',
  ]
    .map((entry, at) => `tt${at + 1},${ratings[at] ?? ''},${entry}`)
    .join('\n')}`;
const valuesOf = async (list: string, options: Partial<ReadProfileOptions>) =>
  (await readProfile(list, { titles, ...options })).ratings.map(({ rating }) => rating);

describe('scales', () => {
  test('other ends: the ends go to the ends, the rest in proportion', async () => {
    expect(await valuesOf(imdb(1, 10, 4, 7), {})).toEqual([1, 10, 4, 7]);
    expect(await valuesOf(imdb(1, 10, 4, 7), { range: [0.5, 5] })).toEqual([0.5, 5, 2, 3.5]);
    expect(await valuesOf(imdb(1, 10, 4, 7), { range: [-10, 8] })).toEqual([-10, 8, -4, 2]);
  });

  test('the same best rating: stars stay, and what is below the range becomes its least', async () => {
    const list = 'Name,Year,Letterboxd URI,Rating\nThe Quiet Harbour,1994,a,0.5\nGlass Orchard,1999,b,3.5\n';
    expect(await valuesOf(list, { range: [1, 5] })).toEqual([1, 3.5]);
  });

  test.each([
    ['1,2,3', [1, 5]],
    ['1.5,2,5', [0.5, 5]],
    ['7,8,10', [1, 10]],
    ['55,70,98', [0, 100]],
    ['4/5,3/5,1/5', [1, 5]],
    ['4/5,0/5,1/5', [0, 5]],
    ['4/5,7/10,90 %', [0, 100]],
    ['yes,no,True', [0, 1]],
    ['80 %,20 %,90 %', [0, 100]],
    ['★★★½,★,★★★★★', [0.5, 5]],
  ])('%s is guessed', async (given, scale) => {
    const entries = ['The Quiet Harbour', 'The Lantern', 'Glass Orchard'];
    const rows = given.split(',').map((rating, at) => `${entries[at]}\t${rating}`);
    const { source } = await readProfile(`title\trating\n${rows.join('\n')}`, { titles });
    expect(source.scale).toEqual(scale);
  });

  test('the option scale decides; a rating beyond it widens it', async () => {
    const rows = 'title,rating\nThe Quiet Harbour,5\nGlass Orchard,1\n';
    expect(await valuesOf(rows, { scale: [0, 10], range: [0, 5] })).toEqual([2.5, 0.5]);
    expect(await valuesOf(imdb(1, 12), { range: [0, 1] })).toEqual([0, 1]);
  });

  test('0 without a scale is no rating, with a note; marks for none are none; words are said to be no rating', async () => {
    const rows = 'title,rating\nThe Quiet Harbour,5\nThe Lantern,0\nGlass Orchard,n/a\nNight Ferry,grand\n';
    const list = await readProfile(rows, { titles });
    expect(list.ratings.map(({ item }) => item)).toEqual([0]);
    expect(list.unrated.map(({ item }) => item)).toEqual([1, 2]);
    expect(list.unmatched).toEqual([
      { title: 'Night Ferry', line: 5, reason: "the rating must be a number; it is 'grand'" },
    ]);
    expect(list.source.notes.map(({ code }) => code)).toContain('zero-unrated');
    expect(await valuesOf('title,rating\nThe Quiet Harbour,0/10\nGlass Orchard,9/10\n', {})).toEqual([0, 9]);
  });
});

describe('for a model', () => {
  const rows = Array.from({ length: 60 }, (_, row) => [
    row % 12,
    ['0', '1', '2', 'other'][row % 4]!,
    1 + ((row * 7) % 9) / 2,
  ]);
  let stars: Model;
  let taken: Model;
  beforeAll(async () => {
    const ratings = Ratings.from(rows as [number, string, number][]);
    stars = await train(ratings, { factors: 2, epochs: 3 });
    taken = await train(ratings, { solver: 'implicit-als', factors: 2, epochs: 3 });
  });

  test('of ratings: its ids and its range, so that a fold-in takes them; what it does not have is unmatched', async () => {
    const list = await readProfile(imdb(1, 10, 4, 7), { titles, model: stars });
    const [least, most] = stars.ratingRange;
    expect(list.ratings.map(({ item }) => item)).toEqual(['0', '1', '2']);
    const values = [1, 10, 4].map((rating) => least + ((rating - 1) / 9) * (most - least));
    for (const [at, { rating }] of list.ratings.entries()) expect(rating).toBeCloseTo(values[at]!, 10);
    expect(list.unmatched).toMatchObject([{ title: 'Night Ferry', reason: 'the model does not have it' }]);
    const plain = list.ratings.map(({ item, rating }) => ({ item, rating: rating! }));
    expect(stars.foldIn(list.ratings).recommend()).toEqual(stars.foldIn(plain).recommend());
    expect(stars.foldIn(list.ratings).ratings).toEqual(plain);
  });

  test('of what was taken: 1 for the upper half of the scale and for what has no rating', async () => {
    const rated = await readProfile(imdb(10, 5, 6), { titles, model: taken });
    expect(rated.ratings.map(({ item, rating }) => [item, rating])).toEqual([
      ['0', 1],
      ['2', 1],
    ]);
    expect(rated.unrated.map(({ item }) => item)).toEqual(['1']);
    expect(rated.source.notes.map(({ code }) => code)).toContain('disliked');
    const seen = await readProfile('Title,Date\nThe Lantern,1/2/24\n', { titles, model: taken });
    expect(seen.ratings).toMatchObject([{ item: '1', rating: 1 }]);
    expect(taken.foldIn(seen.ratings).recommend().length).toBe(3);
  });

  test('of ratings, a list without ratings is seen, not rated', async () => {
    const seen = await readProfile('Title,Date\nThe Lantern,1/2/24\n', { titles, model: stars });
    expect(seen.ratings).toEqual([]);
    expect(seen.unrated).toMatchObject([{ item: '1' }]);
  });

  test('whose items are called by their titles: no titles are needed', async () => {
    const model = await train(
      Ratings.from([
        ['ann', 'Quiet Harbour, The (1994)', 5],
        ['bob', 'Glass Orchard', 2],
      ]),
      { epochs: 1 },
    );
    const list = await readProfile(imdb(9, 2, 3), { model });
    expect(list.ratings.map(({ item }) => item)).toEqual(['Quiet Harbour, The (1994)', 'Glass Orchard']);
  });

  test('that has one of two titles of one name', async () => {
    const two = new Map<Id, Title>([
      [9, { title: 'Heat (1986)' }],
      [1, { title: 'Heat (1995)' }],
    ]);
    const list = await readProfile('title,rating\nHeat,4\n', { titles: two, model: stars });
    expect(list.ratings).toMatchObject([{ item: '1', sure: 'close' }]);
  });
});

describe('errors', () => {
  const cases: [string, string | Uint8Array, RegExp][] = [
    ['nothing', '', /must be one person's list with a column of titles, .*; it is empty$/],
    ['a header alone', 'Title,Rating\n', /it has no entries$/],
    ['numbers alone', '1,2,3\n4,5,6\n', /its first line has '1', '2', '3'$/],
    ['a web page', '<html><title>x</title></html>', /looks like a web page or XML/],
    ['broken JSON', '[{"title":', /must be; it is not/],
    ['JSON of something else', '[{"a":1},{"a":2}]', /its first line has 'a'$/],
    ['prose', 'It was a dark night.\nNobody came, or went.\n', /none of its 2 lines is one of the titles$/],
    [
      'ratings of many',
      'userId,title,rating\n1,Glass Orchard,4\n2,Glass Orchard,5\n',
      /must be of one person; its column 'userId' has 2\./,
    ],
    ['zero bytes', 'a\0b', /must be a text; it has zero bytes/],
    ['Parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(40), Buffer.from('PAR1')]), /it is Parquet$/],
    [
      'an archive without a list',
      zipSync({ 'a.csv': Buffer.from('x'), 'b.csv': Buffer.from('y') }),
      /the zip archive has 'a\.csv', 'b\.csv'/,
    ],
  ];
  test.each(cases)('%s', async (_, contents, message) => {
    const source = typeof contents === 'string' ? contents : new Blob([new Uint8Array(contents)]);
    const error = await failure(() => readProfile(source, { titles }));
    expect(['parse-error', 'unsupported']).toContain(error.code);
    expect(error.message).toMatch(message);
  });

  test('a watchlist is not what was seen', async () => {
    const file = new File(['Date,Name,Year,Letterboxd URI\n2020-01-01,Glass Orchard,1999,x\n'], 'watchlist.csv');
    expect((await failure(() => readProfile(file, { titles }))).message).toMatch(
      /'watchlist\.csv' is a list of what is still/,
    );
  });

  test('more than 64 MB, also when it is packed', async () => {
    const archive = zipSync({ 'ratings.csv': new Uint8Array(65 << 20).fill(10) });
    const error = await failure(() => readProfile(new Blob([new Uint8Array(archive)]), { titles }));
    expect(error).toMatchObject({
      code: 'unsupported',
      message: 'The list must be of at most 64 MB, unpacked; it is larger',
    });
  });

  test.each([
    [{}, 'readProfile must have titles or a model; it has neither'],
    [{ titles: [] }, 'readProfile: titles must be a Map of ids and titles; it is an array of length 0'],
    [{ titles, model: {} }, 'readProfile: model must be a Model; it is an object (Object)'],
    [{ titles, range: [5, 1] }, "readProfile: range must be two numbers, the smaller one first; it is '5, 1'"],
    [{ titles, scale: 5 }, 'readProfile: scale must be two numbers, the smaller one first; it is 5'],
    [{ titles: new Map([[1, 'Alien']]) }, "readProfile: titles must be a Map of ids and {title}; it is 'Alien'"],
    [
      { titles, title: 1 },
      "readProfile has no option 'title': did you mean 'titles'? There are titles, model, range, scale, signal",
    ],
  ])('%o', async (options, message) => {
    const error = await failure(() => readProfile(imdb(1), options as never));
    expect(error).toMatchObject({ code: 'invalid-argument', message });
  });

  test('a signal', async () => {
    const error = await failure(() => readProfile(imdb(1), { titles, signal: AbortSignal.abort() }));
    expect(error.code).toBe('aborted');
  });
});

describe('lists that nobody has written', () => {
  const reads = async (source: string | Blob) => {
    try {
      const { ratings, unrated, unmatched } = await readProfile(source, { titles, range: [1, 5] });
      for (const { item, rating } of ratings) {
        expect(titles.has(item)).toBe(true);
        expect(rating).toBeGreaterThanOrEqual(1);
        expect(rating).toBeLessThanOrEqual(5);
      }
      return ratings.length + unrated.length + unmatched.length;
    } catch (error) {
      if (!(error instanceof MatfacError)) throw error;
      expect(['parse-error', 'unsupported']).toContain(error.code);
      return 0;
    }
  };

  test('any bytes, and any bytes behind a header', async () => {
    const header = fc.constantFrom(
      '',
      'Title,Rating\n',
      '[{"title":"',
      'Const,Your Rating,Title,Year\n',
      'sep=;\n',
      '\u001f\u008b',
    );
    await fc.assert(
      fc.asyncProperty(header, fc.uint8Array({ maxLength: 300 }), async (head, bytes) => {
        await reads(new Blob([Buffer.from(head, 'latin1'), new Uint8Array(bytes)]));
      }),
      { numRuns: 400 },
    );
  });

  test('any text and any JSON', async () => {
    const text = fc.string({
      unit: fc.constantFrom(...',;\t\n"()[]1★/ Aé:-', 'Glass Orchard', 'title', 'rating'),
      maxLength: 80,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.json()), async (source) => void (await reads(source))),
      {
        numRuns: 400,
      },
    );
  });

  test('a title in any dialect is found again', async () => {
    const name = fc.stringMatching(/^[A-Z][\w ,;"'()&|:-]{2,25}[a-z]$/);
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      newline: fc.constantFrom('\n', '\r\n'),
      mark: fc.constantFrom('', '\ufeff'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
        dialect,
        async (names, { delimiter, newline, mark }) => {
          const catalog = new Map<Id, Title>(
            names.map((title, item) => [item, { title: `${title} (${1990 + item * 3})` }]),
          );
          const rows = names.map((title, item) => [quoted(title), 1990 + item * 3, (item % 5) + 1].join(delimiter));
          const list = await readProfile(mark + [['Name', 'Year', 'Rating'].join(delimiter), ...rows].join(newline), {
            titles: catalog,
          });
          expect(list.ratings.map(({ item, rating }) => [item, rating])).toEqual(
            names.map((_, item) => [item, (item % 5) + 1]),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test('many long names cost no more than their bytes', async () => {
    const long = 'a'.repeat(200_000);
    const rows = Array.from({ length: 40 }, (_, row) => `${row}${long} (b${')('.repeat(1000)},1999,4`);
    expect(await reads(`Name,Year,Rating\n${rows.join('\n')}`)).toBe(40);
  });
});

const MOVIES = 'ml-latest-small.movies.csv.gz';
describe.skipIf(!hasRealData(MOVIES))("MovieLens's films, written as the services write them", () => {
  let movies: Map<Id, Title>;
  /** The films whose title and year are of no other one. */
  let films: { item: Id; name: string; year: string }[];
  beforeAll(async () => {
    movies = await Titles.fromFile(await realData(MOVIES));
    films = [...movies].map(([item, { title }]) => ({ item, ...asOnPoster(title) }));
  });

  /** The title without its year and what parentheses add, and the article in front: "The Postman", 1994. */
  function asOnPoster(title: string): { name: string; year: string } {
    const [, before, year = ''] = /^(.*?)(?:\s*\((\d{4})[^)]*\))?\s*$/.exec(title)!;
    let name = before!;
    while (/.\([^()]*(?:\([^()]*\)[^()]*)*\)$/.test(name))
      name = name.replace(/\s*\([^()]*(?:\([^()]*\)[^()]*)*\)$/, '');
    const [, rest, article] = /^(.*), (The|An?|L[aeo]s?|Un[ea]?|Il|I|El|D[aei][esrn]|Das|Eine?|L')$/.exec(name) ?? [];
    return { name: article ? `${article}${article.endsWith("'") ? '' : ' '}${rest}` : name, year };
  }

  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const EXPORTS: { [service: string]: (name: string, year: string, at: number) => string } = {
    'Date,Name,Year,Letterboxd URI,Rating': (name, year, at) =>
      `2024-01-01,${quoted(name)},${year},https://boxd.it/${at},3.5`,
    'Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Year': (name, year, at) =>
      `tt${1e6 + at},7,2024-01-01,${quoted(name)},${quoted(name)},u,Movie,6.1,${year}`,
    'Titel;Jahr;Bewertung': (name, year) =>
      `${quoted(
        name
          .normalize('NFD')
          .replace(/[\u0300-\u036f]/g, '')
          .toUpperCase(),
      )};${year};4`,
  };

  test.each(Object.keys(EXPORTS))('%s: 99 in 100 are found, and none is another film', async (header) => {
    const rows = films.map(({ name, year }, at) => EXPORTS[header]!(name, year, at));
    const list = await readProfile([header, ...rows].join('\n'), { titles: movies });
    const wrong = list.ratings.filter(({ item, line }) => films[line - 2]!.item !== item);
    expect(wrong).toEqual([]);
    expect(list.ratings.length).toBeGreaterThan(0.995 * films.length);
  });

  test('half of the films against the other half: what is matched is at most close, and 2 in 1000', async () => {
    const known = new Map([...movies].filter((_, at) => at % 2 === 0));
    const rows = films.filter((_, at) => at % 2 === 1).map(({ name, year }) => `${quoted(name)},${year},4`);
    const list = await readProfile(`Name,Year,Rating\n${rows.join('\n')}`, { titles: known });
    // Two pairs of the films have one title and year.
    expect(list.ratings.filter(({ sure }) => sure !== 'close').length).toBeLessThanOrEqual(2);
    expect(list.ratings.length).toBeLessThan(0.002 * rows.length);
  });
});

test('a file on the disk', async () => {
  const file = await openAsBlob(join(import.meta.dirname, '../golden/files/profiles/letterboxd-ratings.csv'));
  expect((await readProfile(file, { titles })).ratings.map(({ item }) => item)).toEqual([0]);
});
