import type { Id } from 'matfac';
import { rate } from '../../actions/rate-items.js';
import { h } from '../../base/dom.js';
import type { ItemList } from '../../items/item-list.js';
import { nameOf } from '../../items/titles.js';
import type { State } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { stars, starValues } from '../parts/star-group.js';

/** The range of the ratings, from which the values of the stars follow. */
export const rangeOf = ({ model, data }: State): readonly [number, number] =>
  model?.model.ratingRange ?? data?.ratings.range ?? [1, 5];

/** A list entry with an item's name and its stars; `extra` stands at its end. */
export function itemRow(store: Store, item: Id, itemList: ItemList, extra: HTMLElement | null = null) {
  const { title, genres } = nameOf(item, itemList, store.state.titles);
  const group = stars(title, starValues(rangeOf(store.state)), (rating) => rate(store, item, rating));
  const name = h('span', { class: 'name' }, h('span', { class: 'title' }, title), genres && h('small', {}, genres));
  return { group, element: h('li', {}, name, group.element, extra) };
}
