/** The title of an item, and what else the file has: its genres, and what tells it from others of the same title. */
export interface Title {
  title: string;
  genres?: string[];
  year?: number;
  author?: string;
  /** `tt0111161`, or the number alone. */
  imdbId?: string;
  tmdbId?: string;
  isbn?: string;
  goodreadsId?: string;
}

/** The genre flags of MovieLens's u.item, in order. */
export const GENRES =
  "unknown|Action|Adventure|Animation|Children's|Comedy|Crime|Documentary|Drama|Fantasy|Film-Noir|Horror|Musical|Mystery|Romance|Sci-Fi|Thriller|War|Western".split(
    '|',
  );

const ITEM =
  'item|movie|film|book|product|song|track|artist|anime|game|article|business|recipe|app|video|joke|show|manga';
const ID_TITLES = new RegExp(`^(${ITEM})?[_ -]?(id)?$|^(parent_)?asin$|^appid$|^tconst$|^mal_id$`, 'i');
/** An edition rather than the item that is rated, where there is an id too. */
const EDITION_TITLES = /^isbn$/i;
const TITLE_TITLES = new RegExp(
  `^(title|name|primaryTitle|(${ITEM})[_ -]?(title|name|text)|titre|t[ií]tulo|titel|titolo|nombre|nom|название|标题|タイトル)$`,
  'i',
);
const GENRE_TITLES = /^(genres?|categor(y|ies)|tags)$/i;
/** The names of the columns that tell an item from others of the same title. */
const DETAIL_TITLES: { [detail in Detail]: RegExp } = {
  year: /^(release_?-?|original_?-?publication_?-?|publication_?-?)?year$|^release_?-?date$|^year_?-?of_?-?publication$/i,
  author: /^authors?(_?-?names?)?$|^book_?-?author$/i,
  imdbId: /^(imdb_?-?id|tconst)$/i,
  tmdbId: /^tmdb_?-?id$/i,
  isbn: /^isbn(_?-?1[03])?$/i,
  goodreadsId: /^goodreads(_?-?book)?_?-?id$/i,
};

type Detail = 'year' | 'author' | 'imdbId' | 'tmdbId' | 'isbn' | 'goodreadsId';
const DETAILS = Object.keys(DETAIL_TITLES) as Detail[];

/** The columns of titles, from 0; −1 without genres. */
export interface TitleColumns {
  id: number;
  title: number;
  genres: number;
  details?: DetailColumns<number>;
}

/** Where a row has its details: the numbers or the names of columns. */
export type DetailColumns<Column> = { [detail in Detail]?: Column };

/** Finds the columns by their names; undefined when no name is one of titles. */
export function titleColumns(fields: string[]): TitleColumns | undefined {
  const find = (known: RegExp) => fields.findIndex((field) => known.test(field.trim()));
  const title = find(TITLE_TITLES);
  const ids = [ID_TITLES, EDITION_TITLES].map((known) =>
    fields.findIndex((field, column) => column !== title && field.trim() !== '' && known.test(field.trim())),
  );
  if (title === -1) return undefined;
  const id = ids.find((column) => column >= 0) ?? (title === 0 ? 1 : 0);
  const columns = { id, title, genres: find(GENRE_TITLES) };
  const details: DetailColumns<number> = {};
  for (const detail of DETAILS) {
    const column = find(DETAIL_TITLES[detail]);
    if (column >= 0 && column !== columns.id) details[detail] = column;
  }
  return { ...columns, details };
}

/** What a row says that tells an item from others of the same title; `cell` gives the value of a column. */
export function detailsOf<Column>(
  details: DetailColumns<Column> | undefined,
  cell: (column: Column) => unknown,
): Partial<Title> {
  const found: Partial<Title> = {};
  for (const detail of DETAILS) {
    const column = details?.[detail];
    const value = column === undefined ? undefined : cell(column);
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    if (text === '') continue;
    if (detail !== 'year') found[detail] = text;
    else if (/^(1[5-9]|20)\d\d\b/.test(text)) found.year = Number(text.slice(0, 4));
  }
  return found;
}
