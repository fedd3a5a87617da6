import type { Id } from 'matfac';
import { problemOf } from '../../actions/problem-of.js';
import { h, replace } from '../../base/dom.js';
import type { ItemList, Stars } from '../../items/item-list.js';
import { finderOf, searchItems } from '../../items/item-search.js';
import { currentItemList, isOfTaking, type State, starsOf } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';
import type { RatingControl } from '../parts/star-group.js';
import { itemRow } from './item-row.js';

/** How many items are shown at a time. */
const shownAtOnce = 8;

/** Items to rate: popular ones, or those found by a search. They stay in their order while they are rated. */
export function itemsToRate(store: Store): HTMLElement {
  const list = rateableList(store);
  const none = h('p', { class: 'empty' }, 'No items match.');
  const query = h('input', {
    id: 'search',
    type: 'search',
    autocomplete: 'off',
    focus: () => prepareSearch(store),
    input: () => void draw(),
  });
  const more = h('button', { type: 'button', class: 'quiet', click: () => drawPopular(next) }, 'Show more');
  let next = 0;

  const show = (itemList: ItemList, items: readonly Id[]) => {
    list.show(itemList, items);
    none.hidden = items.length > 0;
    more.hidden = query.value.trim() !== '';
  };
  const drawPopular = (start: number) => {
    const itemList = currentItemList(store.state);
    if (!itemList) return;
    const popular = popularItems(store.state, itemList, start);
    next = popular.next;
    show(itemList, popular.items);
  };
  const draw = async () => {
    const text = query.value;
    const { titles } = store.state;
    const itemList = currentItemList(store.state);
    if (!itemList || text.trim() === '') return drawPopular(0);
    list.element.setAttribute('aria-busy', 'true');
    try {
      const items = await searchItems(itemList, titles, text, shownAtOnce);
      // The query or the items may have changed in the meantime.
      const isCurrent = text === query.value && itemList === currentItemList(store.state);
      if (isCurrent && titles === store.state.titles) show(itemList, items);
    } catch (error) {
      problemAt(store, 'rate', problemOf(error));
    }
  };
  store.watch(
    (state) => [currentItemList(state), state.titles],
    (_itemList, _titles) => void draw(),
  );
  store.watch(
    ({ toRate }) => [toRate],
    (toRate) => {
      const itemList = currentItemList(store.state);
      if (!toRate || !itemList) return;
      query.value = '';
      const { items, next: end } = popularItems(store.state, itemList, 0);
      const others = items.filter((item) => item !== toRate.item);
      // The last of a full list makes room, and comes with "Show more".
      next = others.length < shownAtOnce ? end : end - 1;
      show(itemList, [toRate.item, ...others].slice(0, shownAtOnce));
      list.element.querySelector<HTMLElement>('input, button')?.focus();
    },
  );
  store.watch(
    (state) => [isOfTaking(state)],
    (_isOfTaking) => list.redraw(),
  );
  const label = h('label', { for: 'search' }, 'Rate what you know, or search by title, genre or id');
  return h('div', {}, h('div', { class: 'search' }, label, query), list.element, none, more);
}

function rateableList(store: Store) {
  const element = h('ul', { class: 'items', 'aria-label': 'Items to rate' });
  let groups = new Map<Id, RatingControl>();
  let shown: ItemList | null = null;
  const showStars = (given: Stars) => {
    for (const [item, group] of groups) group.show(given.get(item));
  };
  const show = (itemList: ItemList, items: readonly Id[]) => {
    element.removeAttribute('aria-busy');
    shown = itemList;
    const rows = items.map((item) => [item, itemRow(store, item, itemList)] as const);
    groups = new Map(rows.map(([item, { group }]) => [item, group]));
    replace(element, ...rows.map(([, row]) => row.element));
    showStars(starsOf(store.state, itemList));
  };
  store.watch((state) => [starsOf(state, currentItemList(state))], showStars);
  /** The same items, with other controls. */
  const redraw = () => {
    if (shown && shown === currentItemList(store.state)) show(shown, [...groups.keys()]);
  };
  return { element, show, redraw };
}

/** Builds the index before the first letter is typed. If that fails, the search reports it. */
function prepareSearch(store: Store): void {
  const itemList = currentItemList(store.state);
  if (itemList) finderOf(itemList, store.state.titles).catch(() => {});
}

/** The best-known items from `start` on that are not rated yet, and where the next ones start. */
function popularItems(state: State, { items: all }: ItemList, start: number): { items: readonly Id[]; next: number } {
  const given = starsOf(state, currentItemList(state));
  const items: Id[] = [];
  let next = start < all.length ? start : 0;
  for (; next < all.length && items.length < shownAtOnce; next++) if (!given.has(all[next]!)) items.push(all[next]!);
  return { items, next };
}
