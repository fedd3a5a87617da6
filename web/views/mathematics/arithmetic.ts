import { h, replace } from '../../base/dom.js';
import { films, people } from '../../compute/descent.js';
import type { Walk } from '../../state/state.js';
import { type Line, linesOf, type Term } from './lines.js';
import { math, mo } from './mathml.js';

/** The lines of the next step. A term under the pointer or the focus lights the cells that its numbers come from. */
export function arithmeticView(light: (cells: readonly string[]) => void) {
  const heading = h('h3', { id: 'arithmetic' });
  const list = h('ol', { class: 'lines' });
  const element = h(
    'div',
    {
      class: 'arithmetic',
      role: 'group',
      'aria-labelledby': 'arithmetic',
      keydown: (event) => move(event as KeyboardEvent),
    },
    heading,
    list,
  );
  let place = 0;
  const terms = () => [...list.querySelectorAll<HTMLElement>('.term')];
  const stop = (at: number) => {
    place = at;
    for (const [index, term] of terms().entries()) term.tabIndex = index === at ? 0 : -1;
  };
  /** The tab key stops once; the arrow keys go from term to term. */
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = by === undefined ? undefined : terms()[place + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const termOf = ({ maths, cells, words }: Term) => {
    const term = h(
      'button',
      {
        type: 'button',
        class: 'term',
        'aria-label': words,
        pointerenter: () => light(cells),
        pointerleave: () => light([]),
      },
      math(...maths),
    );
    term.addEventListener('focus', () => {
      stop(terms().indexOf(term));
      light(cells);
    });
    term.addEventListener('blur', () => light([]));
    return term;
  };
  const lineOf = ({ formula, terms: parts, result }: Line) =>
    h(
      'li',
      {},
      h('span', { class: 'formula' }, math(...formula)),
      h(
        'span',
        { class: 'numbers' },
        h('span', { class: 'equals' }, math(mo('='))),
        ...parts.map(termOf),
        h('span', { class: 'result' }, math(mo('='), ...result)),
      ),
    );
  const show = (walk: Walk) => {
    const hadFocus = list.contains(document.activeElement);
    light([]);
    heading.textContent = headingOf(walk);
    replace(list, ...linesOf(walk).map(lineOf));
    const at = Math.min(place, terms().length - 1);
    stop(at);
    if (hadFocus) terms()[at]?.focus();
  };
  return { element, show };
}

function headingOf({ method, chosen, side }: Walk): string {
  const pair = `n = ${people[chosen.person]}, m = ${films[chosen.film]}`;
  switch (method) {
    case 'batch':
    case 'regularized':
      return `${pair}: the step changes all rows at once`;
    case 'stochastic':
      return `${pair}: the step changes only these two rows`;
    case 'als':
      return `${pair}: the step solves every row of ${side.toUpperCase()}, with ${side === 'u' ? 'V' : 'U'} fixed`;
  }
}
