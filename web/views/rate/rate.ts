import { h, replace } from '../../base/dom.js';
import { inOwnTask } from '../../base/yielding.js';
import { itemToRateNext } from '../../compute/recommend.js';
import { currentItemList, modelInUse, rangeOf, starsOf } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { problemView } from '../parts/problem-box.js';
import { itemRow } from './item-row.js';
import { itemsToRate } from './items-to-rate.js';
import { ownListView } from './own-list.js';
import { personasView } from './personas.js';
import { yourRatings } from './your-ratings.js';

export function rateView(root: HTMLElement, store: Store): void {
  const empty = h('p', { class: 'empty' }, 'Items to rate appear here once there are ratings or a model.');
  const body = h(
    'div',
    {},
    itemsToRate(store),
    personasView(store),
    nextToRate(store),
    problemView(store, 'rate'),
    ownListView(store),
    yourRatings(store),
  );
  replace(root, empty, body);
  store.watch(
    (state) => [currentItemList(state)],
    (itemList) => {
      empty.hidden = itemList !== null;
      body.hidden = itemList === null;
    },
  );
}

/** The item whose rating would teach the model most, if it estimates its uncertainty. */
function nextToRate(store: Store): HTMLElement {
  const list = h('ul', { class: 'items', 'aria-label': 'Rate this next' });
  const box = h(
    'div',
    { class: 'next' },
    h('strong', {}, 'Rate this next'),
    ' ',
    h('small', {}, 'the model is least certain here'),
    list,
  );
  const show = () => {
    // The item stays while its stars are set by keyboard.
    if (list.querySelector(':focus-visible')) return;
    const current = modelInUse(store.state);
    const given = starsOf(store.state, currentItemList(store.state));
    const item = current && itemToRateNext(current.model, current.itemList, given, rangeOf(store.state));
    box.hidden = item === null;
    replace(list, current && item !== null && itemRow(store, item, current.itemList).element);
  };
  box.hidden = true;
  const showLater = inOwnTask(show);
  store.watch(
    (state) => [modelInUse(state), state.titles, starsOf(state, currentItemList(state))],
    (_model, _titles, _given) => showLater(),
  );
  list.addEventListener('focusout', showLater);
  return box;
}
