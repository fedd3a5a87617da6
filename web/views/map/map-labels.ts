import { type Positions, pointAt } from '../../compute/map-geometry.js';
import type { Size } from './map-camera.js';
import type { Scene } from './scene.js';

interface Paper extends Size {
  ink: string;
  halo: string;
}

interface Box {
  left: number;
  top: number;
  right: number;
}

/** Writes labels in this order, as many as fit without overlap and no more than one can read. */
export function writeLabels(
  pen: CanvasRenderingContext2D,
  order: readonly number[],
  { labelOf }: Scene,
  spots: Positions,
  { width, height, ink, halo }: Paper,
): void {
  const most = Math.max(6, (width * height) / 24_000);
  const taken: Box[] = [];
  pen.lineWidth = 4;
  pen.lineJoin = 'round';
  for (const i of order) {
    if (taken.length >= most) break;
    const label = shortened(labelOf(i));
    const [{ x, y }, length] = [pointAt(spots, i), pen.measureText(label).width];
    if (x < 0 || y < 8 || x > width || y > height - 4) continue;
    const left = x + 8 + length > width - 4 ? x - 8 - length : x + 8;
    const box = { left, top: y - 8, right: left + length };
    if (left < 2 || isUnderButtons(box, width) || taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    pen.strokeStyle = halo;
    pen.strokeText(label, left, y + 4);
    pen.fillStyle = ink;
    pen.fillText(label, left, y + 4);
  }
}

/** The buttons that zoom are in the upper right corner. */
const isUnderButtons = ({ right, top }: Box, width: number): boolean => right >= width - 60 && top <= 150;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right + 6 && b.left < a.right + 6 && Math.abs(a.top - b.top) < 18;

const shortened = (label: string): string => (label.length > 30 ? `${label.slice(0, 28)}…` : label);
