import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { type Id, type OwnRatings, type ReadProfileOptions, readProfile, type Title, Titles } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../golden/files/profiles');
const fileOf = async (name: string) => new File([await readFile(join(folder, name))], name);

let films: Map<Id, Title>;
let books: Map<Id, Title>;
beforeAll(async () => {
  films = await Titles.fromFile(await fileOf('titles.csv'));
  books = await Titles.fromFile(await fileOf('books.csv'));
});

/** [line, item, rating, sure] of each match. */
const matches = ({ ratings }: OwnRatings) =>
  ratings.map(({ line, item, rating, sure }) =>
    rating === undefined ? [line, item, sure] : [line, item, rating, sure],
  );
const missed = ({ unmatched }: OwnRatings) => unmatched.map(({ line, title }) => [line, title]);
const codes = ({ source }: OwnRatings) => source.notes.map(({ code }) => code);
const read = (list: string | Blob, options: Partial<ReadProfileOptions> = {}) =>
  readProfile(list, { titles: films, ...options });

describe('exports', () => {
  test('Letterboxd: titles and years, from half a star to five', async () => {
    const list = await read(await fileOf('letterboxd-ratings.csv'));
    expect(matches(list)).toEqual([
      [2, 1, 4.5, 'exact'],
      [3, 3, 2, 'exact'],
      [4, 4, 5, 'exact'],
      [5, 6, 0.5, 'exact'],
      [6, 11, 3, 'close'],
    ]);
    expect(list.unmatched).toEqual([
      { title: 'Nobody, Nowhere', year: 2020, rating: 4, line: 7, reason: 'no such title' },
    ]);
    expect(list.source).toMatchObject({
      service: 'letterboxd',
      format: 'csv',
      scale: [0.5, 5],
      columns: { title: 'Name', year: 'Year', rating: 'Rating' },
    });
    expect(list.ratings[0]).toMatchObject({ title: 'The Quiet Harbour', matched: 'Quiet Harbour, The (1994)' });
  });

  test("Letterboxd's diary: the latest rating of a film by its date, and films without one", async () => {
    const list = await read(await fileOf('letterboxd-diary.csv'));
    expect(matches(list)).toEqual([[2, 12, 4, 'exact']]);
    expect(list.unrated.map(({ line, item }) => [line, item])).toEqual([[4, 10]]);
    expect(codes(list)).toEqual(['repeated-titles']);
  });

  test("Letterboxd's zip: the ratings, then what was only watched; nothing deleted and no watchlist", async () => {
    const watched =
      'Date,Name,Year,Letterboxd URI\n2020-01-01,Glass Orchard,1999,x\n2020-01-02,The Quiet Harbour,1994,y\n';
    const archive = zipSync({
      'watchlist.csv': Buffer.from('Date,Name,Year,Letterboxd URI\n2020-01-01,Night Ferry,2010,z\n'),
      'watched.csv': Buffer.from(watched),
      'deleted/ratings.csv': Buffer.from('Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,The Lantern,1933,q,1\n'),
      'profile.csv': Buffer.from('Date Joined,Username\n2019-01-01,somebody\n'),
      'ratings.csv': await readFile(join(folder, 'letterboxd-ratings.csv')),
    });
    const list = await read(new Blob([new Uint8Array(archive)]));
    expect(list.source).toMatchObject({ compression: 'zip', files: ['ratings.csv', 'watched.csv'] });
    expect(list.ratings.map(({ item }) => item)).toEqual([1, 3, 4, 6, 11]);
    expect(list.unrated.map(({ item }) => item)).toEqual([12]);
  });

  test('IMDb: one to ten, the original title too, and no episodes', async () => {
    const list = await read(await fileOf('imdb-2024.csv'));
    expect(matches(list)).toEqual([
      [2, 1, 9, 'exact'],
      [3, 10, 3, 'exact'],
      [4, 5, 10, 'exact'],
    ]);
    expect(list.source).toMatchObject({ service: 'imdb', scale: [1, 10] });
    expect(codes(list)).toEqual(['rows-skipped']);
  });

  test("IMDb's former header; numerals and numbers in digits", async () => {
    const list = await read(await fileOf('imdb-2015.csv'));
    expect(matches(list)).toEqual([
      [2, 7, 7, 'exact'],
      [3, 8, 10, 'exact'],
    ]);
  });

  test('Goodreads: by ISBN, else by title and author; 0 is no rating, and what is to be read is left out', async () => {
    const list = await readProfile(await fileOf('goodreads.csv'), { titles: books });
    expect(matches(list)).toEqual([
      [2, 'b1', 5, 'id'],
      [4, 'b4', 3, 'exact'],
    ]);
    expect(list.unrated.map(({ item, sure }) => [item, sure])).toEqual([['b2', 'id']]);
    expect(list.unmatched).toEqual([]);
    expect(list.source).toMatchObject({ service: 'goodreads', scale: [1, 5] });
  });

  test('Trakt: movies, and no episodes', async () => {
    const list = await read(await fileOf('trakt.json'));
    expect(matches(list)).toEqual([
      [1, 2, 8, 'exact'],
      [2, 12, 2, 'exact'],
    ]);
    expect(list.source).toMatchObject({ service: 'trakt', format: 'json', scale: [1, 10] });
  });

  test('Netflix: what was watched, without ratings; a series once', async () => {
    const list = await read(await fileOf('netflix.csv'));
    expect(matches(list)).toEqual([
      [2, 10, 'close'],
      [3, 9, 'close'],
    ]);
    expect(list.ratings[0]).not.toHaveProperty('rating');
    expect(missed(list)).toEqual([[4, 'Long Show']]);
    expect(codes(list)).toContain('implicit');
  });

  test('a list in German from Excel, in Windows-1252, with decimal commas', async () => {
    const list = await read(await fileOf('liste.csv'));
    expect(matches(list)).toEqual([
      [3, 10, 4.5, 'exact'],
      [4, 12, 3, 'exact'],
    ]);
    expect(codes(list)).toEqual(['encoding-guessed', 'scale-guessed']);
  });

  test('a list by hand, without a header', async () => {
    const list = await read(await fileOf('by-hand.txt'));
    expect(matches(list)).toEqual([
      [1, 1, 4.5, 'exact'],
      [3, 11, 2, 'close'],
    ]);
    expect(missed(list)).toEqual([[2, 'Star Harbor']]);
    expect(list.source.columns).toBeUndefined();
  });

  test('every file of the folder is read by a test here', async () => {
    const text = await readFile(import.meta.filename, 'utf8');
    for (const name of await readdir(folder)) expect(text).toContain(`'${name}'`);
  });

  test('gzipped, as a stream, in UTF-16, with lines that end in a carriage return', async () => {
    const text = 'Name,Year,Rating\nGlass Orchard,1999,4\n';
    const forms = [
      new Blob([new Uint8Array(gzipSync(text))]),
      new Blob(['\ufeff', text]),
      new Blob([Buffer.from(`\ufeff${text}`, 'utf16le')]),
      text.replaceAll('\n', '\r\n'),
      text.replaceAll('\n', '\r'),
    ];
    for (const form of forms) expect(matches(await read(form))).toEqual([[2, 12, 4, 'exact']]);
    expect(matches(await readProfile(new Blob([text]).stream(), { titles: films }))).toEqual([[2, 12, 4, 'exact']]);
  });

  test.each([
    ['an object of titles and ratings', '{"Glass Orchard (1999)": 4}', 1],
    ['a list of titles', '["Glass Orchard (1999)"]', 1],
    ['rows in an object', '{"ratings":[{"name":"Glass Orchard","year":1999,"score":4}]}', 1],
    ['one object in a line', '{"title":"Glass Orchard","year":1999,"stars":4}\n{"title":"X","stars":1}', 1],
    ['one object of lists', '{"response":{"count":1,"games":[{"id":5,"name":"Glass Orchard"}]}}', 1],
    ['numbered lines', '1. Night Train\n2. Glass Orchard (1999)\n3. The Lamp', 2],
    ['lines with a rating behind', 'Night Train - 3/10\nGlass Orchard (1999) - 9/10', 2],
    ['titles with commas and without a header', 'Night, Train\nGlass Orchard (1999)\nOn, and On', 2],
    ['names in a language that is not known', 'Heiti,Ár,Stjörnur\nGlass Orchard,1999,4', 2],
    ['a table in Markdown', '| Film | Year | Stars |\n|---|---|---|\n| Glass Orchard | 1999 | ★★★★ |', 3],
    ['columns in another order', 'rating,year,film\n4,1999,Glass Orchard', 2],
    ['French names', 'Titre;Année;Note\nGlass Orchard;1999;4', 2],
    [
      'a list of Letterboxd, which has a line about itself',
      'Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2020-01-01,Best,,u,\n\nPosition,Name,Year,URL,Description\n1,Glass Orchard,1999,u,',
      6,
    ],
  ])('%s', async (_, text, line) => {
    const list = await read(text);
    expect(list.ratings.map(({ item, line }) => [item, line])).toEqual([[12, line]]);
  });
});

describe('matching', () => {
  const one = async (entry: string, titles: Iterable<[Id, Title]>) => {
    const list = await readProfile(`Name,Year,Rating\n${entry},4`, { titles: new Map(titles) });
    const [found] = list.ratings;
    return found ? [found.item, found.sure] : list.unmatched[0]!.reason;
  };
  const titled = (...titles: string[]) => titles.map((title, index): [Id, Title] => [index, { title }]);

  test.each([
    ['an article behind', '"The Shawshank Redemption",1994', 'Shawshank Redemption, The (1994)', 'exact'],
    ['an elided article', "L'Enfer,1994", "Enfer, L' (1994)", 'exact'],
    ['an article before a subtitle', '"The Librarian: Return",2006', 'Librarian, The: Return (2006)', 'exact'],
    ['an alternative title', 'Se7en,1995', 'Seven (a.k.a. Se7en) (1995)', 'exact'],
    ['accents', 'Amelie,2001', 'Amélie (2001)', 'exact'],
    ['letters that are not accents', 'Encounter at Lodz,1990', 'Encounter at Łódź (1990)', 'exact'],
    ['an ampersand and punctuation', '"Fast and Furious, 6!",2013', 'Fast & Furious 6 (2013)', 'exact'],
    ['a numeral', 'Rocky 2,1979', 'Rocky II (1979)', 'exact'],
    ['a fraction', '8½,1963', '8 1/2 (1963)', 'exact'],
    ['years of a series', 'Fawlty Towers,1975', 'Fawlty Towers (1975-1979)', 'exact'],
    ['a year in the title of the list', 'Alien (1979),', 'Alien (1979)', 'exact'],
    ['no article', 'Matrix,1999', 'Matrix, The (1999)', 'close'],
    ['no spaces', 'Spiderman,2002', 'Spider-Man (2002)', 'close'],
    ['numbers in words', '12 Monkeys,1995', 'Twelve Monkeys (1995)', 'close'],
    ['no subtitle', 'Star Wars,1977', 'Star Wars: Episode IV - A New Hope (1977)', 'close'],
    [
      'only the subtitle',
      'The Empire Strikes Back,1980',
      'Star Wars: Episode V - The Empire Strikes Back (1980)',
      'close',
    ],
    ['a wrong letter', 'The Shawshank Redemtion,1994', 'Shawshank Redemption, The (1994)', 'close'],
    ['swapped letters', 'Jurasisc Park,1993', 'Jurassic Park (1993)', 'close'],
    ['the year after', 'Amelie,2002', 'Amélie (2001)', 'close'],
    ['no year in the list', 'Heat,', 'Heat (1995)', 'close'],
    ['no year at all', 'Heat,', 'Heat', 'exact'],
    ['only signs', '!!!,2001', '!!! (2001)', 'exact'],
    ['another script', '七人の侍,1954', '七人の侍 (1954)', 'exact'],
  ])('%s', async (_, entry, title, sure) => {
    expect(await one(entry, titled('Another Film (1994)', title))).toEqual([1, sure]);
  });

  test.each([
    ['another year', 'Psycho,1990', ['Psycho (1960)', 'Psycho (1998)'], 'no title of this name and year'],
    ['a wrong letter and another year', 'Psyhco,1998', ['Psycho (1960)'], 'no such title'],
    [
      'a word of its own instead of a wrong letter',
      'The Hunted,1995',
      ['Haunted (1995)', 'Hunted, The (2003)'],
      'no title of this name and year',
    ],
    ['another number', 'Iron Valley 2,1980', ['Iron Valley 3 (1980)'], 'no such title'],
    [
      'the same name without years',
      'Heat,',
      ['Heat (1986)', 'Heat (1995)'],
      'several titles fit: Heat (1986); Heat (1995)',
    ],
    [
      'the same year twice',
      'Emma,1996',
      ['Emma (1996)', 'Emma (1996)'],
      'several titles fit: Emma (1996); Emma (1996)',
    ],
    [
      'the years before and after',
      'Wonderland,1998',
      ['Wonderland (1997)', 'Wonderland (1999)'],
      'several titles fit: Wonderland (1997); Wonderland (1999)',
    ],
    ['a subtitle of one word', 'Monster,2004', ['Dylan Moran: Monster (2004)'], 'no such title'],
  ])('no match: %s', async (_, entry, titles, reason) => {
    expect(await one(entry, titled(...titles))).toBe(reason);
  });

  test('the year decides between films of one name', async () => {
    const titles = titled('King Kong (1933)', 'King Kong (1976)', 'King Kong (2005)');
    for (const [item, year] of [1933, 1976, 2005].entries())
      expect(await one(`King Kong,${year}`, titles)).toEqual([item, 'exact']);
  });

  test('an id decides against title and year, and another id speaks against them', async () => {
    const titles: [Id, Title][] = [
      ['a', { title: 'Old Name (1990)', imdbId: '0111161' }],
      ['b', { title: 'New Name (1994)', imdbId: 'tt0000008' }],
    ];
    const rows = 'Const,Title,Year,Your Rating\ntt0111161,New Name,1994,9\ntt0222222,New Name,1994,5';
    const list = await readProfile(rows, { titles: new Map(titles) });
    expect(matches(list)).toEqual([[2, 'a', 9, 'id']]);
    expect(missed(list)).toEqual([[3, 'New Name']]);
  });

  test('ids of the items themselves, if their titles agree', async () => {
    const list = await read('movieId,title,rating\n12,Glass Orchard,4\n1,Night Ferry (2010),3\n');
    expect(matches(list)).toEqual([
      [2, 12, 4, 'id'],
      [3, 10, 3, 'exact'],
    ]);
  });

  test('an uncertain entry gives way to a certain one', async () => {
    const list = await readProfile('Name,Year,Rating\nMatrix,1999,1\nThe Matrix,1999,5\n', {
      titles: new Map(titled('Matrix, The (1999)')),
    });
    expect(matches(list)).toEqual([[3, 0, 5, 'exact']]);
    expect(list.unmatched).toMatchObject([{ title: 'Matrix', reason: 'another entry is Matrix, The (1999)' }]);
  });
});
