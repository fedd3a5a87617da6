import { problemOf } from '../../actions/problem-of.js';

/** Draws what is below the visitor, with the parts of the page's script that only it needs. */
const waiting = new Map<Element, () => Promise<void>>();

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) void draw(target);
  },
  { rootMargin: '700px 0px' },
);

/** Calls `load` once, before the visitor reaches the element. */
export function whenNear(element: Element, load: () => Promise<void>): void {
  waiting.set(element, load);
  watcher.observe(element);
}

async function draw(element: Element): Promise<void> {
  const load = waiting.get(element);
  waiting.delete(element);
  watcher.unobserve(element);
  await load?.().catch((error) => {
    element.textContent = problemOf(error).message;
  });
}

/** Goes to an element of the page after drawing what lies above it, which would otherwise move it away again. */
export async function goTo(hash: string): Promise<void> {
  await Promise.all([...waiting.keys()].map(draw));
  location.assign(hash);
  stayAt(hash);
}

/** Follows a target that moves while something above it is still drawn, until the visitor acts. */
function stayAt(hash: string): void {
  const watcher = new ResizeObserver(() => document.querySelector(hash)?.scrollIntoView({ behavior: 'instant' }));
  watcher.observe(document.body);
  for (const act of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    addEventListener(act, () => watcher.disconnect(), { once: true, passive: true });
}

export const isAllDrawn = (): boolean => waiting.size === 0;
