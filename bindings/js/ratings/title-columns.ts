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
const ID_TITLES = new RegExp(`^(${ITEM})?[_ -]?(id)?$|^(parent_)?asin$|^appid$|^tconst$|^mal_id$`, 'i');
/** An edition rather than the item that is rated, where there is an id too. */
const EDITION_TITLES = /^isbn$/i;
const TITLE_TITLES = new RegExp(
  `^(title|name|primaryTitle|(${ITEM})[_ -]?(title|name|text)|titre|t[ií]tulo|titel|titolo|nombre|nom|название|标题|タイトル)$`,
  'i',
);
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
  const ids = [ID_TITLES, EDITION_TITLES].map((known) =>
    fields.findIndex((field, column) => column !== title && field.trim() !== '' && known.test(field.trim())),
  );
  const id = ids.find((column) => column >= 0) ?? (title === 0 ? 1 : 0);
  return title === -1 ? undefined : { id, title, genres: find(GENRE_TITLES) };
}

/** The genres of a cell, which bars separate, or else commas; or a list of texts, or of objects with names, as Python prints it. */
export function genresIn(text: string): string[] {
  if (text === '(no genres listed)') return [];
  if (text.startsWith('[') && text.endsWith(']')) {
    const texts = text.includes('{') ? /['"]name['"]: *['"]([^'"]*)['"]/g : /['"]([^'"]*)['"]/g;
    return Array.from(text.matchAll(texts), ([, genre = '']) => genre);
  }
  return text.split(text.includes('|') ? '|' : ',').map((genre) => genre.trim());
}
