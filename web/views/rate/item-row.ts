import type { Id } from 'matfac';
import { rate } from '../../actions/rate-items.js';
import { h } from '../../base/dom.js';
import type { ItemList } from '../../items/item-list.js';
import { nameOf } from '../../items/titles.js';
import { isOfTaking, rangeOf } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { type RatingControl, stars, starValues } from '../parts/star-group.js';
import { taken } from '../parts/taken-switch.js';

/** A list entry with an item's name and its stars or, where there are none, its switch; `extra` stands at its end. */
export function itemRow(
  store: Store,
  item: Id,
  itemList: ItemList,
  extra: HTMLElement | null = null,
): { group: RatingControl; element: HTMLElement } {
  const { title, genres } = nameOf(item, itemList, store.state.titles);
  const range = rangeOf(store.state);
  const group = isOfTaking(store.state)
    ? taken(title, range, (rating) => rate(store, item, rating))
    : stars(title, starValues(range), (rating) => rate(store, item, rating));
  const name = h('span', { class: 'name' }, h('span', { class: 'title' }, title), genres && h('small', {}, genres));
  return { group, element: h('li', {}, name, group.element, extra) };
}
