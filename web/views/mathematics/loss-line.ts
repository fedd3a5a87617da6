import { h, svg } from '../../base/dom.js';
import { count, counted, decimals, exact } from '../../base/format.js';
import { factorCount, films, people } from '../../compute/descent.js';
import type { Walk } from '../../state/state.js';
import { fraction, type Maths, math, mi, mn, mo, norm, sub, subSquared, sum } from './mathml.js';

const errorSquared = () => subSquared(mi('e'), 'nm');
const half = () => fraction(mn('1'), mn('2'));

/** What the method minimizes. */
function objectiveOf({ method }: Walk): readonly Maths[] {
  const squares = [mi('L'), mo('='), half(), sum('n,m'), errorSquared()];
  const norms = [norm(mi('U')), mo('+'), norm(mi('V'))];
  if (method === 'regularized') return [...squares, mo('+'), half(), mi('λ'), mo('('), ...norms, mo(')')];
  if (method === 'als') return [...squares, mo('+'), half(), sum('x'), sub(mi('λ'), 'x'), norm(mi('x'))];
  return squares;
}

const [width, height] = [320, 120];

/** The loss as a formula, as a number, and as a line over the steps. */
export function lossOf(walk: Walk): HTMLElement[] {
  const { losses, method, pass } = walk;
  const steps = losses.length - 1;
  const tallest = Math.max(...losses);
  const y = (loss: number) => height - (loss / tallest) * (height - 6);
  const points = losses.map(
    (loss, step) => `${((step / Math.max(1, steps)) * width).toFixed(1)},${y(loss).toFixed(1)}`,
  );
  const after = counted(steps, 'step');
  const label = `The loss over ${after}: from ${exact(losses[0]!)} to ${exact(losses.at(-1)!)}`;
  const picture = svg(
    'svg',
    { viewBox: `-3 -3 ${width + 6} ${height + 6}`, role: 'img', 'aria-label': label },
    svg('line', { x1: 0, x2: width, y1: height, y2: height, class: 'axis' }),
    svg('polyline', { points: points.join(' ') }),
    svg('circle', { cx: steps === 0 ? 0 : width, cy: y(losses.at(-1)!), r: 3.5 }),
  );
  return [
    h('p', { class: 'objective' }, math(...objectiveOf(walk))),
    h(
      'p',
      { class: 'loss-value' },
      h('span', {}, `after ${after}${method === 'stochastic' ? `, in pass ${pass + 1}` : ''}`),
      h('strong', { class: 'loss-number' }, decimals(losses.at(-1)!, 3)),
    ),
    h('figure', {}, picture, h('figcaption', {}, h('span', {}, '0'), h('span', {}, `${count(steps)} →`))),
    h(
      'p',
      { class: 'small' },
      `${factorCount * (people.length + films.length)} numbers stand for ${people.length * films.length}.`,
    ),
  ];
}
