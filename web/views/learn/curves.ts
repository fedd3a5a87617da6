import type { EpochReport } from 'matfac';
import uPlot from 'uplot';
import { h } from '../../base/dom.js';
import { decimals, rough } from '../../base/format.js';

/** Lower on a telephone, so that the figures above stay in view. */
const sizeFor = (width: number) => ({ width, height: width < 480 ? 230 : 340 });

/** What the curves show: the first of these that the reports have. */
const figures = [
  {
    title: 'Root mean squared error',
    training: ({ trainRmse }: EpochReport) => trainRmse,
    validation: ({ validationRmse }: EpochReport) => validationRmse,
    best: Math.min,
    write: (value: number) => decimals(value, 4),
  },
  {
    title: 'NDCG of the first ten, higher is better',
    training: () => undefined,
    validation: ({ validationNdcg }: EpochReport) => validationNdcg,
    best: Math.max,
    write: (value: number) => decimals(value, 4),
  },
  {
    title: 'Loss',
    training: ({ loss }: EpochReport) => loss,
    validation: () => undefined,
    best: Math.min,
    write: rough,
  },
] as const;
export type Figure = (typeof figures)[number];

export const figureOf = (reports: readonly EpochReport[]): Figure =>
  figures.find(({ training, validation }) => reports.some((report) => training(report) ?? validation(report))) ??
  figures[0];

/** The best epoch by the validation part, 1 for the first; null without one. */
export function bestEpoch(reports: readonly EpochReport[]): { epoch: number; value: number } | null {
  const { validation, best } = figureOf(reports);
  let found: { epoch: number; value: number } | null = null;
  for (const report of reports) {
    const value = validation(report);
    if (value === undefined) continue;
    if (!found || (value !== found.value && best(value, found.value) === value)) found = { epoch: report.epoch, value };
  }
  return found;
}

type Numbers = (number | null)[];
type Data = [number[], Numbers, Numbers, Numbers, Numbers];

/** One run's figures by epoch and, paler, another's; the legend reads the epoch under the pointer, else the last. */
export function curves() {
  const box = h('div', { class: 'chart' });
  const title = h('strong');
  const spans = {
    epoch: h('span'),
    training: h('span', { class: 'training' }),
    validation: h('span', { class: 'validation' }),
    other: h('span', { class: 'other' }),
  };
  const caption = h('figcaption', {}, title, spans.epoch, spans.training, spans.validation, spans.other);
  const element = h('figure', { class: 'curves' }, caption, box);
  let plot: uPlot | null = null;
  let data: Data = [[], [], [], [], []];
  let shown: { figure: Figure; length: number; best: number | null } = { figure: figures[0], length: 0, best: null };

  const read = (at: number | null | undefined) => {
    const i = at ?? shown.length - 1;
    const write = (value: number | null | undefined) =>
      value === null || value === undefined ? '–' : shown.figure.write(value);
    const has = (series: Numbers) => series.some((value) => value !== null);
    spans.epoch.textContent = data[0].length === 0 ? '' : `epoch ${data[0][i]}`;
    spans.training.textContent = `training ${write(data[1][i])}`;
    spans.training.hidden = !has(data[1]);
    spans.validation.textContent = `validation ${write(data[2][i])}`;
    spans.validation.hidden = !has(data[2]);
    const compared = has(data[4]) ? data[4] : data[3];
    spans.other.textContent = `compared ${write(
      compared[
        Math.min(
          i,
          compared.findLastIndex((value) => value !== null),
        )
      ],
    )}`;
    spans.other.hidden = !has(compared);
  };
  const draw = () => {
    plot?.destroy();
    plot = new uPlot(
      options(box, read, () => shown.best),
      data,
      box,
    );
  };
  new ResizeObserver(() => {
    const width = box.clientWidth;
    if (width === 0) return;
    if (plot) plot.setSize(sizeFor(width));
    else draw();
  }).observe(box);
  // A canvas takes its colours once: draw anew when they change.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot && draw());

  const show = (reports: readonly EpochReport[], others: readonly EpochReport[]) => {
    const figure = figureOf(reports.length > 0 ? reports : others);
    const epochs = Math.max(reports.length, others.length);
    const column = (from: readonly EpochReport[], pick: (report: EpochReport) => number | undefined): Numbers =>
      Array.from({ length: epochs }, (_, i) => (from[i] && pick(from[i])) ?? null);
    data = [
      Array.from({ length: epochs }, (_, i) => i + 1),
      column(reports, figure.training),
      column(reports, figure.validation),
      column(others, figure.training),
      column(others, figure.validation),
    ];
    shown = { figure, length: reports.length, best: bestEpoch(reports)?.epoch ?? null };
    title.textContent = figure.title;
    read(null);
    plot?.setData(data);
  };
  return { element, show };
}

function options(
  box: HTMLElement,
  read: (at: number | null | undefined) => void,
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
    // A single epoch makes no line yet.
    points: { show: (plot) => plot.data[0].length === 1 },
  });
  return {
    ...sizeFor(box.clientWidth),
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { x: { time: false } },
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

/** A line down to the axis from the best epoch, and its number. */
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
