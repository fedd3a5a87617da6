import { type Point, type Positions, pointAt, spotsOf, type View } from '../../compute/map-geometry.js';
import { drawDots } from './dots.js';
import type { Size } from './map-camera.js';
import { writeLabels } from './map-labels.js';
import type { Scene } from './scene.js';

interface Drawing {
  scene: Scene;
  positions: Positions;
  view: View;
  /** The index of the point under the pointer; −1 for none. */
  hovered: number;
  size: Size;
}

export function painter(canvas: HTMLCanvasElement): (drawing: Drawing) => void {
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  let picture = new ImageData(1, 1);
  return ({ scene, positions, view, hovered, size }) => {
    const ratio = window.devicePixelRatio;
    canvas.width = size.width * ratio;
    canvas.height = size.height * ratio;
    if (picture.width !== canvas.width || picture.height !== canvas.height) {
      picture = new ImageData(canvas.width, canvas.height);
    } else picture.data.fill(0);
    const style = getComputedStyle(canvas);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const spots = spotsOf(view, positions);
    const radius = Math.min(5, Math.max(1.8, 70 / Math.sqrt(spots.length / 2 + 1)));
    drawDots(picture, {
      spots: spots.map((spot) => spot * ratio),
      colours: scene.colours,
      palette: scene.palette.map((name) => numberOf(colour(name), pen)),
      ground: numberOf(colour('surface'), pen),
      radius: radius * ratio,
      opacity: scene.chosen >= 0 ? 0.35 : 0.85,
    });
    pen.putImageData(picture, 0, 0);
    pen.scale(ratio, ratio);
    pen.strokeStyle = colour('ink');
    markPoints(pen, scene, { spots, fills: scene.palette.map(colour), radius, hovered });
    pen.font = `500 12px ${style.fontFamily}`;
    const paper = { ...size, ink: colour('ink'), halo: colour('surface') };
    writeLabels(pen, labelled(scene, hovered), scene, spots, paper);
  };
}

/** Any CSS colour as 0xRRGGBB: the canvas returns it as #rrggbb. */
function numberOf(colour: string, pen: CanvasRenderingContext2D): number {
  pen.fillStyle = colour;
  return Number.parseInt(String(pen.fillStyle).slice(1), 16);
}

/** The points to label, the most important first. */
function labelled({ chosen, near, positions }: Scene, hovered: number): number[] {
  const wanted = [hovered, chosen, ...near].filter((i) => i >= 0);
  const popular = chosen >= 0 ? [] : Array.from({ length: Math.min(400, positions.length / 2) }, (_, i) => i);
  return [...wanted, ...popular];
}

interface Marks {
  spots: Positions;
  /** By the scene's palette. */
  fills: readonly string[];
  radius: number;
  hovered: number;
}

/** Draws the chosen and the hovered point larger, and lines to the points near the chosen one. */
function markPoints(pen: CanvasRenderingContext2D, scene: Scene, { spots, fills, radius, hovered }: Marks): void {
  const { chosen, near, colours } = scene;
  const fill = (i: number) => fills[colours[i]!]!;
  for (const i of near) {
    const [from, to] = [pointAt(spots, chosen), pointAt(spots, i)];
    pen.globalAlpha = 0.5;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    pen.globalAlpha = 1;
    circle(pen, to, radius + 1, fill(i));
  }
  for (const i of [chosen, hovered]) {
    if (i < 0) continue;
    circle(pen, pointAt(spots, i), radius + 2.5, fill(i));
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
