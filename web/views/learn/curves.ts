import type { EpochReport } from 'matfac';
import uPlot from 'uplot';
import { h } from '../../base/dom.js';
import { rough } from '../../base/format.js';
import { bestEpoch, type Figure, figureOf } from './run-figures.js';

/** Lower on a phone, so that the figures above stay in view. */
const sizeFor = (width: number) => ({ width, height: width < 480 ? 230 : 340 });

type Column = (number | null)[];

/** Epochs; training and validation of the run; training and validation of the run compared with. */
type Data = [number[], Column, Column, Column, Column];

/** The curves of one run and, paler, of another. The caption has the values at the pointer, or of the last epoch. */
export class Curves {
  readonly element: HTMLElement;
  readonly #box = h('div', { class: 'chart' });
  readonly #caption = new Caption();
  #plot: uPlot | null = null;
  #data: Data = [[], [], [], [], []];
  #best: number | null = null;

  constructor() {
    this.element = h('figure', { class: 'curves' }, this.#caption.element, this.#box);
    new ResizeObserver(() => this.#resize()).observe(this.#box);
    // A canvas does not follow the style sheet: it is drawn again when the colours change.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot && this.#draw());
  }

  show(reports: readonly EpochReport[], others: readonly EpochReport[]): void {
    const figure = figureOf(reports.length > 0 ? reports : others);
    const epochs = Math.max(reports.length, others.length);
    const column = (from: readonly EpochReport[], pick: (report: EpochReport) => number | undefined): Column =>
      Array.from({ length: epochs }, (_, i) => (from[i] && pick(from[i])) ?? null);
    this.#data = [
      Array.from({ length: epochs }, (_, i) => i + 1),
      column(reports, figure.training),
      column(reports, figure.validation),
      column(others, figure.training),
      column(others, figure.validation),
    ];
    this.#best = bestEpoch(reports)?.epoch ?? null;
    const [, ...columns] = this.#data;
    // A baseline has no curve.
    this.element.hidden = !columns.some(hasValues);
    this.#caption.set(figure, this.#data, reports.length - 1);
    this.#plot?.setData(this.#data);
  }

  #resize(): void {
    const width = this.#box.clientWidth;
    if (width === 0) return;
    if (this.#plot) this.#plot.setSize(sizeFor(width));
    else this.#draw();
  }

  #draw(): void {
    this.#plot?.destroy();
    const read = (index: number | null | undefined) => this.#caption.read(index);
    this.#plot = new uPlot(
      options(this.#box, read, () => this.#best),
      this.#data,
      this.#box,
    );
  }
}

/** The values of one epoch, which also serve as the legend. */
class Caption {
  readonly element: HTMLElement;
  readonly #title = h('strong');
  readonly #epoch = h('span');
  readonly #training = h('span', { class: 'training' });
  readonly #validation = h('span', { class: 'validation' });
  readonly #compared = h('span', { class: 'other' });
  #figure: Figure = figureOf([]);
  #data: Data = [[], [], [], [], []];
  #last = -1;

  constructor() {
    this.element = h('figcaption', {}, this.#title, this.#epoch, this.#training, this.#validation, this.#compared);
  }

  set(figure: Figure, data: Data, last: number): void {
    this.#figure = figure;
    this.#data = data;
    this.#last = last;
    this.#title.textContent = figure.title;
    this.read(null);
  }

  /** `index` of an epoch; the last epoch if there is none. */
  read(index: number | null | undefined): void {
    const i = index ?? this.#last;
    const [epochs, training, validation, otherTraining, otherValidation] = this.#data;
    this.#epoch.textContent = epochs.length === 0 ? '' : `epoch ${epochs[i]}`;
    this.#write(this.#training, 'training', training, i);
    this.#write(this.#validation, 'validation', validation, i);
    const compared = hasValues(otherValidation) ? otherValidation : otherTraining;
    const end = compared.findLastIndex((value) => value !== null);
    this.#write(this.#compared, 'compared', compared, Math.min(i, end));
  }

  #write(span: HTMLElement, name: string, column: Column, i: number): void {
    const value = column[i];
    span.textContent = `${name} ${value === null || value === undefined ? '–' : this.#figure.write(value)}`;
    span.hidden = !hasValues(column);
  }
}

const hasValues = (column: Column): boolean => column.some((value) => value !== null);

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
