import type { Id, Model, Ratings } from 'matfac';
import { yielding } from '../base/yielding.js';

export interface Title {
  title: string;
  genres?: string[];
}

/** The items that one may rate. A model and the ratings it was trained on share one, and so do a visitor's stars. */
export interface ItemList {
  /** Best known first. */
  items: Id[];
  sample: boolean;
  /** Those that came with the ratings: the sample's, or of the same zip archive. */
  titles: ReadonlyMap<Id, Title> | null;
}

/** The visitor's stars, in the order they were given. */
export type Stars = ReadonlyMap<Id, number>;

/** Sorts by counting, in steps of some milliseconds: hundreds of thousands of items would hold the page up. */
export async function itemListOfRatings(
  ratings: Ratings,
  { sample, titles }: Pick<ItemList, 'sample' | 'titles'>,
): Promise<ItemList> {
  const yieldNow = yielding();
  const { itemCounts } = ratings;
  const most = itemCounts.reduce((a, b) => Math.max(a, b), 0);
  // Where the items of each count begin, those rated most first; of equals the first is first.
  const begin = new Int32Array(most + 2);
  for (const count of itemCounts) begin[most - count + 1]!++;
  for (let place = 1; place < begin.length; place++) begin[place]! += begin[place - 1]!;
  await yieldNow();
  const { items } = ratings;
  const order = new Array<Id>(items.length);
  for (const [place, item] of items.entries()) {
    order[begin[most - itemCounts[place]!]!++] = item;
    if (place % 4096 === 0) await yieldNow();
  }
  return { items: order, sample, titles };
}

/**
 * The itemList of a model that was opened: the one at hand when it has all of the model's items; else the model's own
 * items, those with the longest factors first, for regularization keeps an item with few ratings short.
 */
export function itemListOfModel(model: Model, atHand: ItemList | null): ItemList {
  const known = new Set(atHand?.items);
  if (atHand && model.items.every((item) => known.has(item))) return atHand;
  const { rows, columns, data } = model.itemFactors;
  const length = new Float32Array(rows);
  for (let i = 0; i < data.length; i++) length[Math.floor(i / columns)]! += data[i]! ** 2;
  const order = [...length.keys()].sort((a, b) => length[b]! - length[a]!);
  return { items: order.map((i) => model.items[i]!), sample: false, titles: null };
}
