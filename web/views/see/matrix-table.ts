import { h } from '../../base/dom.js';
import { exact } from '../../base/format.js';
import { type Factors, factorCount, films, type Pair, people, ratingsTable } from '../../compute/descent.js';

type Values = readonly (readonly (number | null)[])[];

export interface MatrixTable {
  element: HTMLElement;
  show(values: Values, factors: Factors | null, chosen: Pair): void;
}

interface Look {
  name: string;
  words: string;
  /** Ratings are shaded by their value; errors by their size and sign. */
  scale: 'rating' | 'error';
  /** With the users' factors (or gradients) on the left and the items' at the top. */
  factors: boolean;
  /** If set, the cells are buttons. */
  choose?: (person: number, film: number) => void;
}

/** A matrix as a shaded table, which screen readers can read too. */
export function matrixTable({ name, words, scale, factors, choose }: Look): MatrixTable {
  const lead = factors ? factorCount : 0;
  const cells = people.map((_, person) => films.map((__, film) => cell(person, film, choose)));
  const left = people.map(() => Array.from({ length: lead }, () => h('td', { class: 'factor' })));
  const top = Array.from({ length: lead }, () => films.map(() => h('td', { class: 'factor' })));
  const corner = (f: number) => (f === 0 ? h('td', { colspan: lead + 1, rowspan: lead, class: 'corner' }) : null);
  const topRows = top.map((row, f) => h('tr', {}, corner(f), ...row));
  const body = h(
    'tbody',
    {},
    ...topRows,
    ...cells.map((row, person) =>
      h('tr', {}, h('th', { scope: 'row' }, people[person]!), ...left[person]!, ...row.map(({ td }) => td)),
    ),
  );
  const head = h(
    'tr',
    {},
    lead > 0 ? h('td', { colspan: lead + 1 }) : h('td', {}),
    ...films.map((film) => h('th', { scope: 'col' }, h('span', {}, film))),
  );
  const table = h('table', { class: 'matrix' }, h('thead', {}, head), body);
  if (choose) body.addEventListener('keydown', (event) => move(event, cells, choose));

  const show = (values: Values, sides: Factors | null, chosen: Pair) => {
    for (const [person, row] of cells.entries()) {
      for (const [film, { td, content }] of row.entries()) {
        const value = values[person]![film]!;
        const isMissing = scale === 'error' || choose ? ratingsTable[person]![film] === null : false;
        const isChosen = chosen.person === person && chosen.film === film;
        content.textContent = value === null ? '·' : choose || isMissing ? String(value) : exact(value);
        td.classList.toggle('chosen', isChosen);
        td.classList.toggle('missing', isMissing);
        shade(td, value, scale);
        if (choose) mark(content, isChosen, `${people[person]}, ${films[film]}: ${value ?? 'not rated'}`);
      }
    }
    for (const row of topRows) row.hidden = sides === null;
    for (const [person, row] of left.entries()) {
      for (const [f, td] of row.entries()) fill(td, sides?.u[person]?.[f], person === chosen.person);
    }
    for (const [f, row] of top.entries()) {
      for (const [film, td] of row.entries()) fill(td, sides?.v[film]?.[f], film === chosen.film);
    }
  };
  const element = h(
    'figure',
    { class: `matrix-figure${factors ? ' wide' : ''}` },
    h('figcaption', {}, h('strong', { class: 'matrix-name' }, ...hatted(name)), ' ', words),
    table,
  );
  return { element, show };
}

function cell(person: number, film: number, choose: Look['choose']) {
  const content = choose ? h('button', { type: 'button', click: () => choose(person, film) }) : h('span');
  return { td: h('td', {}, content), content };
}

function mark(button: HTMLElement, isChosen: boolean, words: string): void {
  button.setAttribute('aria-pressed', String(isChosen));
  button.setAttribute('aria-label', words);
  // The tab key stops once; the arrow keys move on from there.
  button.tabIndex = isChosen ? 0 : -1;
}

function fill(td: HTMLElement, value: number | undefined, isChosen: boolean): void {
  td.textContent = value === undefined ? '' : exact(value);
  td.classList.toggle('chosen', isChosen && value !== undefined);
}

function shade(td: HTMLElement, value: number | null, scale: Look['scale']): void {
  const share = scale === 'rating' ? (value ?? 0) / 5 : (value ?? 0) / 4;
  td.classList.toggle('negative', share < 0);
  td.style.setProperty('--share', Math.min(1, Math.abs(share)).toFixed(3));
}

const arrows: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function move(
  event: KeyboardEvent,
  cells: { content: HTMLElement }[][],
  choose: (person: number, film: number) => void,
): void {
  const by = arrows[event.key];
  const person = cells.findIndex((row) => row.some(({ content }) => content === event.target));
  if (!by || person < 0) return;
  const film = cells[person]!.findIndex(({ content }) => content === event.target);
  const next = cells[person + by[0]]?.[film + by[1]];
  if (!next) return;
  event.preventDefault();
  choose(person + by[0], film + by[1]);
  next.content.focus();
}

/** Fonts draw the hat of R̂ into the letter, so the style sheet draws it instead. */
const hatted = (name: string) =>
  name.split(/(R̂)/u).map((part) => (part === 'R̂' ? h('span', { class: 'hat' }, 'R') : part));
