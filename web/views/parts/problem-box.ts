import { h, replace } from '../../base/dom.js';
import type { Section } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';

/** The place where what went wrong is said, aloud too, with a way out where there is one. */
export function problemView(store: Store, place: Section): HTMLElement {
  const box = h('div', { role: 'alert', class: 'problem' });
  store.watch(
    (state) => [state.problems[place]],
    (problem) => {
      box.hidden = !problem;
      if (!problem) return replace(box);
      const { message, remedy } = problem;
      replace(
        box,
        h('p', {}, message),
        remedy && h('button', { type: 'button', click: remedy.take }, remedy.label),
        h('button', { type: 'button', class: 'quiet', click: () => problemAt(store, place) }, 'Dismiss'),
      );
    },
  );
  return box;
}
