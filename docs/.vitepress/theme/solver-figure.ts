import { defineComponent, h, type PropType } from 'vue';
import { type Curve, data } from './curves.data.js';

const [width, height] = [640, 230];
const plot = { left: 52, right: width - 12, top: 14, bottom: height - 28 };

/** How a solver learns: its error on the sample's ratings, trained on and held out, at each epoch of a training without options. */
export const SolverFigure = defineComponent({
  props: { solver: { type: String as PropType<string>, required: true } },
  setup({ solver }) {
    const curve = data[solver];
    return () => (curve ? h('figure', { class: 'solver-figure' }, [picture(curve), caption(curve)]) : null);
  },
});

function picture({ metric, epochs, training, validation }: Curve) {
  const values = [...training, ...validation];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const margin = (most - least || 1) * 0.06;
  const last = epochs.at(-1) ?? 1;
  const x = (epoch: number) => plot.left + ((epoch - 1) / Math.max(1, last - 1)) * (plot.right - plot.left);
  const y = (value: number) =>
    plot.bottom - ((value - least + margin) / (most - least + 2 * margin)) * (plot.bottom - plot.top);
  const line = (kind: string, all: readonly number[]) =>
    all.length > 0 &&
    h('path', {
      class: kind,
      d: `M${all.map((value, i) => `${x(epochs[i]!).toFixed(1)},${y(value).toFixed(1)}`).join('L')}`,
    });
  const level = (value: number) => [
    h('line', { x1: plot.left, x2: plot.right, y1: y(value), y2: y(value) }),
    h('text', { x: plot.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, value.toFixed(decimals(most - least))),
  ];
  const epoch = (at: number, anchor: string) =>
    h('text', { x: x(at), y: plot.bottom + 20, 'text-anchor': anchor }, at === 1 ? 'epoch 1' : String(at));
  return h(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': wordsFor(metric, training, validation) },
    [
      ...ticks(least, most).flatMap(level),
      epoch(1, 'start'),
      last > 1 ? epoch(last, 'end') : null,
      line('training', training),
      line('validation', validation),
    ],
  );
}

const caption = ({ metric, training }: Curve) =>
  h('figcaption', [
    `${metric} on the sample at each epoch, without options: `,
    ...(training.length > 0 ? [h('span', { class: 'training' }, 'ratings trained on'), ', '] : []),
    h('span', { class: 'validation' }, 'ratings held out'),
  ]);

function wordsFor(metric: string, training: readonly number[], validation: readonly number[]): string {
  const course = (all: readonly number[]) => `from ${all[0]?.toFixed(3)} to ${all.at(-1)?.toFixed(3)}`;
  const trained = training.length > 0 ? ` of the ratings trained on goes ${course(training)}, that` : '';
  return `${metric}${trained} of held-out ratings goes ${course(validation)}`;
}

/** Three or four round numbers within the range. */
function ticks(least: number, most: number): number[] {
  const rough = (most - least || 1) / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5, 10].find((factor) => factor * unit >= rough) ?? 10);
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step);
}

const decimals = (range: number) => Math.max(1, Math.min(4, 1 - Math.floor(Math.log10(range / 4 || 1))));
