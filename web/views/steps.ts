import { h, replace } from '../dom.js';
import { currentCatalogue, type State, type Store, starsOf } from '../state.js';

const steps: { href: string; name: string; done: (state: State) => boolean }[] = [
  { href: '#ratings', name: 'Ratings', done: ({ data }) => data !== null },
  { href: '#train', name: 'Train', done: ({ model }) => model !== null },
  { href: '#rate', name: 'Rate', done: (state) => starsOf(state, currentCatalogue(state)).size > 0 },
  { href: '#keep', name: 'Keep', done: () => false },
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
