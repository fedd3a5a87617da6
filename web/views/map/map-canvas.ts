import { h } from '../../base/dom.js';
import {
  nearestTo,
  type Point,
  type Positions,
  pointAt,
  positionsBetween,
  spotsOf,
  type View,
  viewBetween,
  viewOfAll,
  zoomed,
} from '../../compute/map-geometry.js';
import { drawDots } from './dots.js';

/** The first points are drawn on top, and get their labels first. */
export interface Scene {
  places: Positions;
  /** By point: its place in `palette`. */
  colours: Uint8Array;
  /** Names of custom properties of the style sheet. */
  palette: readonly string[];
  labelOf(index: number): string;
  chosen: number;
  near: readonly number[];
}

const empty: Scene = {
  places: new Float64Array(),
  colours: new Uint8Array(),
  palette: [],
  labelOf: () => '',
  chosen: -1,
  near: [],
};

/** Milliseconds from one map to the next. */
const glide = 260;

/** Points on a canvas with zoom, pan, hover and choice; its words and its table stand beside it. */
export function mapCanvas(choose: (index: number) => void) {
  const canvas = h('canvas', { tabindex: '0', role: 'img', class: 'map-canvas' });
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let scene = empty;
  let from: Positions = empty.places;
  let viewBefore: View | null = null;
  let since = 0;
  let view: View | null = null;
  let touched = false;
  let hovered = -1;
  let _waiting = 0;
  const paint = painter(canvas);

  // As it was told last: to ask would lay the whole page out at once, in the frame that draws.
  let extent = { width: 0, height: 0 };
  const whole = wholeView();
  const redraw = () => {
    _waiting ||= requestAnimationFrame((now) => {
      _waiting = 0;
      draw(now);
    });
  };
  const draw = (now: number) => {
    const { width, height } = extent;
    if (width === 0 || height === 0) return;
    const share = calm.matches ? 1 : Math.min(1, (now - since) / glide);
    const eased = 1 - (1 - share) ** 3;
    const moves = share < 1 && from.length === scene.places.length;
    const places = moves ? positionsBetween(from, scene.places, eased) : scene.places;
    if (!touched || !view) {
      const end = whole(scene, { width, height });
      view = moves && viewBefore ? viewBetween(viewBefore, end, eased) : end;
    }
    paint({ scene, places, view, hovered, extent });
    if (share < 1) redraw();
  };
  const zoom = (factor: number, at: Point = { x: extent.width / 2, y: extent.height / 2 }) => {
    const [now, least] = [view ?? whole(scene, extent), whole(scene, extent).scale];
    const bounded = Math.min(60, Math.max(0.8, (now.scale * factor) / least)) * (least / now.scale);
    view = zoomed(now, bounded, at);
    touched = true;
    redraw();
  };
  const pan = (dx: number, dy: number) => {
    const now = view ?? whole(scene, extent);
    view = { ...now, dx: now.dx + dx, dy: now.dy + dy };
    touched = true;
    redraw();
  };
  const reset = () => {
    touched = false;
    redraw();
  };
  const at = (event: MouseEvent): Point => ({ x: event.offsetX, y: event.offsetY });
  const under = (place: Point, reach: number) => (view ? nearestTo(scene.places, view, place, reach) : -1);

  listenToPointers(canvas, {
    pan,
    zoom,
    hover: (event) => {
      const found = event ? under(at(event), 14) : -1;
      if (found === hovered) return;
      hovered = found;
      canvas.style.cursor = found >= 0 ? 'pointer' : 'grab';
      redraw();
    },
    pick: (event) => choose(under(at(event), event.pointerType === 'touch' ? 28 : 14)),
  });
  canvas.addEventListener('wheel', (event) => {
    // The page scrolls past, unless the map was asked for: by a click into it, or with the zoom key.
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), at(event));
  });
  canvas.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act({ pan, zoom, reset });
  });
  new ResizeObserver(() => {
    extent = { width: canvas.clientWidth, height: canvas.clientHeight };
    redraw();
  }).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

  const show = (next: Scene, moves: boolean) => {
    from = moves ? scene.places : empty.places;
    viewBefore = view;
    if (moves) since = performance.now();
    scene = next;
    hovered = -1;
    redraw();
  };
  /** Brings a point to the middle, as near as it is now or nearer. */
  const centre = (index: number) => {
    if (index < 0) return;
    const dot = pointAt(scene.places, index);
    const least = whole(scene, extent).scale;
    const scale = Math.max(view?.scale ?? least, 2.5 * least);
    view = { scale, dx: extent.width / 2 - scale * dot.x, dy: extent.height / 2 + scale * dot.y };
    touched = true;
    redraw();
  };
  return { element: canvas, show, zoom, reset, centre };
}

interface Moves {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at?: Point): void;
  reset(): void;
}

const keys: Record<string, (moves: Moves) => void> = {
  ArrowLeft: ({ pan }) => pan(40, 0),
  ArrowRight: ({ pan }) => pan(-40, 0),
  ArrowUp: ({ pan }) => pan(0, 40),
  ArrowDown: ({ pan }) => pan(0, -40),
  '+': ({ zoom }) => zoom(1.4),
  '=': ({ zoom }) => zoom(1.4),
  '-': ({ zoom }) => zoom(1 / 1.4),
  '0': ({ reset }) => reset(),
};

interface Gestures extends Omit<Moves, 'reset'> {
  hover(event: PointerEvent | null): void;
  pick(event: PointerEvent): void;
}

/** Drag pans, two fingers zoom, a press without a drag picks. */
function listenToPointers(canvas: HTMLCanvasElement, { pan, zoom, hover, pick }: Gestures): void {
  const down = new Map<number, Point>();
  let travelled = 0;
  const spread = () => {
    const [a, b] = [...down.values()];
    return a && b ? { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : null;
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (!before) return hover(event);
    const wide = spread();
    const now = { x: event.offsetX, y: event.offsetY };
    down.set(event.pointerId, now);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    const wider = spread();
    if (wide && wider) zoom(wider.distance / Math.max(1, wide.distance), wider);
    else if (travelled > 4) pan(now.x - before.x, now.y - before.y);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (down.delete(event.pointerId) && down.size === 0 && travelled <= 4) pick(event);
  });
  canvas.addEventListener('pointercancel', (event) => down.delete(event.pointerId));
  canvas.addEventListener('pointerleave', () => hover(null));
}

/** The view of all, which takes a sorting, made once for a scene and a size. */
function wholeView(): (scene: Scene, size: { width: number; height: number }) => View {
  let known: { places: Positions; width: number; height: number; view: View } | null = null;
  return ({ places }, { width, height }) => {
    if (known?.places !== places || known.width !== width || known.height !== height) {
      known = { places, width, height, view: viewOfAll(places, width, height) };
    }
    return known.view;
  };
}

interface Drawing {
  scene: Scene;
  places: Positions;
  view: View;
  hovered: number;
  extent: { width: number; height: number };
}

function painter(canvas: HTMLCanvasElement): (drawing: Drawing) => void {
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  let picture = new ImageData(1, 1);
  /** As the pen writes a colour: #rrggbb. */
  const number = (colour: string) => {
    pen.fillStyle = colour;
    return Number.parseInt(String(pen.fillStyle).slice(1), 16);
  };
  return ({ scene, places, view, hovered, extent: { width, height } }) => {
    const ratio = window.devicePixelRatio;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    if (picture.width !== canvas.width || picture.height !== canvas.height) {
      picture = new ImageData(canvas.width, canvas.height);
    } else picture.data.fill(0);
    const style = getComputedStyle(canvas);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const spots = spotsOf(view, places);
    const radius = Math.min(5, Math.max(1.8, 70 / Math.sqrt(spots.length / 2 + 1)));
    drawDots(picture, {
      spots: spots.map((at) => at * ratio),
      colours: scene.colours,
      palette: scene.palette.map((name) => number(colour(name))),
      ground: number(colour('surface')),
      radius: radius * ratio,
      opacity: scene.chosen >= 0 ? 0.35 : 0.85,
    });
    pen.putImageData(picture, 0, 0);
    pen.scale(ratio, ratio);
    pen.strokeStyle = colour('ink');
    const shades = scene.palette.map(colour);
    mark(pen, scene, { spots, shades, radius, hovered });
    pen.font = `500 12px ${style.fontFamily}`;
    const { chosen, near } = scene;
    const first = [hovered, chosen, ...near].filter((i) => i >= 0);
    const popular = chosen >= 0 ? [] : Array.from({ length: Math.min(400, spots.length / 2) }, (_, i) => i);
    const sheet = { width, height, ink: colour('ink'), halo: colour('surface') };
    write(pen, [...first, ...popular], scene, spots, sheet);
  };
}

interface Marks {
  spots: Positions;
  /** By the scene's palette. */
  shades: readonly string[];
  radius: number;
  hovered: number;
}

/** The points that are looked at, larger, and those near them. */
function mark(pen: CanvasRenderingContext2D, scene: Scene, { spots, shades, radius, hovered }: Marks): void {
  const { chosen, near, colours } = scene;
  const shade = (i: number) => shades[colours[i]!]!;
  for (const i of near) {
    const [from, to] = [pointAt(spots, chosen), pointAt(spots, i)];
    pen.globalAlpha = 0.5;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    pen.globalAlpha = 1;
    circle(pen, to, radius + 1, shade(i));
  }
  for (const i of [chosen, hovered]) {
    if (i < 0) continue;
    circle(pen, pointAt(spots, i), radius + 2.5, shade(i));
    pen.lineWidth = 2;
    pen.stroke();
    pen.lineWidth = 1;
  }
}

function circle(pen: CanvasRenderingContext2D, { x, y }: Point, radius: number, fill: string): void {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

interface Sheet {
  width: number;
  height: number;
  ink: string;
  halo: string;
}

/** Labels, in this order, as many as find room and no more than one can read. */
function write(
  pen: CanvasRenderingContext2D,
  order: readonly number[],
  { labelOf }: Scene,
  spots: Positions,
  { width, height, ink, halo }: Sheet,
): void {
  const most = Math.max(6, (width * height) / 24_000);
  const taken: { left: number; top: number; right: number }[] = [];
  // The buttons stand there.
  const free = (box: { right: number; top: number }) => box.right < width - 60 || box.top > 150;
  pen.lineWidth = 4;
  pen.lineJoin = 'round';
  for (const i of order) {
    if (taken.length >= most) break;
    const words = shortened(labelOf(i));
    const [{ x, y }, long] = [pointAt(spots, i), pen.measureText(words).width];
    if (x < 0 || y < 8 || x > width || y > height - 4) continue;
    const left = x + 8 + long > width - 4 ? x - 8 - long : x + 8;
    const box = { left, top: y - 8, right: left + long };
    if (left < 2 || !free(box)) continue;
    if (
      taken.some(
        (other) => box.left < other.right + 6 && other.left < box.right + 6 && Math.abs(box.top - other.top) < 18,
      )
    )
      continue;
    taken.push(box);
    pen.strokeStyle = halo;
    pen.strokeText(words, left, y + 4);
    pen.fillStyle = ink;
    pen.fillText(words, left, y + 4);
  }
}

const shortened = (label: string): string => (label.length > 30 ? `${label.slice(0, 28)}…` : label);
