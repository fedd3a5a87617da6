/** The colour of an item on the map. */
import type { Id } from 'matfac';
import type { ItemList } from './item-list.js';
import { genresOf, type TitleList } from './titles.js';

/** As many as people can tell apart; rarer genres are “other”. */
const mostColours = 6;

/** The genres that get a colour of their own: the most frequent first genres of the items, in that order. */
export function genresToColour(itemList: ItemList, titles: TitleList | null): string[] {
  const counts = new Map<string, number>();
  for (const item of itemList.items) {
    const first = genresOf(item, itemList, titles)[0];
    if (first) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostColours)
    .map(([genre]) => genre);
}

/** The index of an item's first genre in `genres`; −1 if it is not among them. */
export const genreIndex = (item: Id, genres: readonly string[], itemList: ItemList, titles: TitleList | null): number =>
  genres.indexOf(genresOf(item, itemList, titles)[0] ?? '');
