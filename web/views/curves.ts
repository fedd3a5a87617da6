import type { EpochReport } from 'matfac';
import uPlot from 'uplot';
import { h } from '../dom.js';
import { decimals } from '../format.js';

/** Lower on a telephone, so that the figures above stay in view. */
const sizeFor = (width: number) => ({ width, height: width < 480 ? 230 : 380 });

/** The root mean squared errors by epoch, as two lines; the legend reads the epoch under the pointer, else the last. */
export function curves() {
  const box = h('div', { class: 'chart' });
  const legend = {
    epoch: h('span'),
    training: h('span', { class: 'training' }),
    validation: h('span', { class: 'validation' }),
  };
  const element = h(
    'figure',
    { class: 'curves' },
    h('figcaption', {}, h('strong', {}, 'Root mean squared error'), legend.epoch, legend.training, legend.validation),
    box,
  );
  let plot: uPlot | null = null;
  let data: [number[], Numbers, Numbers] = [[], [], []];

  const read = (at: number | null | undefined) => {
    const i = at ?? data[0].length - 1;
    legend.epoch.textContent = data[0].length === 0 ? '' : `epoch ${data[0][i]}`;
    legend.training.textContent = `training ${written(data[1][i])}`;
    legend.validation.textContent = `validation ${written(data[2][i])}`;
    legend.validation.hidden = data[2].every((value) => value === null);
  };
  const draw = () => {
    plot?.destroy();
    plot = new uPlot(
      options(box, (at) => read(at)),
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

  const show = (reports: readonly EpochReport[]) => {
    data = [
      reports.map(({ epoch }) => epoch),
      reports.map(({ trainRmse }) => trainRmse ?? null),
      reports.map(({ validationRmse }) => validationRmse ?? null),
    ];
    read(null);
    plot?.setData(data);
  };
  return { element, show };
}

type Numbers = (number | null)[];

const written = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : decimals(value, 4);

function options(box: HTMLElement, read: (at: number | null | undefined) => void): uPlot.Options {
  const style = getComputedStyle(box);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis: uPlot.Axis = {
    stroke: colour('muted'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  const line = (stroke: string, dash: number[]): uPlot.Series => ({
    stroke,
    dash,
    width: 2,
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
      { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      { ...axis, size: 48 },
    ],
    series: [{}, line(colour('training'), []), line(colour('validation'), [7, 4])],
    hooks: { setCursor: [(plot) => read(plot.cursor.idx)] },
  };
}
