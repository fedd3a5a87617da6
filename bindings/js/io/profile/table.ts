import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { CsvReader } from '../syntax/csv.js';

/** One row of a list; `line` is counted from 1. */
export interface TableRow {
  cells: string[];
  line: number;
}

export interface Table {
  format: 'csv' | 'tsv' | 'json';
  rows: TableRow[];
}

/** Sets of letters that are tried where a text is not UTF-8; the second never fails. */
export function decodeList(bytes: Uint8Array): { text: string; isGuessed: boolean } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), isGuessed: false };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), isGuessed: false };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), isGuessed: false };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), isGuessed: true };
  }
}

const DELIMITERS = ['\t', ';', ',', '|'];

/** The rows of a text; rows that cannot be read have no cells. */
export async function tableOfText(text: string): Promise<Table> {
  if (text.includes('\0'))
    throw new MatfacError('parse-error', 'Line 1: the file must be a text; it has zero bytes', { line: 1, column: 1 });
  const [said] = /^sep=[;,|\t]\r?\n/i.exec(text) ?? [];
  const body = said === undefined ? text : text.slice(said.length);
  const newline = body.includes('\n') ? '\n' : '\r';
  const delimiter = said?.[4] ?? guessDelimiter(body, newline);
  const rows: TableRow[] = [];
  const offset = said === undefined ? 0 : 1;
  const add = (cells: string[], line: number) => {
    if (cells.some((cell) => cell.trim() !== ''))
      rows.push({ cells: cells.map((cell) => cell.trim()), line: line + offset });
  };
  const reader = new CsvReader(
    { delimiter, newline },
    {
      plain: (piece, start, end, line) => add(piece.slice(start, end).split(delimiter), line),
      fields: add,
      // The line as it is, which becomes an entry that no title fits.
      bad: (line) => add([lineOf(body, newline, line)], line),
    },
  );
  await reader.push(body);
  await reader.end();
  return { format: delimiter === '\t' ? 'tsv' : 'csv', rows };
}

function lineOf(text: string, newline: string, line: number): string {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf(newline, start) + 1;
  const end = text.indexOf(newline, start);
  return text.slice(start, end === -1 ? undefined : end).slice(0, 200);
}

/** The delimiter that divides most of the first lines into the width of the widest; a comma where there is none. */
function guessDelimiter(text: string, newline: string): string {
  const head = text.slice(0, 1 << 16).replace(/"(?:[^"]|"")*"/gu, 'q');
  const lines = head
    .split(newline)
    .filter((line) => line.trim() !== '')
    .slice(0, 50);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const widths = lines.map((line) => line.split(delimiter).length);
    const width = mostFrequent(widths.filter((each) => each > 1));
    const score = widths.filter((each) => each === width).length;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}

const DEEPEST = 4;
/** An object in JSON with more values than this is not one entry of a list. */
const MOST_COLUMNS = 200;

/** The entries of JSON as a table: a column for each path, such as `movie.title`; the first row has the titles. */
export function tableOfJson(text: string): Table {
  const entries = entriesIn(parsed(text));
  const columns = new Map<string, number>();
  const rows: TableRow[] = [];
  for (const [index, entry] of entries.entries()) {
    const cells: string[] = [];
    for (const [path, value] of pathsOf(unwrapped(entry))) {
      const column = columns.get(path) ?? columns.size;
      if (column >= MOST_COLUMNS) continue;
      columns.set(path, column);
      cells[column] = value;
    }
    rows.push({ cells, line: index + 1 });
  }
  const width = columns.size;
  for (const row of rows) row.cells = Array.from({ length: width }, (_, column) => row.cells[column] ?? '');
  return { format: 'json', rows: [{ cells: [...columns.keys()], line: 0 }, ...rows] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (failure) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line));
    } catch {
      // The message about the whole text says more.
    }
    const message = `Line 1: the file begins like JSON, which it must be; it is not (${(failure as Error).message})`;
    throw new MatfacError('parse-error', message, { line: 1, column: 1, cause: failure });
  }
}

/** The list in a value: itself, the longest list of objects in it, or an object of titles and ratings. */
function entriesIn(value: unknown, depth = 0): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) {
    throw new MatfacError('parse-error', `Line 1: the JSON must have a list of entries; it is ${show(value)}`, {
      line: 1,
      column: 1,
    });
  }
  const values = Object.values(value);
  const lists = values.filter((each): each is unknown[] => Array.isArray(each) && each.some(isObject));
  const [longest] = lists.sort((a, b) => b.length - a.length);
  if (longest) return longest;
  if (depth < 2 && values.length === 1 && isObject(values[0])) return entriesIn(values[0], depth + 1);
  return Object.entries(value).map(([title, rating]) => (isObject(rating) ? { title, ...rating } : { title, rating }));
}

const WRAPPERS = ['movie', 'show', 'film', 'series', 'book', 'game', 'item', 'media'];

/** What an entry of Trakt says of its movie or show, as parts of the entry; episodes and seasons keep that they are. */
function unwrapped(entry: unknown): unknown {
  if (!isObject(entry) || Array.isArray(entry)) return entry;
  const fields = entry as { [name: string]: unknown };
  const part = ['episode', 'season'].find((name) => isObject(fields[name]));
  const wrapper = WRAPPERS.find((name) => isObject(fields[name]));
  if (wrapper === undefined) return entry;
  const inner = { ...(fields[wrapper] as { [name: string]: unknown }) };
  // The community's rating has votes beside it.
  if ('votes' in inner) delete inner.rating;
  const { [wrapper]: _, ...others } = fields;
  return { ...inner, ...others, ...(part ? { type: part } : {}) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function* pathsOf(value: unknown, path = '', depth = 0): Generator<[string, string]> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    yield [path || 'title', String(value)];
  } else if (isObject(value) && depth < DEEPEST) {
    for (const [key, inner] of Object.entries(value).slice(0, MOST_COLUMNS)) {
      yield* pathsOf(inner, path === '' ? key : `${path}.${key}`, depth + 1);
    }
  }
}
