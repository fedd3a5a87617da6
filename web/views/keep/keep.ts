import { openModel } from '../../actions/use-model.js';
import { h, replace } from '../../base/dom.js';
import type { Store } from '../../state/store.js';
import { picker } from '../parts/file-picker.js';
import { problemView } from '../parts/problem-box.js';
import { codeCard } from './code-card.js';
import { keptView } from './kept-model.js';
import { saveCard } from './save-card.js';

export function keepView(root: HTMLElement, store: Store): void {
  const cards = h('div', { class: 'choices' }, saveCard(store), openCard(store));
  replace(root, cards, codeCard(store), problemView(store, 'keep'));
}

const openCard = (store: Store): HTMLElement =>
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
  );
