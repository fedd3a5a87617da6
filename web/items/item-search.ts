/** Finds items by words of their titles and genres: the beginning of a word is enough, and small typos are forgiven. */
import type { Id } from 'matfac';
import type MiniSearch from 'minisearch';
import { yielding } from '../base/yielding.js';
import type { ItemList } from './item-list.js';
import { genresOf, type TitleList, titleIn } from './titles.js';

type Find = (query: string, limit: number) => Id[];

/** Titles added to the index at a time: a few milliseconds. */
const chunkSize = 250;

let latest: { itemList: ItemList; titles: TitleList | null; find: Promise<Find> } | null = null;

/** The items that match a query, the best first and at most `limit`. */
export async function searchItems(itemList: ItemList, titles: TitleList | null, query: string, limit: number) {
  return (await finderOf(itemList, titles))(query, limit);
}

/** Built in slices at the first search of a list; the search library is loaded only then. */
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
      // Of two equal matches, the better known item comes first.
      boostDocument: (rank) => 2 - rank / size,
    },
  });
  const genres = (rank: number) => genresOf(itemList.items[rank]!, itemList, titles).join(' ');
  const entries = [...folded].map(([rank, title]) => ({ id: rank, title, genres: genres(rank) }));
  await index.addAllAsync(entries, { chunkSize });
  return (query, limit) => matches(itemList, folded, index, query, limit);
}

interface Entry {
  /** The rank of the item in the list, 0 for the best known. */
  id: number;
  title: string;
  genres: string;
}

/** The item with this id, then titles that start with the query, then the matches of the index. */
function matches({ items }: ItemList, folded: Titles, index: MiniSearch<Entry>, query: string, limit: number): Id[] {
  const wanted = fold(query.trim());
  if (wanted === '') return items.slice(0, limit);
  const ranks = new Set<number>();
  const byId = items.findIndex((item) => String(item) === query.trim());
  if (byId >= 0) ranks.add(byId);
  for (const [rank, title] of folded) {
    if (ranks.size >= limit) break;
    if (title.startsWith(wanted)) ranks.add(rank);
  }
  for (const { id } of index.search(query)) ranks.add(id);
  // An item without a title is named by its id.
  for (let rank = 0; rank < items.length && ranks.size < limit; rank++) {
    if (!folded.has(rank) && `item ${items[rank]}`.toLowerCase().includes(wanted)) ranks.add(rank);
  }
  return [...ranks].slice(0, limit).map((rank) => items[rank]!);
}

/** By the rank of the item. */
type Titles = ReadonlyMap<number, string>;

async function foldedTitles(itemList: ItemList, titles: TitleList | null): Promise<Titles> {
  const folded = new Map<number, string>();
  const yieldNow = yielding();
  for (const [rank, item] of itemList.items.entries()) {
    const title = titleIn(item, itemList, titles);
    if (title) folded.set(rank, fold(title.title));
    await yieldNow();
  }
  return folded;
}

/** Without accents and case, so “amelie” finds “Amélie”. */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
