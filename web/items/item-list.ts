import type { Id, Model, Ratings } from 'matfac';
import { turns } from '../base/turns.js';
import type { Catalogue, Title, TitleList } from '../state/state.js';

/** Sorts by counting, in steps of some milliseconds: hundreds of thousands of items would hold the page up. */
export async function catalogueOfRatings(
  ratings: Ratings,
  { sample, titles }: Pick<Catalogue, 'sample' | 'titles'>,
): Promise<Catalogue> {
  const turn = turns();
  const { itemCounts } = ratings;
  const most = itemCounts.reduce((a, b) => Math.max(a, b), 0);
  // Where the items of each count begin, those rated most first; of equals the first is first.
  const begin = new Int32Array(most + 2);
  for (const count of itemCounts) begin[most - count + 1]!++;
  for (let place = 1; place < begin.length; place++) begin[place]! += begin[place - 1]!;
  await turn();
  const { items } = ratings;
  const order = new Array<Id>(items.length);
  for (const [place, item] of items.entries()) {
    order[begin[most - itemCounts[place]!]!++] = item;
    if (place % 4096 === 0) await turn();
  }
  return { items: order, sample, titles };
}

/**
 * The catalogue of a model that was opened: the one at hand when it has all of the model's items; else the model's own
 * items, those with the longest factors first, for regularization keeps an item with few ratings short.
 */
export function catalogueOfModel(model: Model, atHand: Catalogue | null): Catalogue {
  const known = new Set(atHand?.items);
  if (atHand && model.items.every((item) => known.has(item))) return atHand;
  const { rows, columns, data } = model.itemFactors;
  const length = new Float32Array(rows);
  for (let i = 0; i < data.length; i++) length[Math.floor(i / columns)]! += data[i]! ** 2;
  const order = [...length.keys()].sort((a, b) => length[b]! - length[a]!);
  return { items: order.map((i) => model.items[i]!), sample: false, titles: null };
}

export interface Name {
  title: string;
  genres: string;
}

/** What an item is called: by the titles file, by the sample itself, or by its id. */
export function nameOf(item: Id, catalogue: Catalogue, titles: TitleList | null): Name {
  const found = titleIn(item, catalogue, titles);
  return found ? { title: found.title, genres: found.genres?.join(', ') ?? '' } : { title: `Item ${item}`, genres: '' };
}

/** The genres of an item, the first of them the one it is coloured by; none where no titles file says any. */
export const genresOf = (item: Id, catalogue: Catalogue, titles: TitleList | null): readonly string[] =>
  titleIn(item, catalogue, titles)?.genres ?? [];

/** What a titles file or the ratings’ own source says of an item. */
export function titleIn(item: Id, catalogue: Catalogue, titles: TitleList | null): Title | undefined {
  const own = catalogue.titles && titleOf(item, catalogue.titles);
  if (catalogue.sample || !titles) return own ?? undefined;
  return titleOf(item, titles.byId) ?? own ?? undefined;
}

/** Ids may be numbers in one file and strings in the other. */
export const titleOf = (item: Id, byId: TitleList['byId']): Title | undefined =>
  byId.get(item) ?? byId.get(String(item)) ?? byId.get(Number(item));
