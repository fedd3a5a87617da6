/** The items a visitor may rate, and in which order they are offered. */
import type { Id, Model, Ratings } from 'matfac';
import { yielding } from '../base/yielding.js';

export interface Title {
  title: string;
  genres?: string[];
}

/** The items a visitor may rate. A model shares the list of the ratings it was trained on; stars belong to a list. */
export interface ItemList {
  /** The best known first. */
  items: Id[];
  sample: boolean;
  /** The titles that came with the ratings: the sample's, or those in the same zip archive. */
  titles: ReadonlyMap<Id, Title> | null;
}

/** The visitor's ratings, in the order they were given. */
export type Stars = ReadonlyMap<Id, number>;

/** True for a rating above the middle of its range, and for one of a range without a width, where there is no dislike. */
export const isLiked = (rating: number, [least, most]: readonly [number, number]): boolean =>
  least === most || rating > (least + most) / 2;

/** A counting sort in steps of a few milliseconds, so that hundreds of thousands of items do not block the page. */
export async function itemListOfRatings(
  ratings: Ratings,
  { sample, titles }: Pick<ItemList, 'sample' | 'titles'>,
): Promise<ItemList> {
  const yieldNow = yielding();
  const { itemCounts } = ratings;
  const most = itemCounts.reduce((a, b) => Math.max(a, b), 0);
  // Where the items of each count start, the most rated first; the sort is stable.
  const starts = new Int32Array(most + 2);
  for (const count of itemCounts) starts[most - count + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  await yieldNow();
  const { items } = ratings;
  const order = new Array<Id>(items.length);
  for (const [i, item] of items.entries()) {
    order[starts[most - itemCounts[i]!]!++] = item;
    if (i % 4096 === 0) await yieldNow();
  }
  return { items: order, sample, titles };
}

/**
 * The list for an opened model: the present one if it has all of the model's items, with the model's ids where those are
 * strings and the list's are numbers, or the reverse; otherwise the model's own items, those with the longest factors first,
 * because regularization keeps the factors of rarely rated items short.
 */
export function itemListOfModel(model: Model, present: ItemList | null): ItemList {
  const known = new Set(present?.items);
  if (present && model.items.every((item) => known.has(item))) return present;
  const own = new Map(model.items.map((item) => [String(item), item]));
  const items = present?.items.map((item) => own.get(String(item)) ?? item);
  const renamed = new Set(items);
  if (present && items && model.items.every((item) => renamed.has(item))) return { ...present, items };
  const { rows, columns, data } = model.itemFactors;
  const length = new Float32Array(rows);
  for (let i = 0; i < data.length; i++) length[Math.floor(i / columns)]! += data[i]! ** 2;
  const order = [...length.keys()].sort((a, b) => length[b]! - length[a]!);
  return { items: order.map((i) => model.items[i]!), sample: false, titles: null };
}
