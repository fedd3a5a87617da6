/** The title of an item, and its genres where the file has them. */
export interface Title {
  title: string;
  genres?: string[];
}

/** The genre flags of MovieLens's u.item, in order. */
export const GENRES =
  "unknown|Action|Adventure|Animation|Children's|Comedy|Crime|Documentary|Drama|Fantasy|Film-Noir|Horror|Musical|Mystery|Romance|Sci-Fi|Thriller|War|Western".split(
    '|',
  );

const ITEM =
  'item|movie|film|book|product|song|track|artist|anime|game|article|business|recipe|app|video|joke|show|manga';
const ID_TITLES = new RegExp(`^(${ITEM})?[_ -]?(id)?$|^isbn$|^(parent_)?asin$|^appid$|^tconst$|^mal_id$`, 'i');
const TITLE_TITLES = new RegExp(`^(title|name|primaryTitle|(${ITEM})[_ -]?(title|name))$`, 'i');
const GENRE_TITLES = /^(genres?|categor(y|ies)|tags)$/i;

/** The columns of titles, from 0; −1 without genres. */
export interface TitleColumns {
  id: number;
  title: number;
  genres: number;
}

/** Finds the columns by their names; undefined when no name is one of titles. */
export function titleColumns(fields: string[]): TitleColumns | undefined {
  const find = (known: RegExp) => fields.findIndex((field) => known.test(field.trim()));
  const title = find(TITLE_TITLES);
  const id = fields.findIndex(
    (field, column) => column !== title && field.trim() !== '' && ID_TITLES.test(field.trim()),
  );
  return title === -1 ? undefined : { id: id === -1 ? (title === 0 ? 1 : 0) : id, title, genres: find(GENRE_TITLES) };
}

/** The genres of a cell, which bars separate, or else commas. */
export function genresIn(text: string): string[] {
  if (text === '(no genres listed)') return [];
  return text.split(text.includes('|') ? '|' : ',').map((genre) => genre.trim());
}
