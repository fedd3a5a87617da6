import {
  nearestTo,
  onCanvas,
  type Point,
  type Positions,
  pointAt,
  positionsBetween,
  type View,
  viewBetween,
  viewOfAll,
  zoomed,
} from '../../compute/map-geometry.js';

export interface Size {
  width: number;
  height: number;
}

/** What is to be drawn now. */
export interface Frame {
  positions: Positions;
  view: View;
  /** True while one map still turns into the next: another frame follows. */
  isMoving: boolean;
}

/** Milliseconds from one map to the next. */
const transition = 260;

const nothing: Positions = new Float64Array();

/** Which part of the map is in view, and how far the map before has turned into the present one. */
export class MapCamera {
  #size: Size = { width: 0, height: 0 };
  #positions = nothing;
  #positionsBefore = nothing;
  #view: View | null = null;
  #viewBefore: View | null = null;
  #since = 0;
  /** Until the visitor pans or zooms, the view follows the map. */
  #isMovedByHand = false;
  #all: { positions: Positions; size: Size; view: View } | null = null;

  get size(): Size {
    return this.#size;
  }

  resize(size: Size): void {
    this.#size = size;
  }

  /** `animated`: the points move to their new positions; they are as many, in the same order. */
  show(positions: Positions, animated: boolean): void {
    this.#positionsBefore = animated ? this.#positions : nothing;
    this.#viewBefore = this.#view;
    if (animated) this.#since = performance.now();
    this.#positions = positions;
  }

  frame(now: number, reducedMotion: boolean): Frame {
    const share = reducedMotion ? 1 : Math.min(1, (now - this.#since) / transition);
    const eased = 1 - (1 - share) ** 3;
    const moves = share < 1 && this.#positionsBefore.length === this.#positions.length;
    if (!this.#isMovedByHand || !this.#view) {
      const end = this.#viewOfAll();
      this.#view = moves && this.#viewBefore ? viewBetween(this.#viewBefore, end, eased) : end;
    }
    const positions = moves ? positionsBetween(this.#positionsBefore, this.#positions, eased) : this.#positions;
    return { positions, view: this.#view, isMoving: share < 1 };
  }

  pan(dx: number, dy: number): void {
    const now = this.#view ?? this.#viewOfAll();
    this.#moveTo({ ...now, dx: now.dx + dx, dy: now.dy + dy });
  }

  zoom(factor: number, at: Point = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    const now = this.#view ?? this.#viewOfAll();
    const least = this.#viewOfAll().scale;
    const bounded = Math.min(60, Math.max(0.8, (now.scale * factor) / least)) * (least / now.scale);
    this.#moveTo(zoomed(now, bounded, at));
  }

  /** Shows all points again. */
  reset(): void {
    this.#isMovedByHand = false;
  }

  /** Moves a point to the middle, at the present scale or a larger one. */
  centre(index: number): void {
    const { x, y } = pointAt(this.#positions, index);
    const { width, height } = this.#size;
    const least = this.#viewOfAll().scale;
    const scale = Math.max(this.#view?.scale ?? least, 2.5 * least);
    this.#moveTo({ scale, dx: width / 2 - scale * x, dy: height / 2 + scale * y });
  }

  /** Where a point is on the canvas; undefined for −1 and for one out of view. */
  spotInView(index: number): Point | undefined {
    if (index < 0 || !this.#view) return undefined;
    const { x, y } = onCanvas(this.#view, pointAt(this.#positions, index));
    const isInView = x >= 0 && y >= 0 && x <= this.#size.width && y <= this.#size.height;
    return isInView ? { x, y } : undefined;
  }

  /** The index of the point nearest to `at`, within `reach` pixels; −1 for none. */
  pointNear(at: Point, reach: number): number {
    return this.#view ? nearestTo(this.#positions, this.#view, at, reach) : -1;
  }

  #moveTo(view: View): void {
    this.#view = view;
    this.#isMovedByHand = true;
  }

  /** Sorts all points, so it is computed once for each map and size. */
  #viewOfAll(): View {
    const [positions, size] = [this.#positions, this.#size];
    if (this.#all?.positions !== positions || this.#all.size !== size) {
      this.#all = { positions, size, view: viewOfAll(positions, size.width, size.height) };
    }
    return this.#all.view;
  }
}
