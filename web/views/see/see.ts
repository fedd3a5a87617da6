import { h, replace } from '../../base/dom.js';
import type { Store } from '../../state/store.js';
import { mapPanel } from '../map/map-panel.js';
import { problemView } from '../parts/problem-box.js';
import { errorsView } from './histogram-panel.js';
import { matricesView } from './matrices-panel.js';

export function seeView(root: HTMLElement, store: Store): void {
  const map = h('div', { class: 'panel map-panel' });
  const matrices = h('div', { class: 'panel matrices' });
  const errors = h('div', { class: 'panel errors-panel' });
  root.classList.add('see');
  replace(root, problemView(store, 'see'), map, errors, matrices);
  mapPanel(map, store);
  errorsView(errors, store);
  matricesView(matrices, store);
}
