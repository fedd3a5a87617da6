/** Finding items by words of their titles and genres: the start of a word is enough, and a slip of the finger is forgiven. */
import type { Id } from 'matfac';
import type MiniSearch from 'minisearch';
import { yielding } from '../base/yielding.js';
import type { ItemList } from './item-list.js';
import { genresOf, type TitleList, titleIn } from './titles.js';

type Find = (query: string, limit: number) => Id[];

/** Titles that are taken into the index at a time: some milliseconds. */
const chunkSize = 250;

let latest: { itemList: ItemList; titles: TitleList | null; find: Promise<Find> } | null = null;

/** The items that fit a query, at most so many: the best first. */
export async function searchItems(itemList: ItemList, titles: TitleList | null, query: string, limit: number) {
  return (await finderOf(itemList, titles))(query, limit);
}

/** Made at the first search of a itemList, in slices between other tasks; what makes it is loaded with it. */
export function finderOf(itemList: ItemList, titles: TitleList | null): Promise<Find> {
  if (latest?.itemList !== itemList || latest.titles !== titles) {
    const own = { itemList, titles, find: makeFinder(itemList, titles) };
    own.find.catch(() => {
      if (latest === own) latest = null;
    });
    latest = own;
  }
  return latest.find;
}

async function makeFinder(itemList: ItemList, titles: TitleList | null): Promise<Find> {
  const { default: Index } = await import('minisearch');
  const folded = await foldedTitles(itemList, titles);
  const { size } = folded;
  const index = new Index<Entry>({
    fields: ['title', 'genres'],
    processTerm: fold,
    searchOptions: {
      boost: { title: 3 },
      combineWith: 'AND',
      prefix: true,
      fuzzy: (word) => (word.length > 3 && !/\d/.test(word) ? 0.2 : false),
      weights: { prefix: 0.8, fuzzy: 0.2 },
      // Of two that fit as well, the better known one.
      boostDocument: (place) => 2 - place / size,
    },
  });
  const genres = (place: number) => genresOf(itemList.items[place]!, itemList, titles).join(' ');
  const entries = [...folded].map(([place, title]) => ({ id: place, title, genres: genres(place) }));
  await index.addAllAsync(entries, { chunkSize });
  return (query, limit) => found(itemList, folded, index, query, limit);
}

interface Entry {
  /** The place of the item in the itemList, 0 for the best known. */
  id: number;
  title: string;
  genres: string;
}

/** An item that has this id, titles that start with the query, and then the rest as the index has it. */
function found({ items }: ItemList, folded: Titles, index: MiniSearch<Entry>, query: string, limit: number): Id[] {
  const wanted = fold(query.trim());
  if (wanted === '') return items.slice(0, limit);
  const places = new Set<number>();
  const byId = items.findIndex((item) => String(item) === query.trim());
  if (byId >= 0) places.add(byId);
  for (const [place, title] of folded) {
    if (places.size >= limit) break;
    if (title.startsWith(wanted)) places.add(place);
  }
  for (const { id } of index.search(query)) places.add(id);
  // Without a title an item is called by its id alone.
  for (let place = 0; place < items.length && places.size < limit; place++) {
    if (!folded.has(place) && `item ${items[place]}`.toLowerCase().includes(wanted)) places.add(place);
  }
  return [...places].slice(0, limit).map((place) => items[place]!);
}

/** By the place of the item. */
type Titles = ReadonlyMap<number, string>;

async function foldedTitles(itemList: ItemList, titles: TitleList | null): Promise<Titles> {
  const folded = new Map<number, string>();
  const yieldNow = yielding();
  for (const [place, item] of itemList.items.entries()) {
    const title = titleIn(item, itemList, titles);
    if (title) folded.set(place, fold(title.title));
    await yieldNow();
  }
  return folded;
}

/** “Amélie” is found by “amelie”. */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
