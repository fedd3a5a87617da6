import { type Dialect, delimiterAt, endOfGap, splitPlain } from './dialect.js';

/** A longer quoted field is taken for one that is never closed. */
export const LONGEST_FIELD = 1 << 16;

/** A record that is complete: its fields, unquoted, and where the next one begins. */
interface Complete {
  fields: string[];
  end: number;
}

/** A record with a wrong quote: where the field begins, and its number from 1. */
export interface Fault {
  field: number;
  column: number;
}

/** A field: its text and where it ends; or none because its quote is wrong, or because more text is needed. */
type Field = { text: string; end: number } | 'fault' | 'incomplete';

const SPACE = 32;
const RETURN = 13;
const BACKSLASH = '\\';

/**
 * Reads the record with quotes that begins at `from`. Quotes are doubled inside quotes, or escaped by a backslash: what the
 * dialect says first, then the other one. The text is read once for each.
 */
export function readRecord(
  text: string,
  from: number,
  dialect: Dialect,
  isLast: boolean,
): Complete | Fault | undefined {
  const { escapes = false } = dialect;
  const first = readWith(text, from, dialect, escapes, isLast);
  if (first === undefined || 'fields' in first) return first;
  const second = readWith(text, from, dialect, !escapes, isLast);
  return second === undefined || 'fields' in second ? second : first;
}

function readWith(
  text: string,
  from: number,
  dialect: Dialect,
  escapes: boolean,
  isLast: boolean,
): Complete | Fault | undefined {
  const fields: string[] = [];
  let at = dialect.aligned ? endOfGap(text, from) : from;
  for (;;) {
    const field = readField(text, at, dialect, escapes, isLast);
    if (field === 'incomplete') return undefined;
    if (field === 'fault') return { field: at, column: fields.length + 1 };
    fields.push(field.text);
    if (field.end >= text.length && !isLast) return undefined;
    const newline = newlineAt(text, field.end, dialect);
    if (newline > 0 || field.end >= text.length) return { fields, end: field.end + newline };
    at = field.end + delimiterAt(text, field.end, dialect);
    // Spaces at the end of a line are no delimiter.
    const end = dialect.aligned ? newlineAt(text, at, dialect) : 0;
    if (end > 0) return { fields, end: at + end };
  }
}

function readField(text: string, from: number, dialect: Dialect, escapes: boolean, isLast: boolean): Field {
  const { quote = '"' } = dialect;
  let open = from;
  while (text.charCodeAt(open) === SPACE && !delimiterAt(text, open, dialect)) open++;
  if (text[open] !== quote) return plainField(text, from, dialect);
  const close = closingQuote(text, open + 1, quote, escapes);
  const isCut = close === -1 || close === text.length - 1;
  if (isCut && !isLast && text.length - open <= LONGEST_FIELD + 1) return 'incomplete';
  if (close === -1 || close - open > LONGEST_FIELD) return 'fault';
  const end = endAfter(text, close + 1, dialect, isLast);
  if (end === undefined) return 'incomplete';
  const inside = text.slice(open + 1, close);
  if (end === -1 || hasRows(inside, dialect)) return 'fault';
  return { text: unquoted(inside, quote, escapes), end };
}

/** The end of a field whose quote closed before `from`; −1 if something else follows, undefined if more text is needed. */
function endAfter(text: string, from: number, dialect: Dialect, isLast: boolean): number | undefined {
  let end = from;
  while (text.charCodeAt(end) === SPACE && !delimiterAt(text, end, dialect)) end++;
  if (end >= text.length || newlineAt(text, end, dialect) > 0 || delimiterAt(text, end, dialect) > 0) return end;
  if (end < text.length - 1) return -1;
  // The first half of \r\n or of a delimiter may end a piece.
  if (!isLast) return undefined;
  return text[end] === '\r' ? text.length : -1;
}

function plainField(text: string, from: number, dialect: Dialect): Field {
  const first = dialect.aligned ? SPACE : dialect.delimiter.charCodeAt(0);
  let end = from;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code > RETURN && code !== first) continue;
    if (newlineAt(text, end, dialect) || delimiterAt(text, end, dialect)) break;
  }
  return { text: text.slice(from, end), end };
}

/** The length of the newline at a place; 0 if there is none. */
function newlineAt(text: string, at: number, { newline }: Dialect): number {
  if (text[at] === newline) return 1;
  return text[at] === '\r' && text[at + 1] === newline ? 2 : 0;
}

function closingQuote(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at)) {
    if (escapes && isEscaped(text, at, from)) at++;
    else if (text[at + 1] === quote) at += 2;
    else return at;
  }
  return -1;
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(text: string, at: number, from: number): boolean {
  let begin = at;
  while (begin > from && text[begin - 1] === BACKSLASH) begin--;
  return (at - begin) % 2 === 1;
}

function unquoted(inside: string, quote: string, escapes: boolean): string {
  const single = inside.replaceAll(quote + quote, quote);
  return escapes ? single.replace(/\\(["'\\\n])/g, '$1') : single;
}

/** Whether the lines inside quotes are rows of the table themselves, because the quote before them was never closed. */
function hasRows(inside: string, dialect: Dialect): boolean {
  const { width = 0, newline } = dialect;
  if (width < 2 || !inside.includes(newline)) return false;
  const lines = inside.split(newline).slice(1, -1);
  return lines.length >= 2 && lines.every((line) => splitPlain(line, dialect).length === width);
}
