import { replace, svg } from '../../base/dom.js';
import { decimals, rough } from '../../base/format.js';
import { inOwnTask } from '../../base/yielding.js';
import { ticksOf } from '../../compute/ticks.js';

export type Column = (number | null)[];

/** Epochs; training and validation of the run; training and validation of the run compared with. */
export type Data = [number[], Column, Column, Column, Column];

const kinds = ['of-training', 'of-validation', 'of-other', 'of-other-validation'];

/** Pixels around the curves, for the numbers of the axes. */
const edge = { left: 52, right: 20, top: 12, bottom: 30 };

/** From epochs and values to pixels. */
interface Frame {
  width: number;
  height: number;
  /** Epochs. */
  last: number;
  values: [number, number];
  x(epoch: number): number;
  y(value: number): number;
}

/** The chart of curves.ts; its colours are those of the style sheet. */
export class CurvePlot {
  readonly #box: HTMLElement;
  readonly #read: (index: number | null) => void;
  readonly #picture = svg('svg', { role: 'img', 'aria-label': 'The curves; the table below has their numbers' });
  readonly #pointed = svg('g', { class: 'pointed' });
  #data: Data = [[], [], [], [], []];
  #best: number | null = null;
  #frame: Frame | null = null;
  readonly #drawLater = inOwnTask(() => this.#draw());
  /** The x of the pointer, from the left edge of the picture. */
  #pointer: number | null = null;

  /** `read` is called with the index of the epoch at the pointer, null when the pointer leaves. */
  constructor(box: HTMLElement, read: (index: number | null) => void) {
    this.#box = box;
    this.#read = read;
    this.#picture.addEventListener('pointermove', ({ clientX }) => {
      this.#pointer = clientX - this.#picture.getBoundingClientRect().left;
      this.#point();
    });
    this.#picture.addEventListener('pointerleave', () => {
      this.#pointer = null;
      replace(this.#pointed);
      read(null);
    });
    box.append(this.#picture);
    new ResizeObserver(() => this.#draw()).observe(box);
  }

  show(data: Data, best: number | null): void {
    this.#data = data;
    this.#best = best;
    this.#drawLater();
  }

  #draw(): void {
    const width = this.#box.clientWidth;
    this.#frame = width > 0 && this.#data[0].length > 0 ? frameOf(this.#data, width) : null;
    if (!this.#frame) return;
    const { height } = this.#frame;
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
      this.#picture.setAttribute(name, String(value));
    const curves = this.#data.slice(1).map((column, kind) => curveOf(column, kinds[kind]!, this.#frame!));
    replace(
      this.#picture,
      ...axesOf(this.#frame),
      ...curves.reverse(),
      ...bestOf(this.#data[2], this.#best, this.#frame),
      this.#pointed,
    );
    this.#point();
  }

  /** Marks the epoch nearest to the pointer. */
  #point(): void {
    if (this.#pointer === null || !this.#frame) return;
    const { width, height, last, x, y } = this.#frame;
    const share = (this.#pointer - edge.left) / (width - edge.left - edge.right);
    const index = Math.round(Math.min(1, Math.max(0, share)) * (last - 1));
    const at = x(index + 1);
    const dots = this.#data.slice(1).map((column, kind) => {
      const value = column[index] ?? null;
      return value !== null && svg('circle', { cx: at, cy: y(value), r: 4, class: kinds[kind] });
    });
    replace(this.#pointed, svg('line', { x1: at, x2: at, y1: edge.top, y2: height - edge.bottom }), ...dots);
    this.#read(index);
  }
}

function frameOf([epochs, ...columns]: Data, width: number): Frame {
  // Lower on a phone, so that the figures above stay in view.
  const height = width < 480 ? 230 : 340;
  const values = rangeOf(columns);
  const last = epochs.length;
  const [across, down] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
  return {
    width,
    height,
    last,
    values,
    x: (epoch) => edge.left + (last === 1 ? 0.5 : (epoch - 1) / (last - 1)) * across,
    y: (value) => edge.top + ((values[1] - value) / (values[1] - values[0])) * down,
  };
}

/** With a margin, where the number of the best epoch stands; around a single value, as after one epoch, not from zero. */
function rangeOf(columns: readonly Column[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of columns.flat()) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const margin = low < high ? 0.07 * (high - low) : 0.05 * Math.abs(low) || 1;
  return [low - 2 * margin, high + margin];
}

function axesOf({ width, height, last, values, x, y }: Frame): SVGElement[] {
  const epochs = ticksOf([1, last], Math.max(2, Math.floor(width / 45)), 1);
  const levels = ticksOf(values, Math.floor(height / 30));
  const right = width - edge.right;
  const written = (value: number) => (Math.abs(value) >= 1e4 ? rough(value) : decimals(value, levels.decimals));
  return [
    ...levels.values.flatMap((value) => [
      svg('line', { x1: edge.left, x2: right, y1: y(value), y2: y(value) }),
      svg('text', { x: edge.left - 6, y: y(value), dy: '0.35em', 'text-anchor': 'end' }, written(value)),
    ]),
    ...epochs.values.map((epoch) =>
      svg('text', { x: x(epoch), y: height - 10, 'text-anchor': 'middle' }, String(epoch)),
    ),
  ];
}

/** A line through the values that are there; a single epoch is a dot. */
function curveOf(column: Column, kind: string, { last, x, y }: Frame): SVGElement {
  if (last === 1) {
    const [value = null] = column;
    return svg('g', {}, value !== null && svg('circle', { cx: x(1), cy: y(value), r: 4, class: kind }));
  }
  let path = '';
  for (const [i, value] of column.entries()) {
    if (value === null) continue;
    const isJoined = i > 0 && column[i - 1] !== null;
    path += `${isJoined ? 'L' : 'M'}${x(i + 1).toFixed(1)},${y(value).toFixed(1)}`;
  }
  return svg('path', { d: path, class: kind });
}

/** A line from the best epoch down to the axis, with its number. */
function bestOf(column: Column, epoch: number | null, { width, height, last, x, y }: Frame): SVGElement[] {
  const value = epoch === null ? null : column[epoch - 1];
  if (epoch === null || value === null || value === undefined || last < 2) return [];
  const at = x(epoch);
  const isRight = at > width / 2;
  const foot = height - edge.bottom;
  return [
    svg('line', { x1: at, x2: at, y1: y(value), y2: foot, class: 'best' }),
    svg('circle', { cx: at, cy: y(value), r: 4.5, class: 'of-validation' }),
    svg(
      'text',
      { x: at + (isRight ? -6 : 6), y: foot - 8, 'text-anchor': isRight ? 'end' : 'start', class: 'best' },
      `best: epoch ${epoch}`,
    ),
  ];
}
