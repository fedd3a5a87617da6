import { MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import type { RowLayout } from '../ratings/ratings-source.js';
import { looksLikeHeader } from './columns/header.js';
import { knownRole } from './columns/title-roles.js';
import { assignRoles } from './one-user.js';
import type { Reading } from './reading.js';
import { commaStyle, withPoint } from './syntax/comma.js';
import { type Dialect, splitPlain } from './syntax/dialect.js';
import { guessComment, guessDialect, type Head } from './syntax/guess-dialect.js';
import { findTable, type TableStart } from './table-start.js';

export interface Layout extends RowLayout {
  newline: '\n' | '\r';
}

/** The layout of a text, and how it is divided into records. */
export interface TextLayout {
  layout: Layout;
  dialect: Dialect;
  /** The line of the first row. */
  firstRow: number;
  /** The first rows. */
  sample: string[][];
}

type TextFormat = 'auto' | 'csv' | 'tsv' | 'movielens';

const DELIMITERS: { [format in TextFormat]: string[] } = {
  auto: ['::', '\t', ',', ';', '|', ' '],
  csv: [',', ';', '|'],
  tsv: ['\t'],
  movielens: ['::', '\t', ','],
};

/** The columns are guessed from this many rows. */
const FIRST_ROWS = 1000;

export const COMMENTS_SKIPPED = 'Lines of comments are left out';

const DELIMITER_NAMES: { [delimiter: string]: string } = { '\t': 'tab', ' ': 'space' };
/** The first line by which Excel tells the delimiter. */
const SEPARATOR_LINE = /^\s*"?sep=(.)"?\s*$/i;

/** Guesses the layout of a text of ratings from its beginning. @throws MatfacError `parse-error`. */
export async function guessLayout(head: string, reading: Reading): Promise<TextLayout> {
  refuseOthers(head, reading.line);
  const newline = head.includes('\r') && !head.includes('\n') ? '\r' : '\n';
  const lines = head.split(newline);
  const separator = SEPARATOR_LINE.exec(lines[0]!)?.[1];
  const format = (reading.options.format ?? 'auto') as TextFormat;
  const before = separator === undefined ? 0 : 1;
  const firstLine = reading.line + before;
  const body = lines.slice(before).join(newline);
  const candidates = separator === undefined ? candidatesOf(format) : [{ delimiter: separator }];
  const comment = guessComment(body, newline);
  const dialects = candidates.map((dialect) => ({ ...dialect, newline, ...(comment ? { comment } : {}) }) as Dialect);
  const found = await guessDialect(body, dialects, firstLine);
  if (!found) throw noDelimiter(lines.slice(before), firstLine, DELIMITERS[format]);
  const table = findTable(found.records, found.width, reading.options.columns);
  const titles = table.titles ?? commentedTitles(found, table, lines, reading.line);
  noteSkipped(found, table, firstLine, titles !== undefined && table.titles === undefined, reading);
  return layoutOf(found, table, titles, firstLine, reading);
}

function candidatesOf(format: TextFormat): Omit<Dialect, 'newline'>[] {
  const plain = DELIMITERS[format].map((delimiter) => ({ delimiter }));
  return format === 'auto' ? [...plain, { delimiter: ' ', aligned: 1 }, { delimiter: ' ', aligned: 2 }] : plain;
}

function layoutOf(
  { dialect }: Head,
  table: TableStart,
  titles: string[] | undefined,
  firstLine: number,
  reading: Reading,
): TextLayout {
  const { width } = table;
  const { delimiter, newline } = dialect;
  const rows = table.rows.map(({ fields }) => fields);
  // A row that is too short is a bad row, and says nothing of the columns.
  const whole = rows.filter((fields) => fields.length >= width);
  const sample = (whole.length > 0 ? whole : rows).slice(0, FIRST_ROWS);
  const first = titles ?? sample[0] ?? [];
  const columns = assignRoles(
    first,
    withPoints(sample, first.length, delimiter),
    titles,
    reading,
    `Line ${reading.line}`,
  );
  const isTriple = delimiter === '\t' && !titles && first.length === 4;
  const format = delimiter === '::' || isTriple ? 'movielens' : delimiter === '\t' ? 'tsv' : 'csv';
  const layout: Layout = { format, delimiter, newline, columns };
  if (titles) layout.titles = titles;
  const isLater = table.index > 0 || titles !== undefined;
  const begins = table.header ? table.header.line + 1 : isLater ? table.rows[0]!.line : firstLine;
  return { layout, dialect, firstRow: begins, sample };
}

/** The rows with decimal points in the columns whose numbers have commas. */
function withPoints(rows: string[][], width: number, delimiter: string): string[][] {
  const styles = Array.from({ length: width }, (_, column) => {
    const cells = rows.map((row) => row[column] ?? '');
    return commaStyle(cells, delimiter)?.style;
  });
  if (styles.every((style) => style === undefined)) return rows;
  return rows.map((row) => row.map((cell, column) => withPoint(cell.trim(), styles[column])));
}

/** The titles in the last comment before the table. */
function commentedTitles(
  { dialect, comments }: Head,
  { rows, width }: TableStart,
  lines: string[],
  firstLine: number,
): string[] | undefined {
  const last = comments.filter((line) => line < (rows[0]?.line ?? 0)).at(-1);
  if (last === undefined) return undefined;
  const text = lines[last - firstLine]!.replace(/^[#%\s]+/, '').trimEnd();
  const titles = splitPlain(text, dialect).map((title) => title.trim().replace(/^"(.*)"$/, '$1'));
  const others = rows.map(({ fields }) => fields);
  return titles.length >= width && looksLikeHeader(titles, others) ? titles : undefined;
}

function noteSkipped(
  { records, comments, dialect }: Head,
  table: TableStart,
  firstLine: number,
  hasCommentedTitles: boolean,
  { notes }: Reading,
): void {
  const before = records.slice(0, table.index);
  const end = records[table.index]?.line ?? firstLine;
  if (before.length > 0) {
    const text = show(before[0]!.fields.join(dialect.delimiter).trim());
    const message =
      before.length === 1
        ? `Line ${before[0]!.line} is before the table and left out: ${text}`
        : `Lines ${before[0]!.line} to ${end - 1} are before the table and left out, the first of them ${text}`;
    notes.add('lines-skipped', message);
  }
  const count = comments.filter((line) => line < end).length - Number(hasCommentedTitles);
  if (count > 0) notes.add('lines-skipped', COMMENTS_SKIPPED);
}

const SQL =
  /^(?:INSERT\s+INTO|CREATE\s+(?:TABLE|DATABASE)|DROP\s+TABLE|COPY\s+\S+\s*\(|SET\s+\w+\s*=|BEGIN\s*;|LOCK\s+TABLES|USE\s+`?\w+`?\s*;|PRAGMA\s)/i;
const SQL_COMMENT = /^(?:--|\/\*)/;
/** A line of a record that has a line for each of its fields: review/score: 5.0. */
const FIELD = /^([\w /]{1,40}): /;
/** As many different fields of known meaning are a record. */
const KNOWN_FIELDS = 2;

/** @throws MatfacError `parse-error` for texts that are no tables but could be divided as if they were. */
function refuseOthers(head: string, line: number): void {
  const lines = head.slice(0, 1 << 12).split(/\r\n|\n|\r/, 100);
  const filled = lines.map((text) => text.trim()).filter((text) => text !== '');
  const first = filled.find((text) => !SQL_COMMENT.test(text)) ?? '';
  let what: string | undefined;
  if (head.trimStart().startsWith('<')) what = 'it looks like a web page, beginning with <';
  else if (SQL.test(first)) what = 'it looks like SQL: export the table of ratings as CSV';
  else if (areFields(filled))
    what = `it has a line for each field, such as ${show(first)}: write a line for each row, as CSV or JSON`;
  if (what === undefined) return;
  throw new MatfacError('parse-error', `Line ${line}: the file must have ratings; ${what}`, { line, column: 1 });
}

function areFields(lines: string[]): boolean {
  const names = lines.map((text) => FIELD.exec(text)?.[1]);
  // The last line may be cut off.
  if (names.slice(0, -1).includes(undefined)) return false;
  const roles = names.map((name) => (name === undefined ? undefined : knownRole(name)));
  return new Set(roles.filter((role) => role !== undefined)).size >= KNOWN_FIELDS;
}

function noDelimiter(lines: string[], firstLine: number, delimiters: string[]): MatfacError {
  const index = lines.findIndex((line) => line.trim() !== '');
  if (index === -1)
    return new MatfacError('parse-error', 'The file must have ratings; it is empty', { line: 1, column: 1 });
  const names = delimiters.map((name) => DELIMITER_NAMES[name] ?? name).join('  ');
  const line = firstLine + index;
  const message = `Line ${line}: no delimiter found in ${show(lines[index]!.trim())}; fields must be separated by one of  ${names}`;
  return new MatfacError('parse-error', message, { line, column: 1 });
}
