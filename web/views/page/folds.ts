/** On a phone, the sections that a first visit does not need are closed until asked for. Elsewhere none is. */
import { h } from '../../base/dom.js';
import type { Section } from '../../state/state.js';
import type { Store } from '../../state/store.js';

const folds = new Map<Element, (isOpen: boolean) => void>();

/** Where the problems of these sections are shown. */
const problemsOf: Readonly<Record<string, readonly Section[]>> = { start: ['start', 'titles'], train: ['learn'] };

export function foldsView(store: Store): void {
  for (const section of document.querySelectorAll<HTMLElement>('[data-fold]')) {
    const words = section.dataset.fold ?? '';
    const button = h('button', { type: 'button', class: 'fold', click: () => open(!section.matches('.open')) });
    const open = (isOpen: boolean) => {
      section.classList.toggle('open', isOpen);
      button.setAttribute('aria-expanded', String(isOpen));
      button.textContent = isOpen ? 'Close' : words;
    };
    open(false);
    section.querySelector('header')?.append(button);
    folds.set(section, open);
  }
  store.watch(
    ({ problems }) => [problems],
    (problems) => {
      for (const [section, open] of folds) if (problemsOf[section.id]?.some((name) => problems[name])) open(true);
    },
  );
}

/** Opens the section that a link within the page leads to. */
export function openFold(hash: string): void {
  const section = document.querySelector(hash)?.closest('[data-fold]');
  if (section) folds.get(section)?.(true);
}
