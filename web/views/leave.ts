import { downloadModel, openModel } from '../actions/model.js';
import { h, replace } from '../dom.js';
import { counted } from '../format.js';
import type { CurrentModel, Store } from '../state.js';
import { picker } from './picker.js';
import { problemView } from './problem.js';

export function leaveView(root: HTMLElement, store: Store): void {
  const words = h('p');
  const users = h('input', { type: 'checkbox', checked: true });
  const withUsers = h(
    'label',
    { class: 'choice' },
    users,
    h(
      'span',
      {},
      h('strong', {}, 'With its users and their ratings'),
      h('small', {}, 'Leave them out to give the model away: recommending to a visitor needs none of them.'),
    ),
  );
  const download = () => downloadModel(store, users.checked);
  const save = h('button', { type: 'button', click: download }, 'Download the model');
  replace(
    root,
    h(
      'div',
      { class: 'choices' },
      h('div', { class: 'card' }, h('h3', {}, 'Save'), words, withUsers, save),
      h(
        'div',
        { class: 'card' },
        h('h3', {}, 'Open'),
        h(
          'p',
          {},
          'A .safetensors file saved here or by matfac anywhere else. It recommends without the ratings it was trained ' +
            'on; titles come from a titles file, for the model knows ids only.',
        ),
        picker('Open a model …', (file) => void openModel(store, file)),
      ),
    ),
    problemView(store, 'leave'),
  );
  store.watch(
    ({ model }) => [model],
    (current) => {
      words.textContent = current ? contents(current) : 'There is no model yet: train one first.';
      withUsers.hidden = current?.model.users.length === 0;
      save.setAttribute('aria-disabled', String(current === null));
    },
  );
}

function contents({ model, origin }: CurrentModel): string {
  const items = counted(model.items.length, 'item');
  const whose =
    model.users.length > 0 ? `${counted(model.users.length, 'user')} and ${items}` : `${items}, with no users`;
  return (
    `${origin}: ${counted(model.options.factors, 'factor')} for each of ${whose}, in one .safetensors file that ` +
    'Python opens too. Your own stars are not in it.'
  );
}
