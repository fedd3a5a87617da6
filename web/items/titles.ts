/** Titles and genres of items. */
import type { Id } from 'matfac';
import type { ItemList, Title } from './item-list.js';

export interface TitleList {
  name: string;
  byId: ReadonlyMap<Id, Title>;
}

export interface ItemName {
  title: string;
  genres: string;
}

/** The name of an item: from the titles file, from the ratings' own titles, or made from its id. */
export function nameOf(item: Id, itemList: ItemList, titles: TitleList | null): ItemName {
  const found = titleIn(item, itemList, titles);
  return found ? { title: found.title, genres: found.genres?.join(', ') ?? '' } : { title: `Item ${item}`, genres: '' };
}

/** The genres of an item; the first one gives its colour. Empty if its titles have none. */
export const genresOf = (item: Id, itemList: ItemList, titles: TitleList | null): readonly string[] =>
  titleIn(item, itemList, titles)?.genres ?? [];

/** An item's title from the titles file or, failing that, from the source of the ratings. The sample uses its own only. */
export function titleIn(item: Id, itemList: ItemList, titles: TitleList | null): Title | undefined {
  const own = itemList.titles?.get(item);
  return itemList.sample ? own : (titles?.byId.get(item) ?? own);
}
