import type { Point } from '../../compute/map-geometry.js';

/** What a visitor does to the map by mouse, touch or keyboard. */
export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at?: Point): void;
  reset(): void;
  /** Null when the pointer leaves the map. */
  hover(at: Point | null): void;
  pick(at: Point, isTouch: boolean): void;
}

const keys: Record<string, (gestures: Gestures) => void> = {
  ArrowLeft: ({ pan }) => pan(40, 0),
  ArrowRight: ({ pan }) => pan(-40, 0),
  ArrowUp: ({ pan }) => pan(0, 40),
  ArrowDown: ({ pan }) => pan(0, -40),
  '+': ({ zoom }) => zoom(1.4),
  '=': ({ zoom }) => zoom(1.4),
  '-': ({ zoom }) => zoom(1 / 1.4),
  '0': ({ reset }) => reset(),
};

export function listenToGestures(canvas: HTMLCanvasElement, gestures: Gestures): void {
  listenToPointers(canvas, gestures);
  canvas.addEventListener('wheel', (event) => {
    // Otherwise the page scrolls: the map zooms only once it has the focus, or with the control key of a pinch.
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    gestures.zoom(Math.exp(-event.deltaY / 300), at(event));
  });
  canvas.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(gestures);
  });
}

const at = (event: MouseEvent): Point => ({ x: event.offsetX, y: event.offsetY });

/** Pixels that a pointer may travel and still count as a press. */
const slack = 4;

/** A drag pans, two fingers zoom, a press without a drag picks. */
function listenToPointers(canvas: HTMLCanvasElement, { pan, zoom, hover, pick }: Gestures): void {
  const down = new Map<number, Point>();
  let travelled = 0;
  const spread = () => {
    const [a, b] = [...down.values()];
    return a && b ? { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : null;
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, at(event));
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (!before) return hover(at(event));
    const spreadBefore = spread();
    const now = at(event);
    down.set(event.pointerId, now);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    const spreadNow = spread();
    if (spreadBefore && spreadNow) zoom(spreadNow.distance / Math.max(1, spreadBefore.distance), spreadNow);
    else if (travelled > slack) pan(now.x - before.x, now.y - before.y);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (down.delete(event.pointerId) && down.size === 0 && travelled <= slack) {
      pick(at(event), event.pointerType === 'touch');
    }
  });
  canvas.addEventListener('pointercancel', (event) => down.delete(event.pointerId));
  canvas.addEventListener('pointerleave', () => hover(null));
}
