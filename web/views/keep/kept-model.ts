import { deleteKeptModel, findKeptModel, keepModel, openKeptModel } from '../../actions/keep-model.js';
import { h } from '../../base/dom.js';
import type { Store } from '../../state/store.js';

/** Keeps one model in this browser, opens it and deletes it. */
export function keptView(store: Store): HTMLElement {
  const words = h('p');
  const keep = h('button', { type: 'button', click: () => void keepModel(store) }, 'Keep it in this browser');
  const resume = h('button', { type: 'button', click: () => void openKeptModel(store) }, 'Open the kept model');
  const forget = h('button', { type: 'button', class: 'quiet', click: () => void deleteKeptModel(store) }, 'Delete it');
  store.watch(
    ({ model, kept }) => [model, kept],
    (model, kept) => {
      words.textContent = kept
        ? 'A model is kept in this browser for your next visit.'
        : 'Or keep the model in this browser, to use it another day.';
      keep.setAttribute('aria-disabled', String(model === null));
      resume.hidden = !kept;
      forget.hidden = !kept;
    },
  );
  void findKeptModel(store);
  return h('div', { class: 'kept' }, words, h('div', { class: 'buttons' }, keep, resume, forget));
}
