/** Exports of what one person has watched or read, in the form in which each service writes them. */
import { strToU8, zipSync } from 'fflate';
import { type ChosenFile, textFile } from './steps.js';

export interface Listed {
  title: string;
  year: number;
  /** Out of five; null for what was only watched. */
  stars: number | null;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const lines = (rows: readonly string[]) => `${rows.join('\n')}\n`;
const rated = (list: readonly Listed[]) => list.filter(({ stars }) => stars !== null);

/** The zip of an account: ratings, everything watched, and a watchlist that is neither. */
function letterboxd(list: readonly Listed[]): ChosenFile {
  const row = ({ title, year }: Listed, i: number) =>
    `2024-02-0${1 + (i % 9)},${quoted(title)},${year},https://boxd.it/${i}`;
  const head = 'Date,Name,Year,Letterboxd URI';
  const zip = zipSync({
    'profile.csv': strToU8('Date Joined,Username\n2019-01-01,somebody\n'),
    'watchlist.csv': strToU8(lines([head, '2024-01-01,Brazil,1985,https://boxd.it/w'])),
    'watched.csv': strToU8(lines([head, ...list.map(row)])),
    'ratings.csv': strToU8(lines([`${head},Rating`, ...rated(list).map((film, i) => `${row(film, i)},${film.stars}`)])),
  });
  return { name: 'letterboxd-somebody.zip', mimeType: 'application/zip', buffer: Buffer.from(zip) };
}

/** What was rated, out of ten, with the numbers of IMDb, which the titles of MovieLens lack. */
function imdb(list: readonly Listed[]): ChosenFile {
  const head =
    'Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors';
  const row = ({ title, year, stars }: Listed, i: number) => {
    const [name, id] = [quoted(title), `tt99000${10 + i}`];
    return `${id},${2 * stars!},2024-01-05,${name},${name},https://www.imdb.com/title/${id},Movie,7.3,101,${year},Drama,1200,${year}-05-06,Somebody`;
  };
  return textFile('imdb-ratings.csv', lines([head, ...rated(list).map(row)]));
}

/** Ratings out of ten and, without one, the history. */
function trakt(list: readonly Listed[]): ChosenFile {
  const entries = list.map(({ title, year, stars }, i) => ({
    ...(stars === null
      ? { watched_at: '2024-01-05T10:00:00.000Z' }
      : { rated_at: '2024-01-05T10:00:00.000Z', rating: 2 * stars }),
    type: 'movie',
    movie: { title, year, ids: { trakt: i, slug: `film-${i}`, imdb: `tt99100${10 + i}`, tmdb: 9_910_000 + i } },
  }));
  return textFile('trakt.json', JSON.stringify(entries));
}

/** As somebody keeps it in a spreadsheet in German. */
function spreadsheet(list: readonly Listed[]): ChosenFile {
  const row = ({ title, year, stars }: Listed) => `${quoted(title)};${year};${stars === null ? '' : `${stars},0`}`;
  return textFile('filme.csv', lines(['sep=;', 'Titel;Jahr;Meine Bewertung', ...list.map(row)]));
}

export const filmLists = {
  letterboxd: { exported: letterboxd },
  imdb: { exported: imdb, watched: trakt },
  trakt: { exported: trakt },
  spreadsheet: { exported: spreadsheet },
} as const;

export interface ListedBook {
  title: string;
  author: string;
  isbn: string;
  /** 0 for a book without a rating. */
  stars: number;
}

/** The library of Goodreads: ISBNs as formulas, as Excel wants them, and a shelf of what is to be read. */
export function goodreads(list: readonly ListedBook[]): ChosenFile {
  const row = ({ title, author, isbn, stars }: ListedBook, i: number, shelf = 'read') =>
    `${7000 + i},${quoted(title)},${author},,,"=""""","=""${isbn}""",${stars},4.1,House,Paperback,300,2011,1999,2023/01/02,2022/12/01,,,${shelf},,,,1,0`;
  const head =
    'Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,Owned Copies';
  const wanted: ListedBook = { title: 'Not Read Yet', author: 'Nobody', isbn: '', stars: 0 };
  return textFile(
    'goodreads_library_export.csv',
    lines([head, ...list.map((book, i) => row(book, i)), row(wanted, 99, 'to-read')]),
  );
}
