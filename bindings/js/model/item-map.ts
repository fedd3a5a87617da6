import { plainOptions, requireOneOf } from '../base/checks.js';
import type { Id, Ids } from '../ratings/ids.js';

/** An item's position on the map. */
export interface MapPoint {
  item: Id;
  x: number;
  y: number;
}

/** An item's position in space. */
export interface SpacePoint extends MapPoint {
  z: number;
}

/** Options of `model.map`. */
export interface MapOptions {
  /** 2 (the default) or 3. */
  dimensions?: 2 | 3;
  /** As in `similarItems`: items with few ratings are closer to the middle. */
  shrinkage?: number;
}

export function dimensionsOf(options: MapOptions): 2 | 3 {
  const { dimensions = 2 } = plainOptions('map', options, ['dimensions', 'shrinkage']);
  requireOneOf('map: dimensions', dimensions, [2, 3]);
  return dimensions;
}

export function pointsOf(coordinates: Float32Array, dimensions: 2 | 3, items: Ids): (MapPoint | SpacePoint)[] {
  return items.list.map((item, index) => {
    const from = index * dimensions;
    const point = { item, x: coordinates[from]!, y: coordinates[from + 1]! };
    return dimensions === 3 ? { ...point, z: coordinates[from + 2]! } : point;
  });
}
