import type { Id } from 'matfac';
import { mostDots } from '../../actions/update-map.js';
import { h } from '../../base/dom.js';
import type { Positions } from '../../compute/map-geometry.js';
import type { Groups } from '../../compute/map-landmarks.js';
import { genreIndex, genresToColour } from '../../items/genre-colours.js';
import type { ItemList } from '../../items/item-list.js';
import { genresOf, type TitleList } from '../../items/titles.js';
import type { ItemMap } from '../../state/state.js';
import type { ColourBy, ColourChoice } from './colour-choice.js';

/** Which items of a map are drawn, in which order and colours. It stays the same from one epoch to the next. */
export interface MapStyle {
  madeFor: readonly unknown[];
  colours: Uint8Array;
  /** By popularity, as indices of `sizeFactors`. */
  sizes: Uint8Array;
  /** The drawn items of each genre that is not rare; none where items have no genres. */
  genres: Groups;
  palette: readonly string[];
  legend: readonly HTMLElement[];
  itemAt(index: number): Id | undefined;
  /** −1 for an item that is not drawn. */
  indexOf(item: Id): number;
  /** From the order of the map's items to the order of drawing: the best known first. */
  inOrder(positions: Positions): Positions;
}

/** Radii of dots, from the best known items to the least. */
export const sizeFactors = [2.4, 1.8, 1.35, 1, 0.75];

/** The hundredth of the items that is known best, the twentieth, the fifth, and the half. */
const sizeOf = (share: number): number => [0.01, 0.05, 0.2, 0.5].filter((end) => share >= end).length;

/** Genres of at least this share of the items, and of at least five, are named on the map. */
const leastShare = 0.02;

function genresOfDrawn(drawn: readonly Id[], itemList: ItemList, titles: TitleList | null): Groups {
  const groups = new Map<string, number[]>();
  for (const [index, item] of drawn.entries()) {
    for (const genre of genresOf(item, itemList, titles)) {
      const members = groups.get(genre);
      if (members) members.push(index);
      else groups.set(genre, [index]);
    }
  }
  const least = Math.max(5, leastShare * drawn.length);
  return new Map(
    [...groups].filter(([, members]) => members.length >= least).sort(([, a], [, b]) => b.length - a.length),
  );
}

/** The present style if it still fits, else a new one. */
export function styleOf(
  { items, itemList }: ItemMap,
  titles: TitleList | null,
  colours: ColourChoice,
  present: MapStyle | null,
): MapStyle {
  if (present && isSame(present.madeFor, [items, itemList, titles, colours.chosen()])) return present;
  const genres = genresToColour(itemList, titles);
  colours.offer(genres.length > 0);
  const by = colours.chosen();
  const { drawn, order } = bestKnown(items, itemList);
  const indices = new Map(drawn.map((item, index) => [item, index]));
  const names = by === 'genre' ? [...genres, 'other'] : ['least rated', '', 'middle', '', 'most rated'];
  const palette = by === 'genre' ? [...genres.map((_, i) => `genre${i}`), 'other'] : names.map((_, i) => `rank${i}`);
  const colourOf = (item: Id, rank: number) => {
    if (by === 'popularity') return Math.floor((1 - rank / drawn.length) * 4.999);
    const genre = genreIndex(item, genres, itemList, titles);
    return genre < 0 ? genres.length : genre;
  };
  return {
    madeFor: [items, itemList, titles, by],
    colours: Uint8Array.from(drawn, colourOf),
    sizes: Uint8Array.from(drawn, (_, rank) => sizeOf(rank / drawn.length)),
    genres: genresOfDrawn(drawn, itemList, titles),
    palette,
    legend: legendOf(names, palette, by),
    itemAt: (index) => drawn[index],
    indexOf: (item) => indices.get(item) ?? -1,
    inOrder: (positions) => reordered(positions, order),
  };
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((value, i) => value === b[i]);

/** The items that are drawn, the best known first, and the index of each in `items`. */
function bestKnown(items: readonly Id[], itemList: ItemList): { drawn: Id[]; order: Int32Array } {
  const best = itemList.items.slice(0, mostDots);
  const ranks = new Map(best.map((item, rank) => [item, rank]));
  const indices = new Int32Array(best.length).fill(-1);
  for (const [i, item] of items.entries()) {
    const rank = ranks.get(item);
    if (rank !== undefined) indices[rank] = i;
  }
  return { drawn: best.filter((_, rank) => indices[rank]! >= 0), order: indices.filter((i) => i >= 0) };
}

function reordered(positions: Positions, order: Int32Array): Positions {
  const ordered = new Float64Array(2 * order.length);
  for (const [i, from] of order.entries()) {
    ordered[2 * i] = positions[2 * from]!;
    ordered[2 * i + 1] = positions[2 * from + 1]!;
  }
  return ordered;
}

/** Genres in their order, popularity from the highest; the steps between named ones have no entry. */
function legendOf(names: readonly string[], palette: readonly string[], by: ColourBy): HTMLElement[] {
  const entries = names.map((name, i) => {
    const swatch = h('span', { class: `swatch ${palette[i] === 'other' ? '' : palette[i]}` });
    return name === '' ? null : h('li', {}, swatch, name);
  });
  const named = entries.filter((entry) => entry !== null);
  return by === 'genre' ? named : named.reverse();
}
