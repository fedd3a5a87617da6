/** Lists without the names of columns, as people write them by hand. */
import type { ListColumns, ListRole } from './list-columns.js';
import { ratingIn } from './scale.js';
import type { TableRow } from './table.js';

/** The share of the rows that must agree. */
const MOST = 0.8;
const FIRST_ROWS = 200;
const MOST_COLUMNS = 50;

/** "1. Heat", "- Heat". */
const MARKER = /^(?:\d{1,4}[.)]|[-*•])\s+(?=\S)/u;
/** "Heat (1995) - 4/5", "Heat: 4", "Heat ★★★★". */
const RATED = /^(.*[^\s:–—-])\s*(?:[:–—-]\s*|\s)((?:\d{1,2}(?:[.,]\d)?(?:\s*\/\s*\d{1,3})?)|[★⭐]+½?)$/u;

/** The columns by the values, and the rows that are entries. */
export function columnsOfValues(rows: readonly TableRow[]): { columns: ListColumns; rows: readonly TableRow[] } {
  const columns = guessed(rows);
  if (columns.rating === undefined && columns.year === undefined) return linesOf(rows);
  const [first, ...others] = rows;
  const isHeader = (['rating', 'year'] as const).some((role) => {
    const cell = columns[role] === undefined ? '' : (first?.cells[columns[role]] ?? '');
    return cell !== '' && !(role === 'year' ? isYear(cell) : ratingIn(cell));
  });
  return { columns, rows: isHeader ? others : rows };
}

/** The title is the first column with letters; the year and the rating are numbers. The first row may be names. */
function guessed(rows: readonly TableRow[]): ListColumns {
  const sample = rows.slice(rows.length > 1 ? 1 : 0, FIRST_ROWS);
  const width = sample.reduce((widest, { cells }) => Math.max(widest, cells.length), 0);
  const has = (column: number, test: (cell: string) => boolean) => {
    const cells = sample.map(({ cells }) => cells[column] ?? '').filter((cell) => cell !== '');
    return cells.length > 0 && cells.filter(test).length >= MOST * cells.length;
  };
  const tests: [ListRole, (cell: string) => boolean][] = [
    ['imdb', (cell) => /^tt\d{5,}$/u.test(cell)],
    ['year', isYear],
    ['rating', (cell) => ratingIn(cell) !== undefined],
    ['date', (cell) => /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b/u.test(cell)],
    ['title', (cell) => /\p{L}/u.test(cell)],
  ];
  const found: ListColumns = {};
  for (let column = 0; column < Math.min(width, MOST_COLUMNS); column++) {
    const role = tests.find(([role, test]) => found[role] === undefined && has(column, test))?.[0];
    if (role) found[role] = column;
  }
  return found;
}

const isYear = (cell: string) => /^(?:18|19|20)\d\d$/u.test(cell);

/** Each line as a title, without the number or dot in front, and with the rating behind it where most lines have one. */
function linesOf(rows: readonly TableRow[]): { columns: ListColumns; rows: readonly TableRow[] } {
  const lines = rows.map(({ cells, line }) => ({ text: cells.filter((cell) => cell !== '').join(', '), line }));
  const isFrequent = (pattern: RegExp) => lines.filter(({ text }) => pattern.test(text)).length >= MOST * lines.length;
  if (!lines.some(({ text }) => /\p{L}/u.test(text))) return { columns: {}, rows };
  const hasMarkers = isFrequent(MARKER);
  const isRated = isFrequent(RATED);
  const divided = lines.map(({ text, line }) => {
    const bare = (hasMarkers ? text.replace(MARKER, '') : text).slice(0, 1000);
    const [, title = bare, rating = ''] = (isRated && RATED.exec(bare)) || [];
    return { cells: [title, rating], line };
  });
  return { columns: isRated ? { title: 0, rating: 1 } : { title: 0 }, rows: divided };
}
