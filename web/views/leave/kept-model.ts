import { deleteKeptModel, keepModel, openKeptModel } from '../../actions/keep-model.js';
import { h } from '../../base/dom.js';
import type { Store } from '../../state/store.js';

/** The one model that this browser keeps for the page. */
export function keptView(store: Store): HTMLElement {
  const words = h('p');
  const keep = h('button', { type: 'button', click: () => void keepModel(store) }, 'Keep it in this browser');
  const resume = h('button', { type: 'button', click: () => void openKeptModel(store) }, 'Go on with the kept model');
  const forget = h('button', { type: 'button', class: 'quiet', click: () => void deleteKeptModel(store) }, 'Forget it');
  store.watch(
    ({ model, kept }) => [model, kept],
    (model, kept) => {
      words.textContent = kept
        ? 'A model is kept in this browser, and there when you come back.'
        : 'Or keep the model in this browser, to go on with it another day.';
      keep.setAttribute('aria-disabled', String(model === null));
      resume.hidden = !kept;
      forget.hidden = !kept;
    },
  );
  return h('div', { class: 'kept' }, words, h('div', { class: 'buttons' }, keep, resume, forget));
}
