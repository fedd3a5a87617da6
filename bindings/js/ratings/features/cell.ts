/** What a cell of a table of features says: a number, a year, a word or several. */

/** Longer texts are no values of a category. */
const LONGEST_WORD = 100;
/** Longer texts are no dates, no titles and no lists. */
const LONGEST_TEXT = 10_000;
/** The largest number that a float32 holds. */
const LARGEST = 3.4028234663852886e38;

/** A decimal number; one that begins with zeros, such as 02139, is a code. */
const DECIMAL = /^[+-]?(?:(?:0|[1-9]\d*)\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const YEAR = '([12]\\d{3})';
const MONTH = '(?:\\d\\d?|[a-z]{3,9}\\.?)';
/** 1995, 1995-01-01, 01-Jan-1995, 1/31/1995, January 31, 1995, and with a time of day. */
const DATES = [
  new RegExp(`^${YEAR}(?:[-/.]\\d\\d?(?:[-/.]\\d\\d?(?:[T ].*)?)?)?$`),
  new RegExp(`^\\d\\d?[-/. ]${MONTH}[-/. ]${YEAR}(?: .*)?$`, 'i'),
  new RegExp(`^[a-z]{3,9}\\.? \\d\\d?,? ${YEAR}(?: .*)?$`, 'i'),
];
/** The year of a title: Toy Story (1995), or of a series: (1995–1998), (1995– ). */
const AT_END = new RegExp(`\\(${YEAR}(?:[-–](?:\\d{4}| )?)?\\)$`);

export function isMissing(cell: unknown): boolean {
  return cell === undefined || cell === null || cell === '' || (typeof cell === 'number' && Number.isNaN(cell));
}

/** The number that a cell is, or NaN. */
export function numberOf(cell: unknown): number {
  const text = textOf(cell);
  const value = typeof cell === 'bigint' || (text !== '' && DECIMAL.test(text)) ? Number(cell) : cell;
  return typeof value === 'number' && Math.abs(value) <= LARGEST ? value : Number.NaN;
}

/** The year of a number, a date, or a text that is a date; or NaN. */
export function yearOf(cell: unknown): number {
  if (cell instanceof Date) return cell.getUTCFullYear();
  // A fraction is no month: 1995.5.
  const text = typeof cell === 'number' ? `${Number.isInteger(cell) ? cell : ''}` : textOf(cell).replace(/\.0$/, '');
  return Number(DATES.map((date) => date.exec(text)?.[1]).find((year) => year !== undefined) ?? Number.NaN);
}

/** The year in parentheses that ends a title; or NaN. */
export function yearInTitle(cell: unknown): number {
  return Number(AT_END.exec(textOf(cell))?.[1] ?? Number.NaN);
}

/** Whether a cell is true or false; undefined for any other. */
export function flagOf(cell: unknown): boolean | undefined {
  if (typeof cell === 'boolean') return cell;
  const word = typeof cell === 'number' ? `${cell}` : textOf(cell).toLowerCase();
  if (word === '1' || word === 'true') return true;
  return word === '0' || word === 'false' ? false : undefined;
}

/** A cell as a value of a category; undefined for one that cannot be one. Numbers are the same as their texts. */
export function wordOf(cell: unknown): string | undefined {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? undefined : cell.toISOString().slice(0, 10);
  if (typeof cell === 'object' && cell !== null) {
    const { name } = cell as { name?: unknown };
    return typeof name === 'string' ? wordOf(name) : undefined;
  }
  if (typeof cell === 'number' || typeof cell === 'bigint' || typeof cell === 'boolean') return `${cell}`;
  const word = textOf(cell).replace(/^(\d+)\.0$/, '$1');
  return word === '' || word.length > LONGEST_WORD ? undefined : word;
}

/** The different words of a list, or of a text that bars, or else commas, divide. */
export function wordsOf(cell: unknown): string[] {
  const parts = isList(cell) ? Array.from(cell) : partsOf(textOf(cell) || wordOf(cell) || '');
  return [...new Set(parts.map(wordOf))].filter((word) => word !== undefined);
}

export function isList(cell: unknown): cell is ArrayLike<unknown> & Iterable<unknown> {
  return Array.isArray(cell) || cell instanceof Set || (ArrayBuffer.isView(cell) && !(cell instanceof DataView));
}

/** The parts of a text that bars, or else commas, divide; or of a list of texts, or of objects with names, as Python prints it. */
export function partsOf(text: string): string[] {
  if (text === '(no genres listed)') return [];
  if (text.startsWith('[') && text.endsWith(']')) {
    const texts = text.includes('{') ? /['"]name['"]: *['"]([^'"]*)['"]/g : /['"]([^'"]*)['"]/g;
    return Array.from(text.matchAll(texts), ([, part = '']) => part);
  }
  return text.split(text.includes('|') ? '|' : ',').map((part) => part.trim());
}

function textOf(cell: unknown): string {
  return typeof cell === 'string' && cell.length <= LONGEST_TEXT ? cell.trim() : '';
}
