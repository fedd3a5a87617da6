import { h, replace } from '../../base/dom.js';
import { currentItemList, type State, starsOf } from '../../state/state.js';
import type { Store } from '../../state/store.js';

const steps: { href: string; name: string; done: (state: State) => boolean }[] = [
  { href: '#start', name: 'Start', done: ({ data }) => data !== null },
  { href: '#train', name: 'Train', done: ({ model }) => model !== null },
  { href: '#learn', name: 'Learn', done: () => false },
  { href: '#see', name: 'See', done: () => false },
  { href: '#rate', name: 'Rate', done: (state) => starsOf(state, currentItemList(state)).size > 0 },
  { href: '#judge', name: 'Judge', done: () => false },
  { href: '#keep', name: 'Keep', done: () => false },
  { href: '#trust', name: 'Trust', done: () => false },
];

export function stepsView(root: HTMLElement, store: Store): void {
  const links = steps.map(({ href, name, done }) => {
    const words = h('span', { class: 'visually-hidden' }, ' (done)');
    const link = h('a', { href }, name, words);
    store.watch(
      (state) => [done(state)],
      (isDone) => {
        link.classList.toggle('done', isDone);
        words.hidden = !isDone;
      },
    );
    return h('li', {}, link);
  });
  replace(root, h('ol', {}, ...links));
}
