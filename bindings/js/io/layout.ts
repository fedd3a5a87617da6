import { MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import type { RowLayout } from '../ratings/ratings-source.js';
import { assignColumns, looksLikeHeader } from './column-roles.js';
import type { Reading } from './reading.js';
import { CsvReader, type Dialect } from './syntax/csv.js';

export interface Layout extends RowLayout {
  newline: '\n' | '\r';
}

type TextFormat = 'auto' | 'csv' | 'tsv' | 'movielens';

const DELIMITERS: { [format in TextFormat]: string[] } = {
  auto: ['::', '\t', ',', ';', '|', ' '],
  csv: [',', ';', '|'],
  tsv: ['\t'],
  movielens: ['::', '\t', ','],
};

const DELIMITER_NAMES: { [delimiter: string]: string } = { '\t': 'tab', ' ': 'space' };

/** Guesses the layout of a text of ratings from its beginning. @throws MatfacError `parse-error`. */
export async function guessLayout(head: string, reading: Reading): Promise<Layout> {
  const format = (reading.options.format ?? 'auto') as TextFormat;
  refuseWebPage(head);
  const newline = head.includes('\r') && !head.includes('\n') ? '\r' : '\n';
  const delimiter = guessDelimiter(head, newline, DELIMITERS[format]);
  const rows = await firstRows(head, { delimiter, newline });
  const [first, ...others] = rows;
  if (!first) throw new MatfacError('parse-error', 'The file must have ratings; it is empty', { line: 1, column: 1 });
  const isHeader = looksLikeHeader(first, others, reading.options.columns);
  const titles = isHeader ? first.map((title) => title.trim()) : undefined;
  const columns = assignColumns(first, isHeader ? others : rows, titles, reading);
  const named = delimiter === '::' || (delimiter === '\t' && !titles && first.length === 4) ? 'movielens' : undefined;
  const layout: Layout = { format: named ?? (delimiter === '\t' ? 'tsv' : 'csv'), delimiter, newline, columns };
  if (titles) layout.titles = titles;
  return layout;
}

function refuseWebPage(head: string): void {
  if (!head.trimStart().startsWith('<')) return;
  const message = 'Line 1: the file must have ratings; it looks like a web page, beginning with <';
  throw new MatfacError('parse-error', message, { line: 1, column: 1 });
}

/** The delimiter that divides most lines into the same number of fields; of those, the one with the most fields. */
function guessDelimiter(head: string, newline: string, candidates: string[]): string {
  const masked = head.replace(/"(?:[^"]|"")*"/g, 'q');
  const whole = masked.split(newline).slice(0, 50);
  const lines = whole.filter((line) => line.trim() !== '').map((line) => line.trimEnd());
  let best = { delimiter: '', share: 0, width: 0 };
  for (const delimiter of candidates) {
    const widths = lines.map((line) => line.split(delimiter).length);
    const width = commonest(widths);
    if (width < 2) continue;
    const share = widths.filter((other) => other === width).length;
    if (share > best.share || (share === best.share && width > best.width)) best = { delimiter, share, width };
  }
  if (best.delimiter || lines.length === 0) return best.delimiter || candidates[0]!;
  const names = candidates.map((name) => DELIMITER_NAMES[name] ?? name).join('  ');
  const message = `Line 1: no delimiter found in ${show(lines[0])}; fields must be separated by one of  ${names}`;
  throw new MatfacError('parse-error', message, { line: 1, column: 1 });
}

function commonest(numbers: number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}

async function firstRows(head: string, dialect: Dialect): Promise<string[][]> {
  const rows: string[][] = [];
  const add = (fields: string[]) => {
    if (rows.length < 50 && (fields.length > 1 || fields[0]!.trim() !== '')) rows.push(fields);
  };
  const reader = new CsvReader(dialect, {
    plain: (text, start, end) => add(text.slice(start, end).split(dialect.delimiter)),
    fields: add,
    bad: () => {},
  });
  await reader.push(head);
  if (rows.length === 0) await reader.end();
  return rows;
}
