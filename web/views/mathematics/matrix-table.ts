import { h } from '../../base/dom.js';
import { exact } from '../../base/format.js';
import { type Factors, factorCount, films, type Pair, people, ratingsTable, type Side } from '../../compute/descent.js';
import { numberCell, pairCell } from './lines.js';

export interface MatrixTable {
  element: HTMLElement;
  /** By the keys that terms of formulas have. */
  cells: ReadonlyMap<string, HTMLElement>;
}

const figure = (name: string, words: string, table: HTMLElement): HTMLElement =>
  h('figure', { class: 'matrix-figure' }, h('figcaption', {}, h('strong', {}, name), ' ', words), table);

const heads = (names: readonly string[], upright: boolean): HTMLElement =>
  h(
    'thead',
    {},
    h('tr', {}, h('td'), ...names.map((name) => h('th', { scope: 'col' }, upright ? name : h('span', {}, name)))),
  );

/** U or V: one row of factors for each person or film. */
export function factorTable(side: Side, words: string): MatrixTable & { show(factors: Factors, chosen: Pair): void } {
  const names = side === 'u' ? people : films;
  const cells = new Map<string, HTMLElement>();
  const rows = names.map((name, index) => {
    const numbers = Array.from({ length: factorCount }, (_, f) => {
      const cell = h('td');
      cells.set(numberCell(side, index, f), cell);
      return cell;
    });
    return { row: h('tr', {}, h('th', { scope: 'row' }, name), ...numbers), numbers };
  });
  const table = h(
    'table',
    { class: 'matrix narrow' },
    heads(['1', '2'], true),
    h('tbody', {}, ...rows.map(({ row }) => row)),
  );
  const show = (factors: Factors, { person, film }: Pair) => {
    for (const [index, { row, numbers }] of rows.entries()) {
      row.classList.toggle('chosen', index === (side === 'u' ? person : film));
      for (const [f, cell] of numbers.entries())
        fill(cell, factors[side][index]![f]!, exact(factors[side][index]![f]!), 2.5);
    }
  };
  return { element: figure(side.toUpperCase(), words, table), cells, show };
}

/** R with the predictions in its gaps; its cells are buttons that choose the pair. */
export function ratingTable(
  words: string,
  choose: (pair: Pair) => void,
): MatrixTable & { show(estimates: number[][], chosen: Pair): void } {
  const { body, cells } = pairTable('r', (pair) => h('button', { type: 'button', click: () => choose(pair) }));
  body.addEventListener('keydown', (event) => move(event, cells, choose));
  const show = (estimates: number[][], chosen: Pair) => {
    for (const [key, cell] of cells) {
      const { person, film } = pairOfKey(key);
      const rating = ratingsTable[person]![film] ?? null;
      const estimate = estimates[person]![film]!;
      const button = cell.firstElementChild as HTMLElement;
      const isChosen = chosen.person === person && chosen.film === film;
      fill(cell, rating ?? 0, '', 5);
      button.textContent = rating === null ? exact(estimate, 1) : String(rating);
      cell.classList.toggle('gap', rating === null);
      cell.classList.toggle('chosen', isChosen);
      button.setAttribute('aria-pressed', String(isChosen));
      const value = rating === null ? `not rated, predicted ${exact(estimate, 1)}` : rating;
      button.setAttribute('aria-label', `${people[person]}, ${films[film]}: ${value}`);
      // The tab key stops once; the arrow keys move on from there.
      button.tabIndex = isChosen ? 0 : -1;
    }
  };
  return { element: figure('R', words, tableOf(body)), cells, show };
}

/** E: nothing where R has a gap. */
export function errorTable(words: string): MatrixTable & { show(errors: number[][], chosen: Pair): void } {
  const { body, cells } = pairTable('e', () => h('span'));
  const show = (errors: number[][], chosen: Pair) => {
    for (const [key, cell] of cells) {
      const { person, film } = pairOfKey(key);
      const isGap = ratingsTable[person]![film] === null;
      fill(cell, errors[person]![film]!, '', 4);
      cell.firstElementChild!.textContent = isGap ? '·' : exact(errors[person]![film]!);
      cell.classList.toggle('gap', isGap);
      cell.classList.toggle('chosen', chosen.person === person && chosen.film === film);
    }
  };
  return { element: figure('E', words, tableOf(body)), cells, show };
}

const tableOf = (body: HTMLElement) => h('table', { class: 'matrix' }, heads(films, false), body);

function pairTable(name: 'r' | 'e', contentOf: (pair: Pair) => HTMLElement) {
  const cells = new Map<string, HTMLElement>();
  const rows = people.map((who, person) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, who),
      ...films.map((_, film) => {
        const cell = h('td', {}, contentOf({ person, film }));
        cells.set(pairCell(name, { person, film }), cell);
        return cell;
      }),
    ),
  );
  return { body: h('tbody', {}, ...rows), cells };
}

function pairOfKey(key: string): Pair {
  const [person, film] = key.slice(1).split(',').map(Number);
  return { person: person!, film: film! };
}

/** Shades a cell by the size and the sign of its number; an empty text leaves its content. */
function fill(cell: HTMLElement, value: number, text: string, most: number): void {
  if (text !== '') cell.textContent = text;
  cell.classList.toggle('negative', value < 0);
  cell.style.setProperty('--share', Math.min(1, Math.abs(value) / most).toFixed(3));
}

const arrows: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function move(event: KeyboardEvent, cells: ReadonlyMap<string, HTMLElement>, choose: (pair: Pair) => void): void {
  const by = arrows[event.key];
  const from = [...cells].find(([, cell]) => cell.firstElementChild === event.target)?.[0];
  if (!by || from === undefined) return;
  const pair = pairOfKey(from);
  const next = { person: pair.person + by[0], film: pair.film + by[1] };
  const cell = cells.get(pairCell('r', next));
  if (!cell) return;
  event.preventDefault();
  choose(next);
  (cell.firstElementChild as HTMLElement).focus();
}
