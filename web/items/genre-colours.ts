/** What colour an item has on the map. */
import type { Id } from 'matfac';
import type { ItemList } from './item-list.js';
import { genresOf, type TitleList } from './titles.js';

/** As many as one tells apart; what is rarer is “other”. */
const tellable = 6;

/** Genres of their own colour, the most frequent first genres of all items first. */
export function genresToColour(itemList: ItemList, titles: TitleList | null): string[] {
  const counts = new Map<string, number>();
  for (const item of itemList.items) {
    const first = genresOf(item, itemList, titles)[0];
    if (first) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, tellable)
    .map(([genre]) => genre);
}

/** The place of an item's first genre in `genres`; −1 for any other. */
export const genreIndex = (item: Id, genres: readonly string[], itemList: ItemList, titles: TitleList | null): number =>
  genres.indexOf(genresOf(item, itemList, titles)[0] ?? '');
