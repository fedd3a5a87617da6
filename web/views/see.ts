import { h, replace } from '../dom.js';
import type { Store } from '../state.js';
import { errorsView } from './errors.js';
import { mapView } from './map.js';
import { matricesView } from './matrices.js';
import { problemView } from './problem.js';

export function seeView(root: HTMLElement, store: Store): void {
  const map = h('div', { class: 'panel map-panel' });
  const matrices = h('div', { class: 'panel matrices' });
  const errors = h('div', { class: 'panel errors-panel' });
  root.classList.add('see');
  replace(root, problemView(store, 'see'), map, errors, matrices);
  mapView(map, store);
  errorsView(errors, store);
  matricesView(matrices, store);
}
