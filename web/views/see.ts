import { h, replace } from '../dom.js';
import type { Store } from '../state.js';
import { matricesView } from './matrices.js';
import { problemView } from './problem.js';

export function seeView(root: HTMLElement, store: Store): void {
  const matrices = h('div', { class: 'panel matrices' });
  replace(root, problemView(store, 'see'), matrices);
  matricesView(matrices, store);
}
