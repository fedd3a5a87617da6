import { h } from '../../base/dom.js';
import type { Point } from '../../compute/map-geometry.js';
import { MapCamera } from './map-camera.js';
import { listenToGestures } from './map-gestures.js';
import { painter } from './map-painter.js';
import { emptyScene, type Scene } from './scene.js';

/** Pixels around the pointer in which a point is found; a finger is less exact. */
const reach = { pointer: 14, touch: 28 };

/** Points on a canvas with zoom, pan, hover and choice. Its description and its table are beside it. */
export class MapCanvas {
  readonly element = h('canvas', { tabindex: '0', role: 'img', class: 'map-canvas' });
  readonly #camera = new MapCamera();
  readonly #paint = painter(this.element);
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  #scene = emptyScene;
  #hovered = -1;
  #nextFrame = 0;

  constructor(choose: (index: number) => void) {
    listenToGestures(this.element, {
      pan: (dx, dy) => this.#move(() => this.#camera.pan(dx, dy)),
      zoom: (factor, at) => this.zoom(factor, at),
      reset: () => this.reset(),
      hover: (at) => this.#hover(at),
      pick: (at, isTouch) => choose(this.#camera.pointNear(at, isTouch ? reach.touch : reach.pointer)),
    });
    // The size the observer reports is kept: reading it in a frame would force a layout of the whole page.
    new ResizeObserver(() => {
      this.#move(() => this.#camera.resize({ width: this.element.clientWidth, height: this.element.clientHeight }));
    }).observe(this.element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#redraw());
  }

  /** `animated`: the points move to their new positions. */
  show(scene: Scene, animated: boolean): void {
    this.#scene = scene;
    this.#hovered = -1;
    this.#move(() => this.#camera.show(scene.positions, animated));
  }

  /** Without a place, zooms about the chosen point if it is in view, so that it stays there. */
  zoom(factor: number, at?: Point): void {
    this.#move(() => this.#camera.zoom(factor, at ?? this.#camera.spotInView(this.#scene.chosen)));
  }

  reset(): void {
    this.#move(() => this.#camera.reset());
  }

  /** Moves a point to the middle; −1 does nothing. */
  centre(index: number): void {
    if (index >= 0) this.#move(() => this.#camera.centre(index));
  }

  #move(change: () => void): void {
    change();
    this.#redraw();
  }

  #hover(at: Point | null): void {
    const found = at ? this.#camera.pointNear(at, reach.pointer) : -1;
    if (found === this.#hovered) return;
    this.#hovered = found;
    this.element.style.cursor = found >= 0 ? 'pointer' : 'grab';
    this.#redraw();
  }

  #redraw(): void {
    this.#nextFrame ||= requestAnimationFrame((now) => {
      this.#nextFrame = 0;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    const { size } = this.#camera;
    if (size.width === 0 || size.height === 0) return;
    const { positions, view, isMoving } = this.#camera.frame(now, this.#reducedMotion.matches);
    this.#paint({ scene: this.#scene, positions, view, hovered: this.#hovered, size });
    if (isMoving) this.#redraw();
  }
}
