import { h, replace } from '../../base/dom.js';
import { goTo, isAllDrawn } from '../parts/near.js';
import { openFold } from './folds.js';

/** Links to the sections, of which the one in view is marked. */
export function stepsView(root: HTMLElement): void {
  const links = new Map<Element, HTMLElement>();
  for (const section of document.querySelectorAll('main > section[id]')) {
    const name = section.getAttribute('data-name') ?? section.querySelector('h2')?.textContent ?? '';
    links.set(section, h('a', { href: `#${section.id}` }, name));
  }
  replace(root, h('ol', {}, ...[...links.values()].map((link) => h('li', {}, link))));
  const mark = (current: Element | null) => {
    for (const [section, link] of links) {
      if (section !== current) link.removeAttribute('aria-current');
      else if (!link.hasAttribute('aria-current')) {
        link.setAttribute('aria-current', 'true');
        root.scrollTo({ left: link.offsetLeft - root.clientWidth / 3 });
      }
    }
  };
  // The section that crosses a line a third down the window.
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) mark(links.has(target) ? target : null);
    },
    { rootMargin: '-33% 0px -66% 0px' },
  );
  for (const section of document.querySelectorAll('main > section')) watcher.observe(section);
  hintAtMore(root);
}

/** The style sheet draws an arrow while there are links to the right of those in view. */
function hintAtMore(root: HTMLElement): void {
  const show = () => root.classList.toggle('more', root.scrollLeft + root.clientWidth < root.scrollWidth - 2);
  root.addEventListener('scroll', show, { passive: true });
  new ResizeObserver(show).observe(root);
}

/** Links within the page, and its address when it opens, land at their headings although sections are drawn late. */
export function landAtHeadings(opened: Promise<unknown>): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
    if (link && link.hash.length > 1) openFold(link.hash);
    if (!link || isAllDrawn() || event.ctrlKey || event.metaKey || !isLate(link.hash)) return;
    event.preventDefault();
    void goTo(link.hash);
  });
  if (location.hash.length > 1) {
    openFold(location.hash);
    void opened.then(() => goTo(location.hash));
  }
}

/** True if the target is below what has been drawn. */
const isLate = (hash: string): boolean => !document.querySelector(hash)?.closest('#rate, #start, #train');
