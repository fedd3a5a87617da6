import { onCanvas, type Point, type Positions, pointAt, spotsOf, type View } from '../../compute/map-geometry.js';
import { drawDots } from './dots.js';
import type { Size } from './map-camera.js';
import { type Label, writeLabels } from './map-labels.js';
import { sizeFactors } from './map-style.js';
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
    const items = spots.subarray(0, 2 * scene.colours.length);
    const radius = Math.min(4.5, Math.max(1.4, 60 / Math.sqrt(items.length / 2 + 1)));
    drawDots(picture, {
      spots: items.map((spot) => spot * ratio),
      colours: scene.colours,
      sizes: scene.sizes,
      palette: scene.palette.map((name) => numberOf(colour(name), pen)),
      ground: numberOf(colour('surface'), pen),
      radii: sizeFactors.map((factor) => factor * radius * ratio),
      opacity: scene.chosen >= 0 ? 0.35 : 0.85,
    });
    pen.putImageData(picture, 0, 0);
    pen.scale(ratio, ratio);
    const marks = {
      spots,
      fills: scene.palette.map(colour),
      radius,
      hovered,
      ink: colour('ink'),
      own: colour('accent'),
    };
    markPoints(pen, scene, marks);
    const landmarks = scene.landmarks.map((landmark) => ({ ...landmark, ...onCanvas(view, landmark) }));
    const paper = { ...size, ink: marks.ink, ground: colour('surface'), font: style.fontFamily };
    writeLabels(pen, labelsOf(scene, marks, landmarks), items, paper);
  };
}

/** Any CSS colour as 0xRRGGBB: the canvas returns it as #rrggbb. */
function numberOf(colour: string, pen: CanvasRenderingContext2D): number {
  pen.fillStyle = colour;
  return Number.parseInt(String(pen.fillStyle).slice(1), 16);
}

interface Marks {
  spots: Positions;
  /** By the scene's palette. */
  fills: readonly string[];
  /** Of a dot of size factor 1. */
  radius: number;
  hovered: number;
  ink: string;
  /** The colour of the visitor and of what is recommended. */
  own: string;
}

const radiusOf = ({ sizes }: Scene, index: number, radius: number): number =>
  index < sizes.length ? sizeFactors[sizes[index]!]! * radius : visitorRadius;

const visitorRadius = 7;

/** The labels, the most important first. */
function labelsOf(
  scene: Scene,
  { spots, radius, hovered }: Marks,
  landmarks: readonly (Point & { name: string })[],
): Label[] {
  const { chosen, near, visitor, recommended, labelOf, colours } = scene;
  const at = (index: number, always: boolean): Label => ({
    text: labelOf(index),
    ...pointAt(spots, index),
    radius: radiusOf(scene, index, radius) + 2,
    always,
    bold: index === visitor,
  });
  const wanted = [hovered, chosen, visitor].filter((index) => index >= 0).map((index) => at(index, true));
  const named =
    chosen >= 0 ? [] : landmarks.map(({ name, x, y }) => ({ text: name, x, y, radius: 0, always: true, bold: true }));
  const others = chosen >= 0 ? near.map((index) => at(index, true)) : recommended.map((index) => at(index, false));
  const popular = chosen >= 0 ? 0 : Math.min(400, colours.length);
  return [...wanted, ...named, ...others, ...Array.from({ length: popular }, (_, index) => at(index, false))];
}

/** Lines to the points near the chosen one, rings around what is recommended, the chosen and the hovered point larger. */
function markPoints(pen: CanvasRenderingContext2D, scene: Scene, marks: Marks): void {
  const { chosen, near, colours, recommended, visitor } = scene;
  const { spots, fills, radius, hovered, ink, own } = marks;
  const fill = (index: number) => fills[colours[index]!] ?? own;
  const sized = (index: number) => radiusOf(scene, index, radius);
  pen.strokeStyle = ink;
  for (const index of near) {
    const [from, to] = [pointAt(spots, chosen), pointAt(spots, index)];
    pen.globalAlpha = 0.5;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    pen.globalAlpha = 1;
    disc(pen, to, sized(index) + 1, fill(index));
  }
  pen.lineWidth = 2;
  for (const index of [chosen, hovered]) {
    if (index < 0) continue;
    disc(pen, pointAt(spots, index), sized(index) + 2, fill(index));
    pen.stroke();
  }
  pen.strokeStyle = own;
  for (const index of recommended) {
    circle(pen, pointAt(spots, index), sized(index) + 3);
    pen.stroke();
  }
  if (visitor >= 0) {
    disc(pen, pointAt(spots, visitor), visitorRadius, own);
    pen.strokeStyle = ink;
    pen.stroke();
  }
  pen.lineWidth = 1;
}

function circle(pen: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}

function disc(pen: CanvasRenderingContext2D, at: Point, radius: number, fill: string): void {
  circle(pen, at, radius);
  pen.fillStyle = fill;
  pen.fill();
}
