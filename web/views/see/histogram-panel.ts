import { h, replace, svg } from '../../base/dom.js';
import { count, counted, decimals, exact, percent } from '../../base/format.js';
import { type Histogram, histogramOf } from '../../compute/error-histogram.js';
import type { Store } from '../../state/store.js';

/** The distribution of the model's errors. */
export function errorsView(root: HTMLElement, store: Store): void {
  const body = h('div', { class: 'errors' });
  replace(root, h('h3', {}, 'How far off the predictions are'), body);
  store.watch(
    ({ model }) => [model],
    (current) => {
      const { data } = store.state;
      const hasErrors =
        current && data && current.itemList === data.itemList && current.model.ratingRange.every(Number.isFinite);
      root.hidden = !hasErrors;
      if (!hasErrors) return replace(body);
      const isCurrent = () => store.state.model === current;
      void histogramOf(current.model, data.ratings, isCurrent).then((histogram) => {
        if (histogram && isCurrent()) replace(body, ...drawn(histogram, data.name));
      });
    },
  );
}

function drawn(histogram: Histogram, name: string): HTMLElement[] {
  const { middles, counts, size, mean, rmse } = histogram;
  const words =
    `The model’s errors, prediction minus rating, on ${counted(size, 'rating')} of ${name}, most of which it was trained on: ` +
    `their mean is ${exact(mean)}, their root mean square ${decimals(rmse, 3)}. For held-out ratings, see Judge.`;
  return [
    h('p', { class: 'words' }, words),
    h('figure', { class: 'histogram' }, picture(histogram)),
    h(
      'details',
      { class: 'same' },
      h('summary', {}, 'Show as a table'),
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Errors by size' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h('tr', {}, ...['Error about', 'Ratings', 'Share'].map((title) => h('th', { scope: 'col' }, title))),
          ),
          h(
            'tbody',
            {},
            ...middles.map((middle, bin) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, exact(middle)),
                h('td', {}, count(counts[bin]!)),
                h('td', {}, percent(counts[bin]! / size)),
              ),
            ),
          ),
        ),
      ),
    ),
  ];
}

const [width, height, foot] = [720, 200, 26];

function picture({ middles, counts }: Histogram): SVGElement {
  const pitch = width / counts.length;
  const tallest = Math.max(...counts, 1);
  const bars = counts.map((n, bin) => {
    const tall = (n / tallest) * (height - 8);
    const side = Math.abs(middles[bin]!) < 1e-9 ? 'zero' : middles[bin]! < 0 ? 'low' : 'high';
    return svg('rect', { x: bin * pitch + 1, y: height - tall, width: pitch - 2, height: tall, rx: 2, class: side });
  });
  const labels = [0, (counts.length - 1) / 2, counts.length - 1].map((bin, i) =>
    svg(
      'text',
      {
        x: (bin + 0.5) * pitch,
        y: height + 18,
        'text-anchor': ['start', 'middle', 'end'][i],
        dx: [-pitch / 2, 0, pitch / 2][i],
      },
      ['predicted too low', '0', 'predicted too high'][i],
    ),
  );
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height + foot}`,
      role: 'img',
      'aria-label': 'Histogram of the errors; the table below has the numbers',
    },
    ...bars,
    svg('line', { x1: 0, x2: width, y1: height, y2: height, class: 'axis' }),
    ...labels,
  );
}
