import type { Positions } from '../../compute/map-geometry.js';
import type { Landmark } from '../../compute/map-landmarks.js';

/** What the map draws. The first points are drawn on top and are labelled first. */
export interface Scene {
  /** Of the items, and after them of the visitor if there is a place for one. */
  positions: Positions;
  /** Per item: its index in `palette`. */
  colours: Uint8Array;
  /** Per item: its index in `sizes` of map-style.ts. */
  sizes: Uint8Array;
  /** Names of custom properties of the style sheet. */
  palette: readonly string[];
  labelOf(index: number): string;
  /** The index of the chosen item; −1 for none. */
  chosen: number;
  /** The items nearest to the chosen one. */
  near: readonly number[];
  /** The items recommended to the visitor. */
  recommended: readonly number[];
  /** The index of the visitor in `positions`; −1 for none. */
  visitor: number;
  landmarks: readonly Landmark[];
}

export const emptyScene: Scene = {
  positions: new Float64Array(),
  colours: new Uint8Array(),
  sizes: new Uint8Array(),
  palette: [],
  labelOf: () => '',
  chosen: -1,
  near: [],
  recommended: [],
  visitor: -1,
  landmarks: [],
};
