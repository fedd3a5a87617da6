/** What items are called. */
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

/** What an item is called: by the titles file, by the sample itself, or by its id. */
export function nameOf(item: Id, itemList: ItemList, titles: TitleList | null): ItemName {
  const found = titleIn(item, itemList, titles);
  return found ? { title: found.title, genres: found.genres?.join(', ') ?? '' } : { title: `Item ${item}`, genres: '' };
}

/** The genres of an item, the first of them the one it is coloured by; none where no titles file says any. */
export const genresOf = (item: Id, itemList: ItemList, titles: TitleList | null): readonly string[] =>
  titleIn(item, itemList, titles)?.genres ?? [];

/** What a titles file or the ratings’ own source says of an item. */
export function titleIn(item: Id, itemList: ItemList, titles: TitleList | null): Title | undefined {
  const own = itemList.titles && titleOf(item, itemList.titles);
  if (itemList.sample || !titles) return own ?? undefined;
  return titleOf(item, titles.byId) ?? own ?? undefined;
}

/** Ids may be numbers in one file and strings in the other. */
export const titleOf = (item: Id, byId: TitleList['byId']): Title | undefined =>
  byId.get(item) ?? byId.get(String(item)) ?? byId.get(Number(item));
