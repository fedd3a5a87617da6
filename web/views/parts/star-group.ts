import { h, icon } from '../../base/dom.js';
import { counted, plain } from '../../base/format.js';

/** The visitor's rating of an item, as it is set and shown. */
export interface RatingControl {
  element: HTMLElement;
  show: (rating: number | undefined) => void;
}

let groups = 0;

/** The ratings that one to five stars stand for: 1 to 5 if the range of the ratings is unbounded. */
export function starValues([low, high]: readonly [number, number]): number[] {
  const bounded = Number.isFinite(low) && Number.isFinite(high) && high > 0;
  return [1, 2, 3, 4, 5].map((n) => {
    if (!bounded) return n;
    return low >= 0 ? (high * n) / 5 : low + ((high - low) * (n - 1)) / 4;
  });
}

/** Five stars to choose from: a group of radio buttons, which works by keyboard, touch and screen reader. */
export function stars(title: string, values: readonly number[], rate: (rating: number) => void): RatingControl {
  const name = `stars-${++groups}`;
  const inputs = values.map((value) =>
    h('input', { type: 'radio', name, class: 'visually-hidden', value, change: () => rate(value) }),
  );
  const element = h(
    'fieldset',
    { class: 'stars' },
    h('legend', { class: 'visually-hidden' }, `Your rating of ${title}`),
    ...inputs.map((input, i) => {
      const value = values[i]!;
      const words = `${counted(i + 1, 'star')}${value === i + 1 ? '' : `, ${plain(value)}`}`;
      return h('label', { title: words }, input, icon('star'), h('span', { class: 'visually-hidden' }, words));
    }),
  );
  // A rating of the visitor's own list may lie between two stars.
  const show = (rating: number | undefined) => {
    const far = (value: number) => (rating === undefined ? Number.NaN : Math.abs(value - rating));
    const nearest = values.findIndex((value) => far(value) === Math.min(...values.map(far)));
    inputs.forEach((input, i) => {
      input.checked = i === nearest;
    });
  };
  return { element, show };
}
