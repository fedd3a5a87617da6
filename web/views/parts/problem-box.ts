import { h, replace } from '../../base/dom.js';
import type { Section } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';

/** Shows the problem of a section, if there is one, with its remedy. Screen readers announce it. */
export function problemView(store: Store, section: Section): HTMLElement {
  const box = h('div', { role: 'alert', class: 'problem' });
  store.watch(
    (state) => [state.problems[section]],
    (problem) => {
      box.hidden = !problem;
      if (!problem) return replace(box);
      const { message, remedy, other } = problem;
      replace(
        box,
        h('p', {}, message),
        remedy && h('button', { type: 'button', click: remedy.take }, remedy.label),
        other && h('button', { type: 'button', class: 'quiet', click: other.take }, other.label),
        h('button', { type: 'button', class: 'quiet', click: () => problemAt(store, section) }, 'Dismiss'),
      );
    },
  );
  return box;
}
