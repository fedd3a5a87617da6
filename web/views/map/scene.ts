import type { Positions } from '../../compute/map-geometry.js';

/** What the map draws. The first points are drawn on top and are labelled first. */
export interface Scene {
  positions: Positions;
  /** Per point: its index in `palette`. */
  colours: Uint8Array;
  /** Names of custom properties of the style sheet. */
  palette: readonly string[];
  labelOf(index: number): string;
  /** The index of the chosen point; −1 for none. */
  chosen: number;
  /** The points nearest to the chosen one. */
  near: readonly number[];
}

export const emptyScene: Scene = {
  positions: new Float64Array(),
  colours: new Uint8Array(),
  palette: [],
  labelOf: () => '',
  chosen: -1,
  near: [],
};
