import { h } from '../../base/dom.js';
import { isLiked } from '../../items/item-list.js';
import type { RatingControl } from './star-group.js';

/** For a model of interactions: an item was taken, or nothing is known of it. */
export function taken(
  title: string,
  range: readonly [number, number],
  rate: (rating: number | null) => void,
): RatingControl {
  const isOn = () => element.getAttribute('aria-pressed') === 'true';
  const element = h(
    'button',
    { type: 'button', class: 'taken', 'aria-label': `I took ${title}`, click: () => rate(isOn() ? null : range[1]) },
    'Taken',
  );
  const show = (rating: number | undefined) => {
    element.setAttribute('aria-pressed', String(rating !== undefined && isLiked(rating, range)));
  };
  show(undefined);
  return { element, show };
}
