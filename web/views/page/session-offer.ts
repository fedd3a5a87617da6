import { notedSession } from '../../actions/session-note.js';
import { h, replace } from '../../base/dom.js';
import { counted } from '../../base/format.js';
import type { Store } from '../../state/store.js';

/** Offers to continue the last session, until the visitor does, or begins another. */
export function sessionOffer(root: HTMLElement, store: Store): void {
  const note = notedSession();
  root.hidden = note === null;
  if (!note) return;
  const continued = async () => {
    root.hidden = true;
    await (await import('../../actions/session.js')).restoreSession(store, note);
    document.querySelector('#rate')?.scrollIntoView();
  };
  const forget = async () => {
    root.hidden = true;
    await (await import('../../actions/session.js')).clearSession();
  };
  const parts = [note.name, note.stars > 0 && counted(note.stars, 'rating of yours', 'ratings of yours')];
  replace(
    root,
    h(
      'p',
      {},
      `Your last session is kept in this browser: ${parts.filter(Boolean).join(', ')}${note.model ? ', a model' : ''}.`,
    ),
    h('button', { type: 'button', click: () => void continued() }, 'Continue'),
    h('button', { type: 'button', class: 'quiet', click: () => void forget() }, 'Clear it'),
  );
  store.watch(
    ({ model }) => [model],
    (model) => {
      if (model) root.hidden = true;
    },
  );
}
