import { declineUndo, takeBack } from '../../actions/undo.js';
import { h } from '../../base/dom.js';
import type { Store } from '../../state/store.js';

/** What was just done, at the bottom of the window, with a button that takes it back. */
export function undoBar(store: Store): HTMLElement {
  const words = h('span');
  const bar = h(
    'div',
    { class: 'undo-bar', role: 'region', 'aria-label': 'Undo' },
    words,
    h('button', { type: 'button', click: () => takeBack(store) }, 'Undo'),
    h('button', { type: 'button', class: 'quiet', click: () => declineUndo(store) }, 'Dismiss'),
  );
  store.watch(
    ({ undo }) => [undo],
    (undo) => {
      bar.hidden = undo === null;
      words.textContent = undo?.done ?? '';
    },
  );
  return bar;
}
