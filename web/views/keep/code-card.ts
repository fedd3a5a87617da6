import { h } from '../../base/dom.js';
import { codeFor, epochsToRepeat, optionsToRepeat } from '../../settings/code.js';
import type { State } from '../../state/state.js';
import type { Store } from '../../state/store.js';

/** Code that repeats what was done here, ready to copy. */
export function codeCard(store: Store): HTMLElement {
  const code = h('code');
  const said = h('span', { class: 'small', role: 'status' });
  const copy = h('button', { type: 'button' }, 'Copy the code');
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? '');
      said.textContent = 'Copied.';
    } catch {
      getSelection()?.selectAllChildren(code);
      said.textContent = 'The code is selected: copy it with the keyboard.';
    }
  });
  const card = h(
    'div',
    { class: 'card code-card' },
    h('h3', {}, 'The same in your own code'),
    h('p', {}, 'With the matfac package in Node, this code reproduces the figures of this page, bit for bit.'),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Code' }, code),
    h('div', { class: 'buttons' }, copy, said),
  );
  store.watch(
    ({ model, data }) => [model, data],
    (_model, _data) => {
      const text = codeOf(store.state);
      card.hidden = text === null;
      code.textContent = text ?? '';
      said.textContent = '';
    },
  );
  return card;
}

/** Null unless the model was trained here on the present ratings: an opened model does not say what it was trained on. */
function codeOf({ model, data }: State): string | null {
  const run = model?.trainedBy;
  if (!model || !data || !run || run.ratings !== data.ratings) return null;
  return codeFor({
    source: data.itemList.sample ? { sample: 'ml100k' } : { file: data.name },
    options: optionsToRepeat(model.model.options, epochsToRepeat(model.model, run.status !== 'cancelled')),
    validation: run.settings.validation,
  });
}
