import { h } from '../../base/dom.js';
import type { AxisEnds, MapAxes } from '../../compute/map-landmarks.js';

/** What lies at the four ends of the map, around it. */
export function axesAround(plot: HTMLElement) {
  const [top, left, bottom, right] = ['top', 'left', 'bottom', 'right'].map((side) => h('span', { class: side }));
  const element = h(
    'div',
    { class: 'stage' },
    h('p', { class: 'axis' }, top!),
    plot,
    h('p', { class: 'axis' }, left!, bottom!, right!),
  );
  const write = (end: HTMLElement, before: string, names: readonly string[], after = '') => {
    end.textContent = names.length > 0 ? `${before}${names.join(', ')}${after}` : '';
  };
  const show = ({ x, y }: MapAxes) => {
    write(top!, '↑ ', y.high);
    write(left!, '← ', x.low);
    write(bottom!, '↓ ', y.low);
    write(right!, '', x.high, ' →');
  };
  return { element, show };
}

/** The ends for those who do not see the map. */
export function axesInWords({ x, y }: MapAxes): string {
  const ends = (from: string, to: string, { low, high }: AxisEnds) =>
    low.length > 0 && high.length > 0 ? ` From ${from} to ${to}: ${low.join(', ')} to ${high.join(', ')}.` : '';
  return ends('left', 'right', x) + ends('bottom', 'top', y);
}
