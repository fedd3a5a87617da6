/** What colour an item has on the map. */
import type { Id } from 'matfac';
import type { Catalogue, TitleList } from '../state/state.js';
import { genresOf } from './item-list.js';

/** As many as one tells apart; what is rarer is “other”. */
const tellable = 6;

/** Genres of their own colour, the most frequent first genres of all items first. */
export function genresToColour(catalogue: Catalogue, titles: TitleList | null): string[] {
  const counts = new Map<string, number>();
  for (const item of catalogue.items) {
    const first = genresOf(item, catalogue, titles)[0];
    if (first) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, tellable)
    .map(([genre]) => genre);
}

/** The place of an item's first genre in `genres`; −1 for any other. */
export const genrePlace = (
  item: Id,
  genres: readonly string[],
  catalogue: Catalogue,
  titles: TitleList | null,
): number => genres.indexOf(genresOf(item, catalogue, titles)[0] ?? '');
