import { h, replace } from '../../base/dom.js';
import { count } from '../../base/format.js';
import { summaryOf } from '../../state/own-list.js';
import { currentItemList, type OwnList } from '../../state/state.js';
import type { Store } from '../../state/store.js';

/** How many titles without an item are listed. */
const SHOWN = 200;

/** What became of the visitor's own list: how many ratings were taken, what else is known, and which titles were not found. */
export function ownListView(store: Store): HTMLElement {
  const box = h('div', { class: 'own-list' });
  store.watch(
    (state) => [state.ownList, currentItemList(state)],
    (ownList, itemList) => {
      const isShown = ownList !== null && ownList.itemList === itemList;
      box.hidden = !isShown;
      replace(box, isShown && h('p', {}, summaryOf(ownList)), isShown && missing(ownList));
    },
  );
  return box;
}

function missing({ unmatched }: OwnList): HTMLElement | null {
  if (unmatched.length === 0) return null;
  const lines = unmatched.slice(0, SHOWN).map(({ title, year, reason }) => {
    const name = year === undefined ? title : `${title} (${year})`;
    return h('li', {}, `${name}: ${reason}`);
  });
  const more = unmatched.length > SHOWN ? [h('li', {}, `and ${count(unmatched.length - SHOWN)} more`)] : [];
  return h('details', {}, h('summary', {}, 'Titles that were not found'), h('ul', {}, ...lines, ...more));
}
