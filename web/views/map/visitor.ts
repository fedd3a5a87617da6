import type { Id } from 'matfac';
import type { Point, Positions } from '../../compute/map-geometry.js';
import { placeOfVisitor } from '../../compute/map-landmarks.js';
import { recommendationsFor } from '../../compute/recommend.js';
import { isLiked } from '../../items/item-list.js';
import { modelInUse, rangeOf, type State, seenOf, starsOf } from '../../state/state.js';

/** Where the visitor is among the drawn items, and what is recommended to them. */
export interface VisitorOnMap {
  place: Point | null;
  recommended: readonly Id[];
}

export function visitorOnMap(state: State, positions: Positions, indexOf: (item: Id) => number): VisitorOnMap {
  const { map, diversity } = state;
  const stars = starsOf(state, map?.itemList ?? null);
  const range = rangeOf(state);
  // What was taken counts the same everywhere; of a scale, how far above its middle.
  const middle = range[0] === range[1] ? 0 : (range[0] + range[1]) / 2;
  const liked = [...stars].filter(([, rating]) => isLiked(rating, range));
  const place = placeOfVisitor(
    liked.map(([item, rating]) => ({ index: indexOf(item), rating })),
    positions,
    middle,
  );
  return { place, recommended: recommendedOf(state, diversity) };
}

/** Nothing where a fold-in fails: Rate reports the problem. */
function recommendedOf(state: State, diversity: number): Id[] {
  const current = modelInUse(state);
  if (!current || current.itemList !== state.map?.itemList) return [];
  const stars = starsOf(state, current.itemList);
  if (stars.size === 0) return [];
  try {
    const seen = seenOf(state, current.itemList);
    const found = recommendationsFor(current.model, stars, { n: 10, diversity, range: rangeOf(state), seen });
    return found.map(({ item }) => item);
  } catch {
    return [];
  }
}
