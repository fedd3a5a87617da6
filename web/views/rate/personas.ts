import { borrowTaste } from '../../actions/rate-items.js';
import { h, replace } from '../../base/dom.js';
import { personasOf } from '../../compute/personas.js';
import { currentItemList } from '../../state/state.js';
import type { Store } from '../../state/store.js';

/** Somebody else's taste in one click, where the titles have genres. */
export function personasView(store: Store): HTMLElement {
  const buttons = h('div', { class: 'buttons' });
  const box = h('div', { class: 'personas' }, h('p', { class: 'small' }, 'Or borrow a taste:'), buttons);
  store.watch(
    (state) => [currentItemList(state), state.titles],
    (itemList, titles) => {
      const personas = itemList ? personasOf(itemList, titles, 4) : [];
      box.hidden = personas.length === 0;
      replace(
        buttons,
        ...personas.map((persona) =>
          h('button', { type: 'button', class: 'persona', click: () => borrowTaste(store, persona) }, persona.words),
        ),
      );
    },
  );
  return box;
}
