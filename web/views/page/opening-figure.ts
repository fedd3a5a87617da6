import { replace, svg } from '../../base/dom.js';

type Pair = readonly [number, number];

/** Two tastes per user and two traits per item: the ratings in the figure are their real products. */
const users: Pair[] = [
  [2, 1],
  [1, -1],
  [-1, 2],
  [2, 0],
  [0, 2],
  [-1, -1],
  [1, 2],
];
const items: Pair[] = [
  [1, 0],
  [-1, 1],
  [2, 1],
  [0, -1],
  [1, -1],
  [0, 1],
  [-1, 0],
  [1, 1],
  [-2, 1],
];

/** Which ratings are known. */
const known = ['##...#..#', '..#.#..#.', '.#.##.#..', '#.#....#.', '..#..##.#', '.#.#...#.', '#...##..#'];

const cell = 18;
const gap = 3;
const pitch = cell + gap;

/** R ≈ U Vᵀ: ratings with gaps, and the two thin matrices whose product they approximate. */
export function figureView(root: HTMLElement): void {
  const ratings = (u: number, i: number) => (known[u]![i] === '#' ? product(users[u]!, items[i]!) : null);
  const [n, m] = [users.length, items.length];
  const left = m * pitch + 34;
  const right = left + 2 * pitch + 26;
  const width = right + m * pitch;
  const middle = (n * pitch - gap) / 2;
  replace(
    root,
    svg(
      'svg',
      {
        viewBox: `0 0 ${width} ${n * pitch + 26}`,
        role: 'img',
        'aria-label': 'The ratings matrix R is approximately U times V transposed',
      },
      grid(0, 0, n, m, ratings, 4),
      sign('≈', left - 18, middle),
      grid(left, 0, n, 2, (u, f) => users[u]![f]!, 2),
      sign('×', right - 15, middle),
      grid(right, middle - pitch + gap / 2, 2, m, (f, i) => items[i]![f]!, 2),
      caption('ratings, with gaps', (m * pitch - gap) / 2, n),
      caption('users’ tastes', left + pitch - gap / 2, n),
      caption('items’ traits', right + (m * pitch - gap) / 2, n),
    ),
  );
}

const product = (user: Pair, item: Pair) => user[0] * item[0] + user[1] * item[1];

function grid(
  x: number,
  y: number,
  rows: number,
  columns: number,
  value: (row: number, column: number) => number | null,
  most: number,
) {
  const group = svg('g');
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = { x: x + column * pitch, y: y + row * pitch, width: cell, height: cell, rx: 3 };
      group.append(svg('rect', { ...at, class: shade(value(row, column), most) }));
    }
  }
  return group;
}

/** One of seven shades, from far below zero to far above. */
function shade(value: number | null, most: number): string {
  if (value === null) return 'gap';
  const step = Math.round((3 * value) / most);
  return step < 0 ? `low${-step}` : step > 0 ? `high${step}` : 'zero';
}

const sign = (text: string, x: number, y: number) =>
  svg('text', { x, y: y + 7, class: 'sign', 'text-anchor': 'middle' }, text);

const caption = (text: string, x: number, rows: number) =>
  svg('text', { x, y: rows * pitch + 18, class: 'caption', 'text-anchor': 'middle' }, text);
