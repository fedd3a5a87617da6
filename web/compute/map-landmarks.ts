/** What the places on a map mean: where groups of items are, what lies at the ends of its axes, and where the visitor is. */
import { type Point, type Positions, pointAt } from './map-geometry.js';

/** Names and the indices of their points. */
export type Groups = ReadonlyMap<string, readonly number[]>;

export interface Landmark extends Point {
  name: string;
}

export const centroidsOf = (groups: Groups, positions: Positions): Landmark[] =>
  [...groups].map(([name, members]) => ({ name, ...meanOf(members, positions) }));

function meanOf(members: readonly number[], positions: Positions): Point {
  const sum = { x: 0, y: 0 };
  for (const member of members) {
    sum.x += positions[2 * member]!;
    sum.y += positions[2 * member + 1]!;
  }
  return { x: sum.x / members.length, y: sum.y / members.length };
}

/** What lies towards the lower and the upper end of an axis, the furthest first. */
export interface AxisEnds {
  low: readonly string[];
  high: readonly string[];
}

export interface MapAxes {
  x: AxisEnds;
  y: AxisEnds;
}

/** How many names an end has. */
const perEnd = 2;

/** Below this many standard deviations of all points, a group is no more at one end than at the other. */
const leastShift = 0.15;

/** The groups whose means are furthest from the mean of all points, on either side. */
export function axesByGroups(groups: Groups, positions: Positions): MapAxes {
  const centroids = centroidsOf(groups, positions);
  const axis = (name: 'x' | 'y'): AxisEnds => {
    const { mean, deviation } = spreadOf(positions, name === 'x' ? 0 : 1);
    const shifts = centroids
      .map((centroid) => ({ name: centroid.name, shift: (centroid[name] - mean) / deviation }))
      .filter(({ shift }) => Math.abs(shift) > leastShift)
      .sort((a, b) => a.shift - b.shift);
    const names = (side: typeof shifts) => side.slice(0, perEnd).map((each) => each.name);
    return {
      low: names(shifts.filter(({ shift }) => shift < 0)),
      high: names(shifts.filter(({ shift }) => shift > 0).reverse()),
    };
  };
  return { x: axis('x'), y: axis('y') };
}

/**
 * The best known of the points in the outermost twentieth at each end, another one at each; points are in the order of how well they
 * are known.
 */
export function axesByPoints(positions: Positions, nameOf: (index: number) => string): MapAxes {
  const taken = new Set<number>();
  const axis = (offset: 0 | 1): AxisEnds => {
    const along = positions.filter((_, i) => i % 2 === offset);
    const sorted = along.toSorted();
    if (sorted.length === 0 || sorted[0] === sorted.at(-1)) return { low: [], high: [] };
    const cut = Math.max(1, Math.floor(sorted.length / 20));
    const best = (isThere: (x: number) => boolean) => {
      const index = along.findIndex((x, i) => isThere(x) && !taken.has(i));
      if (index < 0) return [];
      taken.add(index);
      return [nameOf(index)];
    };
    return { low: best((x) => x <= sorted[cut - 1]!), high: best((x) => x >= sorted[sorted.length - cut]!) };
  };
  return { x: axis(0), y: axis(1) };
}

/** What an axis means by groups where both of its ends have some, else by points. */
export function axesOf(groups: Groups, positions: Positions, nameOf: (index: number) => string): MapAxes {
  const named = axesByGroups(groups, positions);
  const hasBoth = ({ low, high }: AxisEnds) => low.length > 0 && high.length > 0;
  if (hasBoth(named.x) && hasBoth(named.y)) return named;
  const items = axesByPoints(positions, nameOf);
  return { x: hasBoth(named.x) ? named.x : items.x, y: hasBoth(named.y) ? named.y : items.y };
}

function spreadOf(positions: Positions, offset: 0 | 1): { mean: number; deviation: number } {
  const count = positions.length / 2;
  let [sum, squares] = [0, 0];
  for (let i = offset; i < positions.length; i += 2) {
    sum += positions[i]!;
    squares += positions[i]! ** 2;
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(Number.MIN_VALUE, squares / count - mean ** 2)) };
}

/**
 * Where a visitor is: the mean of the places of the items that they rated above the middle of the scale, each by how far above.
 * Null for a visitor who has rated none so highly.
 */
export function placeOfVisitor(
  rated: readonly { index: number; rating: number }[],
  positions: Positions,
  middle: number,
): Point | null {
  const place = { x: 0, y: 0 };
  let total = 0;
  for (const { index, rating } of rated) {
    const weight = rating - middle;
    if (index < 0 || weight <= 0) continue;
    const { x, y } = pointAt(positions, index);
    place.x += weight * x;
    place.y += weight * y;
    total += weight;
  }
  return total > 0 ? { x: place.x / total, y: place.y / total } : null;
}
