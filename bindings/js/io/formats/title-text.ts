import { wholeNumber } from '../../ratings/ids.js';
import { beginsAsPython, jsonOfPython } from '../syntax/python-literal.js';
import { recboleHeader } from './recbole.js';

const NETFLIX = /^\d+,(\d{4}|NULL),.+$/;
/** The Million Song Dataset's unique_tracks.txt: track, song, artist, title. */
const SONG = /^[^<]*<SEP>[^<]*<SEP>.*<SEP>.*$/;
/** A field that begins with a quote, and has more after the last quote or none: quotes are plain characters there. */
const PLAIN_QUOTE = /(?:^|\t)"(?:[^\t\n\r]*[^\t\n\r"])?(?=\t|\r?$)/m;

/** A text of titles in the form of its maker, as text or JSON that the reader of titles knows; others are unchanged. */
export function plainTitles(text: string): string {
  return changedText(text) ?? text;
}

function changedText(text: string): string | undefined {
  if (beginsAsPython(text)) return text.split('\n').map(jsonOfPython).join('\n');
  if (/^\s*\{/.test(text)) return rowsOfMap(text);
  const lines = text.split('\n', 100).map((line) => line.trimEnd());
  const first = lines[0] ?? '';
  const filled = lines.slice(0, 99).filter((line) => line !== '');
  if (filled.length > 0 && filled.every((line) => NETFLIX.test(line))) return netflixRows(text);
  if (filled.length > 0 && filled.every((line) => SONG.test(line))) return songRows(text);
  const header = recboleHeader(first);
  if (header !== undefined) return recboleRows(header, first, text);
  if (first.includes('\t') && PLAIN_QUOTE.test(text)) return unquotedRows(text);
  // MySQL escapes quotes by backslashes, before the end of a field too.
  return text.includes('\\"') && /^"[^"\n]*"[;,]/.test(first)
    ? text.replace(/\\"(?!\s*(?:[;,]\s*"|\r?\n|$))/g, '""')
    : undefined;
}

/** Netflix's movie_titles: id, year, and a title without quotes around its commas. */
function netflixRows(text: string): string {
  return text.replace(/^(\d+),(?:\d{4}|NULL),(.*)$/gm, (_, id: string, title: string) => `${id}::${titleIn(title)}`);
}

/** The song, by which users' plays are counted, and its title. */
function songRows(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd().split('<SEP>'))
    .map((fields) => (fields.length < 4 ? '' : `${fields[1]}::${titleIn(fields.slice(3).join(' '))}`))
    .join('\n');
}

/** Two colons separate fields without quoting. */
function unquotedRows(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(titleIn).join('::'))
    .join('\n');
}

function titleIn(cell: string): string {
  return cell.replaceAll('::', ': :');
}

/** RecBole's `.item`: lists have spaces between their entries. */
function recboleRows(header: string, typed: string, text: string): string {
  const lists = new Set(typed.split('\t').flatMap((title, column) => (isGenres(title) ? [column] : [])));
  const [, ...lines] = text.split('\n');
  const rows = lines.map((line) => {
    const cells = line.trimEnd().split('\t');
    return cells.map((cell, column) => (lists.has(column) ? cell.replaceAll(' ', '|') : titleIn(cell))).join('::');
  });
  const titles = header.split('\t').map((title) => (/^class$/i.test(title) ? 'genres' : title));
  return [titles.join('::'), ...rows].join('\n');
}

function isGenres(title: string): boolean {
  return /^(class|genres?|categor(y|ies)|tags):token_seq/i.test(title);
}

/** `{id: title}` or `{id: {title, …}}` as rows. */
function rowsOfMap(text: string): string | undefined {
  let map: object;
  try {
    map = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entries = Object.entries(map);
  const isRow = (value: unknown) =>
    typeof value === 'object' && value !== null && ('title' in value || 'name' in value);
  const idOf = (key: string) => (wholeNumber(key) >= 0 ? wholeNumber(key) : key);
  if (entries.length < 2 && !entries.every(([, value]) => isRow(value))) return undefined;
  if (entries.every(([key, value]) => typeof value === 'string' && !/^(id|title|name)$/i.test(key)))
    return JSON.stringify(entries.map(([id, title]) => ({ id: idOf(id), title })));
  if (!entries.every(([, value]) => isRow(value))) return undefined;
  return JSON.stringify(entries.map(([id, value]) => ({ ...value, id: idOf(id) })));
}
