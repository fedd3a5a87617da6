/** Tastes to borrow: somebody who loves a genre, from the best-known items. */
import type { Id } from 'matfac';
import type { ItemList } from '../items/item-list.js';
import { genresOf, type TitleList } from '../items/titles.js';

export interface Persona {
  words: string;
  liked: readonly Id[];
  /** Best-known items that share no genre with those. */
  disliked: readonly Id[];
}

/** Among this many best-known items. */
const known = 300;

/** Genres that are spoken of in the plural. */
const plural = /^(thriller|western|musical|drama|comedy|documentary)$/;

const lovesWhat = (genre: string): string => {
  const name = genre.toLowerCase();
  return plural.test(name) ? `${name}s`.replace(/ys$/, 'ies') : name;
};

/** Those of the most frequent genres, at most `most`. */
export function personasOf(itemList: ItemList, titles: TitleList | null, most: number): Persona[] {
  const items = itemList.items.slice(0, known).map((item) => ({ item, genres: genresOf(item, itemList, titles) }));
  const counts = new Map<string, number>();
  for (const { genres } of items) for (const genre of genres) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  const frequent = [...counts].filter(([, count]) => count >= 6).sort((a, b) => b[1] - a[1]);
  return frequent.slice(0, most).map(([genre]) => {
    const liked = items.filter(({ genres }) => genres.includes(genre)).slice(0, 5);
    const theirs = new Set(liked.flatMap(({ genres }) => genres));
    const others = items.filter(({ genres }) => genres.length > 0 && !genres.some((each) => theirs.has(each)));
    const ids = (some: typeof items) => some.map(({ item }) => item);
    return { words: `Loves ${lovesWhat(genre)}`, liked: ids(liked), disliked: ids(others.slice(0, 3)) };
  });
}
