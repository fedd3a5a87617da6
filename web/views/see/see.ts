import { h, replace } from '../../base/dom.js';
import type { Store } from '../../state/store.js';
import { mapPanel } from '../map/map-panel.js';
import { problemView } from '../parts/problem-box.js';
import { errorsView } from './histogram-panel.js';

export function seeView(root: HTMLElement, store: Store): void {
  const map = h('div', { class: 'panel map-panel' });
  const errors = h('div', { class: 'panel errors-panel' });
  root.classList.add('see');
  replace(root, problemView(store, 'see'), map, errors);
  mapPanel(map, store);
  errorsView(errors, store);
}
