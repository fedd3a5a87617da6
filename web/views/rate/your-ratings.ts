import type { Id } from 'matfac';
import { clearStars, rate } from '../../actions/rate-items.js';
import { arrange, h, icon } from '../../base/dom.js';
import { counted } from '../../base/format.js';
import type { ItemList } from '../../items/item-list.js';
import { nameOf } from '../../items/titles.js';
import { currentItemList, isOfTaking, rangeOf, starsOf } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { itemRow } from './item-row.js';

/** The items the visitor has rated, the latest first. */
export function yourRatings(store: Store): HTMLElement {
  const title = h('h3', { id: 'yours' });
  const list = h('ul', { class: 'items', 'aria-labelledby': 'yours' });
  const clear = h('button', { type: 'button', class: 'quiet', click: () => clearStars(store) }, 'Remove all');
  const alike = h(
    'p',
    { class: 'empty' },
    'You gave all of these nearly the same number of stars. That says more about how high you rate than about what you ' +
      'like: also rate something very differently.',
  );
  const down = h('a', { class: 'to-recommendations', href: '#for-you' }, 'See your recommendations ↓');
  const box = h('div', { class: 'yours' }, h('div', { class: 'heading' }, title, clear), alike, list, down);
  const rows = new Map<Id, ReturnType<typeof itemRow>>();
  let shown: ItemList | null = null;
  let shownAsTaken = false;

  store.watch(
    (state) => [currentItemList(state), state.titles, starsOf(state, currentItemList(state)), isOfTaking(state)],
    (itemList, titles, given, asTaken) => {
      box.hidden = given.size === 0;
      alike.hidden = asTaken || !areAlike([...given.values()], rangeOf(store.state));
      if (!itemList) return;
      if (shown !== itemList || shownAsTaken !== asTaken) rows.clear();
      [shown, shownAsTaken] = [itemList, asTaken];
      title.textContent = `Your ${counted(given.size, 'rating')}`;
      for (const [item, rating] of given) {
        const row =
          rows.get(item) ??
          itemRow(store, item, itemList, removeButton(store, item, nameOf(item, itemList, titles).title));
        rows.set(item, row);
        row.group.show(rating);
      }
      for (const item of rows.keys()) if (!given.has(item)) rows.delete(item);
      arrange(
        list,
        [...rows.values()].reverse().map(({ element }) => element),
      );
    },
  );
  return box;
}

/** True if three or more ratings lie within an eighth of the range: they tell a model little but how high the visitor rates. */
function areAlike(given: readonly number[], [least, most]: readonly [number, number]): boolean {
  return given.length >= 3 && most > least && Math.max(...given) - Math.min(...given) <= (most - least) / 8;
}

const removeButton = (store: Store, item: Id, title: string) =>
  h(
    'button',
    {
      type: 'button',
      class: 'quiet remove',
      'aria-label': `Remove your rating of ${title}`,
      click: () => rate(store, item, null),
    },
    icon('cross'),
  );
