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

/** Downloads the model, in a number format and with or without its users. */
export function saveCard(store: Store): HTMLElement {
  const description = h('p');
  const dtype = h('select', { id: 'dtype' }, ...dtypes.map(({ value, label }) => h('option', { value }, label)));
  const users = h('input', { type: 'checkbox', checked: true });
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
  store.watch(
    ({ model }) => [model],
    (current) => {
      description.textContent = current ? contents(current) : 'There is no model yet: train one first.';
      withUsers.hidden = current?.model.userCount === 0;
      save.setAttribute('aria-disabled', String(current === null));
    },
  );
  const field = h('div', { class: 'field' }, h('label', { for: 'dtype' }, 'Number format'), dtype);
  return h('div', { class: 'card' }, h('h3', {}, 'Save'), description, field, withUsers, save);
}

function contents({ model, origin }: CurrentModel): string {
  const items = counted(model.itemCount, 'item');
  const whose = model.userCount > 0 ? `${counted(model.userCount, 'user')} and ${items}` : `${items}, with no users`;
  return (
    `${counted(model.options.factors, 'factor')} for each of ${whose} (${origin}), in one .safetensors file that ` +
    'Python can open, too. Your own ratings are not in it.'
  );
}
