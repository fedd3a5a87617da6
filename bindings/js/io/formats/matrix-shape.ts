import type { ReadOptions } from '../../ratings/read-options.js';
import { cellNumber, guessMissing, Missing } from './matrix-cells.js';

/** How a dense matrix is written: users in rows, items in columns, or the reverse. */
export interface MatrixShape {
  delimiter: string;
  /** The ids of the columns; undefined without a header. */
  titles: string[] | undefined;
  /** Whether each line begins with the id of its row. */
  hasNames: boolean;
  /** Whether each line begins with the number of its ratings, as in Jester. */
  hasCounts: boolean;
  /** Whether rows are items. */
  isTransposed: boolean;
  missing: Missing;
  note: string | undefined;
}

/** Titles of tables that are lists. */
const LIST_TITLES =
  /(^|[\s_-])(id|key|user|item|movie|film|book|product|rating|ratings|score|stars?|time|timestamp|date|datetime|age|gender|sex|price|amount|cost|total|quantity|count|counts|plays|lat|lon|lng|latitude|longitude|zip|zipcode|year|month|day|hour|genres?|category|tag|tags|review|occupation|height|weight|event|action|name|title|userid|itemid|movieid)$/i;
const ROW_TITLES =
  /^(|#|unnamed: 0|index|id|(user|member|customer|person|reviewer|critic|visitor|rater|viewer|account|name)s?[\s_-]?(id|name)?|usuario|utilisateur|benutzer|nutzer)$/i;
const ITEM_TITLES =
  /^(item|movie|film|book|title|song|track|artist|joke|product|anime|game|article)s?([\s_-]?(id|name|title))?$/i;

/** The fields of a line of a matrix, unquoted and without spaces around them. */
export function matrixFields(line: string, delimiter: string): string[] {
  if (!line.includes('"')) {
    const fields = delimiter === ' ' ? line.trim().split(/\s+/) : line.split(delimiter);
    return fields.map((field) => field.trim());
  }
  const plain = delimiter === ' ' ? '[^\\s"]' : `[^${delimiter === '|' ? '\\|' : delimiter}"]`;
  const token = new RegExp(`"((?:[^"]|"")*)"|${plain}+|[^"]`, 'gu');
  const fields: string[] = [''];
  for (const [text, quoted] of line.trim().matchAll(token)) {
    const isDelimiter = delimiter === ' ' ? /^\s$/.test(text) : text === delimiter;
    if (!isDelimiter) fields[fields.length - 1] += quoted?.replaceAll('""', '"') ?? text;
    else if (delimiter !== ' ' || fields.at(-1) !== '') fields.push('');
  }
  return fields.map((field) => field.trim());
}

/** The shape of the dense matrix that the lines begin; undefined for a list of ratings. */
export function matrixShape(lines: string[], { layout, missing }: ReadOptions): MatrixShape | undefined {
  if (layout === 'list' || lines.length < 2) return undefined;
  const table = tableOf(lines);
  if (!table) return undefined;
  const { delimiter, rows, width } = table;
  const isForced = layout === 'matrix';
  const first = rows[0]!;
  // R writes no title for the column of names.
  const hasShortHeader = first.length === width - 1 && rows.length > 2;
  const hasHeader = hasShortHeader || isHeader(first);
  const body = rows.slice(hasHeader ? 1 : 0).filter((row) => row.length === width);
  if (body.length === 0 || (!isForced && body.length < rows.length * 0.9 - 1)) return undefined;
  const corner = hasHeader && !hasShortHeader ? first[0]! : undefined;
  const hasCounts = !hasHeader && haveCounts(body, missing);
  const hasNames = !hasCounts && (hasShortHeader || haveNames(body, corner));
  const from = hasCounts || hasNames ? 1 : 0;
  const cells = body.flatMap((row) => row.slice(from));
  const guess = missing ? { missing: new Missing(missing) } : guessMissing(cells);
  const titles = hasHeader ? first.slice(hasShortHeader ? 0 : from) : undefined;
  const isTransposed = corner !== undefined && hasNames && ITEM_TITLES.test(corner);
  const shape: MatrixShape = {
    ...{ delimiter, titles, hasNames, hasCounts, isTransposed },
    ...{ missing: guess.missing, note: 'note' in guess ? guess.note : undefined },
  };
  return isForced || isPlausible(shape, body, cells) ? shape : undefined;
}

/** The delimiter with which most lines have the same number of fields, and the most of them. */
function tableOf(lines: string[]): { delimiter: string; rows: string[][]; width: number } | undefined {
  const tables = ['\t', ';', ',', '|', ' '].map((delimiter) => {
    const rows = lines.map((line) => matrixFields(line, delimiter));
    const width = rows.at(-1)!.length;
    const share = rows.filter((row) => row.length === width).length / rows.length;
    return { delimiter, rows, width, share };
  });
  const wide = tables.filter(({ width, share }) => width >= 2 && share >= 0.5);
  return wide.sort((a, b) => b.share - a.share || b.width - a.width)[0];
}

function isHeader(first: string[]): boolean {
  const [corner = '', ...titles] = first;
  const isNumber = (cell: string) => !Number.isNaN(cellNumber(cell));
  const none = new Missing([]);
  if (titles.some((title) => /\p{L}/u.test(title) && !isNumber(title) && !none.has(title, Number.NaN))) return true;
  // The ids of items are whole numbers, each there once, below a corner that is none.
  const areIds = titles.every((title) => /^\d+$/.test(title)) && new Set(titles).size === titles.length;
  return areIds && !isNumber(corner) && (ROW_TITLES.test(corner) || ITEM_TITLES.test(corner)) && titles.length >= 3;
}

/** Whether each line begins with the number of its ratings. */
function haveCounts(body: string[][], missing: readonly (string | number)[] | undefined): boolean {
  if (body[0]!.length < 6 || body.length < 2) return false;
  const cells = body.flatMap((row) => row.slice(1));
  const known = missing ? new Missing(missing) : guessMissing(cells).missing;
  return body.every(([count = '', ...row]) => {
    const present = row.filter((cell) => !known.has(cell, cellNumber(cell))).length;
    return count !== '' && Number(count) === present;
  });
}

/** Whether the first column has the ids of the rows, each once. */
function haveNames(body: string[][], corner: string | undefined): boolean {
  const names = body.map(([name = '']) => name);
  if (new Set(names).size < names.length || names.some((name) => name === '')) return false;
  if (corner !== undefined && (ROW_TITLES.test(corner) || ITEM_TITLES.test(corner))) return true;
  if (names.every((name) => Number.isNaN(cellNumber(name)))) return true;
  const numbers = names.map(Number);
  return names.length >= 5 && numbers.every((number, row) => Number.isInteger(number) && number === numbers[0]! + row);
}

/** Whether the cells are of one scale of ratings, and the titles are not those of a list. */
function isPlausible(
  { titles, hasNames, hasCounts, isTransposed, missing }: MatrixShape,
  body: string[][],
  cells: string[],
) {
  const width = cells.length / body.length;
  if (width < (hasNames ? 3 : 6)) return false;
  if (titles?.some((title) => LIST_TITLES.test(title)) || new Set(titles).size < (titles?.length ?? 0)) return false;
  if (body.length < 2 && !hasNames && !hasCounts) return false;
  const filled = cells.filter((cell) => !missing.has(cell, cellNumber(cell)));
  const values = filled.map(cellNumber);
  if (values.length === 0 || values.some(Number.isNaN)) return false;
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  // Flags of genres under the titles of items are no ratings.
  if (isTransposed && most <= 1) return false;
  const share = 1 - values.length / cells.length;
  return most - least <= 20 && (most <= 20 || share >= 0.2) ? true : share >= 0.2 && least >= 0 && most <= 100;
}
