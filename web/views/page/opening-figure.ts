import { replace, svg } from '../../base/dom.js';
import { items, pass, predictions, ratings, type SmallFactors, start, users } from '../../compute/small-matrix.js';
import type { Store } from '../../state/store.js';

const cell = 18;
const gap = 3;
const pitch = cell + gap;

/** Passes over the known ratings: about two seconds of frames. */
const passes = 120;

/** R ≈ U Vᵀ: the factors are learned before the visitor's eyes, and the gaps fill with their products. */
export function figureView(root: HTMLElement, store: Store): void {
  const left = items * pitch + 34;
  const right = left + 2 * pitch + 26;
  const middle = (users * pitch - gap) / 2;
  const matrix = grid(0, 0, users, items);
  const ofUsers = grid(left, 0, users, 2);
  const ofItems = grid(right, middle - pitch + gap / 2, 2, items);
  replace(
    root,
    svg(
      'svg',
      {
        viewBox: `0 0 ${right + items * pitch} ${users * pitch + 26}`,
        role: 'img',
        'aria-label':
          'A matrix of ratings with gaps is approximately U times V transposed, whose products fill the gaps',
      },
      ...matrix,
      sign('≈', left - 18, middle),
      ...ofUsers,
      sign('×', right - 15, middle),
      ...ofItems,
      caption('ratings, gaps filled', (items * pitch - gap) / 2),
      caption('users’ tastes', left + pitch - gap / 2),
      caption('items’ traits', right + (items * pitch - gap) / 2),
    ),
  );
  const draw = (factors: SmallFactors, share: number) => {
    const predicted = predictions(factors);
    for (const [at, rating] of ratings.entries()) {
      // In an order that jumps about: 25 and 63 have no common divisor.
      const isFilled = ((at * 25) % ratings.length) / ratings.length < share;
      const isGap = Number.isNaN(rating);
      const value = isGap ? predicted[at]! : rating;
      paint(matrix[at]!, isGap && !isFilled ? 'gap' : `${shade(value, 4)}${isGap ? ' filled' : ''}`);
    }
    for (const [at, value] of factors.u.entries()) paint(ofUsers[at]!, shade(value, 2));
    for (const [at, value] of factors.v.entries())
      paint(ofItems[(at % 2) * items + Math.floor(at / 2)]!, shade(value, 2));
  };
  const learn = learning(draw);
  store.watch(
    ({ run }) => [run?.status === 'running'],
    (isTraining) => (isTraining || !store.state.run) && learn(),
  );
}

/** Learns from the start, a pass per frame; at once for those who want no motion. */
function learning(draw: (factors: SmallFactors, share: number) => void): () => void {
  let frame = 0;
  return () => {
    cancelAnimationFrame(frame);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let factors = start();
    let done = 0;
    const next = () => {
      draw(factors, (1.3 * done) / passes);
      if (done++ === passes) return;
      factors = pass(factors);
      if (still) next();
      else frame = requestAnimationFrame(next);
    };
    next();
  };
}

function grid(x: number, y: number, rows: number, columns: number): SVGElement[] {
  return Array.from({ length: rows * columns }, (_, at) => {
    const place = { x: x + (at % columns) * pitch, y: y + Math.floor(at / columns) * pitch };
    return svg('rect', { ...place, width: cell, height: cell, rx: 3 });
  });
}

function paint(element: SVGElement, kind: string): void {
  if (element.getAttribute('class') !== kind) element.setAttribute('class', kind);
}

/** One of seven shades, from far below zero to far above. */
function shade(value: number, most: number): string {
  const step = Math.max(-3, Math.min(3, Math.round((3 * value) / most)));
  return step < 0 ? `low${-step}` : step > 0 ? `high${step}` : 'zero';
}

const sign = (text: string, x: number, y: number) =>
  svg('text', { x, y: y + 7, class: 'sign', 'text-anchor': 'middle' }, text);

const caption = (text: string, x: number) =>
  svg('text', { x, y: users * pitch + 18, class: 'caption', 'text-anchor': 'middle' }, text);
