import uPlot from 'uplot';
import { rough } from '../../base/format.js';

export type Column = (number | null)[];

/** Epochs; training and validation of the run; training and validation of the run compared with. */
export type Data = [number[], Column, Column, Column, Column];

/** Lower on a phone, so that the figures above stay in view. */
const sizeFor = (width: number) => ({ width, height: width < 480 ? 230 : 340 });

/** The chart of curves.ts, in a script of its own: uPlot is as large as the rest of the page's own code. */
export class CurvePlot {
  readonly #box: HTMLElement;
  readonly #read: (index: number | null | undefined) => void;
  #plot: uPlot | null = null;
  #data: Data = [[], [], [], [], []];
  #best: number | null = null;

  /** `read` is called with the index of the epoch at the pointer. */
  constructor(box: HTMLElement, read: (index: number | null | undefined) => void) {
    this.#box = box;
    this.#read = read;
    new ResizeObserver(() => this.#resize()).observe(box);
    // A canvas does not follow the style sheet: it is drawn again when the colours change.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot && this.#draw());
  }

  show(data: Data, best: number | null): void {
    this.#data = data;
    this.#best = best;
    this.#plot?.setData(data);
  }

  #resize(): void {
    const width = this.#box.clientWidth;
    if (width === 0) return;
    if (this.#plot) this.#plot.setSize(sizeFor(width));
    else this.#draw();
  }

  #draw(): void {
    this.#plot?.destroy();
    this.#plot = new uPlot(
      options(this.#box, this.#read, () => this.#best),
      this.#data,
      this.#box,
    );
  }
}

function options(
  box: HTMLElement,
  read: (index: number | null | undefined) => void,
  best: () => number | null,
): uPlot.Options {
  const style = getComputedStyle(box);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis: uPlot.Axis = {
    stroke: colour('muted'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  const line = (stroke: string, dash: number[], width = 2): uPlot.Series => ({
    stroke,
    dash,
    width,
    // A single epoch is a point, not a line.
    points: { show: (plot) => plot.data[0].length === 1 },
  });
  return {
    ...sizeFor(box.clientWidth),
    // Half of the last number of epochs stands to the right of the axis.
    padding: [12, 20, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { x: { time: false }, y: { range: rangeOfValues } },
    axes: [
      { ...axis, size: 30, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      {
        ...axis,
        size: 52,
        values: (_, ticks) => ticks.map((value) => (Math.abs(value) >= 1e4 ? rough(value) : String(value))),
      },
    ],
    series: [
      {},
      line(colour('training'), []),
      line(colour('validation'), [7, 4]),
      line(colour('edge'), [], 1.25),
      line(colour('edge'), [7, 4], 1.25),
    ],
    hooks: {
      setCursor: [(plot) => read(plot.cursor.idx)],
      draw: [(plot) => markBest(plot, best(), colour('validation'), axis.font as string)],
    },
  };
}

/** Around a single value, as after one epoch, not from zero. */
const rangeOfValues: uPlot.Range.Function = (_, least, most) => {
  if (least === null || most === null) return [0, 1];
  if (least !== most) return uPlot.rangeNum(least, most, 0.1, true);
  const margin = 0.05 * Math.abs(most) || 1;
  return [least - margin, most + margin];
};

/** A line from the best epoch down to the axis, with its number. */
function markBest(plot: uPlot, epoch: number | null, stroke: string, font: string): void {
  const value = epoch === null ? null : plot.data[2]?.[epoch - 1];
  if (epoch === null || value === null || value === undefined || plot.data[0].length < 2) return;
  const { ctx } = plot;
  const [x, y] = [plot.valToPos(epoch, 'x', true), plot.valToPos(value, 'y', true)];
  const { left, top, width, height } = plot.bbox;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = ctx.fillStyle = stroke;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x, top + height);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y, 4.5 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.font = font.replace('12px', `600 ${12 * ratio}px`);
  const isRight = x > left + width / 2;
  ctx.textAlign = isRight ? 'right' : 'left';
  ctx.fillText(`best: epoch ${epoch}`, x + (isRight ? -6 : 6) * ratio, top + height - 8 * ratio);
  ctx.restore();
}
