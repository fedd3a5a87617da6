import { type Dtype, downloadModel } from '../../actions/use-model.js';
import { h } from '../../base/dom.js';
import { counted } from '../../base/format.js';
import type { CurrentModel } from '../../state/state.js';
import type { Store } from '../../state/store.js';

const dtypes: readonly { value: Dtype; label: string }[] = [
  { value: 'float32', label: 'float32: full precision' },
  { value: 'float16', label: 'float16: half the size, nearly the same predictions' },
  { value: 'int8', label: 'int8: about a quarter of the size' },
];

/** Downloads the model, in a number format, whole or without anything of its users. */
export function saveCard(store: Store): HTMLElement {
  const description = h('p');
  const dtype = h('select', { id: 'dtype' }, ...dtypes.map(({ value, label }) => h('option', { value }, label)));
  const mine = h('input', { type: 'radio', name: 'purpose', checked: true });
  const purpose = h(
    'fieldset',
    { class: 'purpose' },
    h('legend', {}, 'Who is the file for?'),
    choice(mine, 'For me', 'Everything, so that training can go on: also who the users are, and all of their ratings.'),
    choice(
      h('input', { type: 'radio', name: 'purpose' }),
      'To share or publish',
      'Nothing of any user. It recommends to visitors all the same.',
    ),
  );
  const download = () => downloadModel(store, { share: !mine.checked, dtype: dtype.value as Dtype });
  const save = h('button', { type: 'button', click: download }, 'Download the model');
  store.watch(
    ({ model }) => [model],
    (current) => {
      description.textContent = current ? contents(current) : 'There is no model yet: train one first.';
      purpose.hidden = current?.model.userCount === 0;
      save.setAttribute('aria-disabled', String(current === null));
    },
  );
  const field = h('div', { class: 'field' }, h('label', { for: 'dtype' }, 'Number format'), dtype);
  return h('div', { class: 'card' }, h('h3', {}, 'Save'), description, field, purpose, save);
}

const choice = (input: HTMLInputElement, title: string, words: string): HTMLElement =>
  h('label', { class: 'choice' }, input, h('span', {}, h('strong', {}, title), h('small', {}, words)));

function contents({ model, origin }: CurrentModel): string {
  const items = counted(model.itemCount, 'item');
  const whose = model.userCount > 0 ? `${counted(model.userCount, 'user')} and ${items}` : `${items}, with no users`;
  return (
    `${counted(model.options.factors, 'factor')} for each of ${whose} (${origin}), in one .safetensors file that ` +
    'Python can open, too. Your own ratings are not in it.'
  );
}
