import { type Dtype, downloadModel, openModel } from '../../actions/use-model.js';
import { h, replace } from '../../base/dom.js';
import { counted } from '../../base/format.js';
import { codeFor, optionsToRepeat } from '../../settings/code.js';
import type { CurrentModel, State } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { picker } from '../parts/file-picker.js';
import { problemView } from '../parts/problem-box.js';
import { keptView } from './kept-model.js';

const dtypes: readonly { value: Dtype; label: string }[] = [
  { value: 'float32', label: 'float32: full precision' },
  { value: 'float16', label: 'float16: half the size, nearly the same predictions' },
  { value: 'int8', label: 'int8: about a quarter of the size' },
];

export function keepView(root: HTMLElement, store: Store): void {
  const words = h('p');
  const users = h('input', { type: 'checkbox', checked: true });
  const dtype = h('select', { id: 'dtype' }, ...dtypes.map(({ value, label }) => h('option', { value }, label)));
  const withUsers = h(
    'label',
    { class: 'choice' },
    users,
    h(
      'span',
      {},
      h('strong', {}, 'Include the users and their ratings'),
      h('small', {}, 'Leave them out to share the model: recommending to visitors works without them.'),
    ),
  );
  const download = () => downloadModel(store, { users: users.checked, dtype: dtype.value as Dtype });
  const save = h('button', { type: 'button', click: download }, 'Download the model');
  replace(
    root,
    h(
      'div',
      { class: 'choices' },
      h(
        'div',
        { class: 'card' },
        h('h3', {}, 'Save'),
        words,
        h('div', { class: 'field' }, h('label', { for: 'dtype' }, 'Number format'), dtype),
        withUsers,
        save,
      ),
      h(
        'div',
        { class: 'card' },
        h('h3', {}, 'Open'),
        h(
          'p',
          {},
          'A .safetensors file saved here, or by matfac elsewhere. It recommends without the ratings it was trained on. ' +
            'Titles come from a titles file, because the model only knows ids.',
        ),
        picker('Open a model …', (file) => void openModel(store, file)),
        keptView(store),
      ),
    ),
    codeCard(store),
    problemView(store, 'keep'),
  );
  store.watch(
    ({ model }) => [model],
    (current) => {
      words.textContent = current ? contents(current) : 'There is no model yet: train one first.';
      withUsers.hidden = current?.model.userCount === 0;
      save.setAttribute('aria-disabled', String(current === null));
    },
  );
}

function contents({ model, origin }: CurrentModel): string {
  const items = counted(model.itemCount, 'item');
  const whose = model.userCount > 0 ? `${counted(model.userCount, 'user')} and ${items}` : `${items}, with no users`;
  return (
    `${counted(model.options.factors, 'factor')} for each of ${whose} (${origin}), in one .safetensors file that ` +
    'Python can open, too. Your own ratings are not in it.'
  );
}

/** Code that repeats what was done here, ready to copy. */
function codeCard(store: Store): HTMLElement {
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
  const epochs = model.model.history.length;
  return codeFor({
    source: data.itemList.sample ? { sample: 'ml100k' } : { file: data.name },
    options: optionsToRepeat(
      model.model.options,
      run.status === 'cancelled' ? epochs : Math.max(epochs, model.model.options.epochs),
    ),
    validation: run.settings.validation,
  });
}
