import type { Positions } from '../../compute/map-geometry.js';
import type { Size } from './map-camera.js';

export interface Label {
  text: string;
  x: number;
  y: number;
  /** The distance that the text keeps from the point; 0 for a text that stands on it. */
  radius: number;
  /** Written in any case, on a ground of its own. Others are written only where they cover no dot. */
  always: boolean;
  bold?: boolean;
}

interface Paper extends Size {
  ink: string;
  ground: string;
  font: string;
}

interface Box {
  left: number;
  top: number;
  width: number;
}

const height = 18;

/** Writes labels in this order, as many as fit without overlap and no more than one can read. */
export function writeLabels(
  pen: CanvasRenderingContext2D,
  labels: readonly Label[],
  spots: Positions,
  paper: Paper,
): void {
  const most = Math.max(8, (paper.width * paper.height) / 20_000);
  const crowd = crowdOf(spots, paper);
  const taken: Box[] = [];
  for (const label of labels) {
    if (taken.length >= most && !label.always) break;
    if (label.x < 0 || label.y < 0 || label.x > paper.width || label.y > paper.height) continue;
    const text = shortened(label.text);
    // Most are between dots, however narrow they are, and need no measuring.
    if (!label.always && boxesAround(label, narrowest * text.length).every((box) => crowd(box) > 0)) continue;
    const font = `${label.bold ? 700 : 500} 12px ${paper.font}`;
    const boxes = boxesAround(label, widthOf(pen, text, font) + 6).filter(
      (box) => fits(box, paper) && !taken.some((other) => overlap(box, other)),
    );
    const box = leastCrowded(boxes, crowd);
    if (!box || (!label.always && crowd(box) > 0)) continue;
    taken.push(box);
    if (label.always) {
      pen.globalAlpha = 0.85;
      pen.fillStyle = paper.ground;
      pen.fillRect(box.left, box.top, box.width, height);
      pen.globalAlpha = 1;
    }
    pen.font = font;
    pen.fillStyle = paper.ink;
    pen.fillText(text, box.left + 3, box.top + 13);
  }
}

/** No character of a text is narrower, in pixels. */
const narrowest = 2.5;

/** Widths by font and text: measuring the same few hundred labels in every frame takes longer than drawing them. */
const widths = new Map<string, number>();
const mostWidths = 5000;

function widthOf(pen: CanvasRenderingContext2D, text: string, font: string): number {
  const key = `${font} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    pen.font = font;
    width = pen.measureText(text).width;
    if (widths.size >= mostWidths) widths.clear();
    widths.set(key, width);
  }
  return width;
}

/** On the point and above and below it, or beside it: right, left, above and below. */
function boxesAround({ x, y, radius }: Label, width: number): Box[] {
  const [middle, level] = [x - width / 2, y - height / 2];
  if (radius === 0) return [0, -14, 14, -28, 28, -42, 42].map((shift) => ({ left: middle, top: level + shift, width }));
  const apart = radius + 3;
  return [
    { left: x + apart, top: level, width },
    { left: x - apart - width, top: level, width },
    { left: middle, top: y - apart - height, width },
    { left: middle, top: y + apart, width },
  ];
}

function leastCrowded(boxes: readonly Box[], crowd: (box: Box) => number): Box | undefined {
  let [best, least] = [boxes[0], Number.POSITIVE_INFINITY];
  for (const box of boxes) {
    const here = crowd(box);
    if (here < least) [best, least] = [box, here];
  }
  return best;
}

/** The side of the squares in which dots are counted, in pixels. */
const cell = 6;

/** How many dots have their middle under a box. */
function crowdOf(spots: Positions, { width, height: tall }: Size): (box: Box) => number {
  const [columns, rows] = [Math.ceil(width / cell), Math.ceil(tall / cell)];
  const counts = new Uint16Array(columns * rows);
  for (let i = 0; i < spots.length; i += 2) {
    const [column, row] = [Math.floor(spots[i]! / cell), Math.floor(spots[i + 1]! / cell)];
    if (column >= 0 && row >= 0 && column < columns && row < rows) counts[row * columns + column]!++;
  }
  return ({ left, top, width: wide }) => {
    let count = 0;
    const [right, bottom] = [Math.min(columns - 1, (left + wide) / cell), Math.min(rows - 1, (top + height) / cell)];
    for (let row = Math.max(0, Math.floor(top / cell)); row <= bottom; row++) {
      for (let column = Math.max(0, Math.floor(left / cell)); column <= right; column++) {
        count += counts[row * columns + column]!;
      }
    }
    return count;
  };
}

/** A canvas no wider than this is on a phone, where the buttons that zoom are above it. */
const ofPhone = 408;

/** Within the canvas, and not under the buttons that zoom, in the upper right corner. */
const fits = ({ left, top, width }: Box, paper: Size): boolean =>
  left >= 2 &&
  top >= 2 &&
  left + width <= paper.width - 2 &&
  top + height <= paper.height - 2 &&
  !(paper.width > ofPhone && left + width >= paper.width - 60 && top <= 150);

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width + 4 && b.left < a.left + a.width + 4 && Math.abs(a.top - b.top) < height + 1;

const shortened = (label: string): string => (label.length > 30 ? `${label.slice(0, 28)}…` : label);
