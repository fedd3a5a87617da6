import { CsvReader } from './csv.js';
import { type Dialect, splitPlain } from './dialect.js';

/** A record at the beginning of a text. */
export interface HeadRecord {
  fields: string[];
  line: number;
}

/** The beginning of a text as a dialect divides it. */
export interface Head {
  dialect: Dialect;
  /** The records that are not blank. */
  records: HeadRecord[];
  /** The lines of comments, and of records with a wrong quote. */
  comments: number[];
  faults: number;
  /** How many fields most records have from the first such record on; 0 if none has two. */
  width: number;
  /** From 0 to 2: the share of records of this width from the first one on, and of all. */
  score: number;
}

/** A space also separates words: another delimiter that divides the lines as well is preferred. */
const SPACES_ARE_WEAK = 0.3;
/** Spaces that leave many fields empty are no delimiters but align columns. */
const ALIGNED = 0.5;
const NEARLY_ALL = 0.9;

/** The dialect among `candidates` that divides most records into the same number of fields; of those, into the most. */
export async function guessDialect(head: string, candidates: Dialect[], firstLine: number): Promise<Head | undefined> {
  let best: Head | undefined;
  for (const dialect of candidates) {
    const found = await divide(head, dialect, firstLine);
    if (found.width < 2) continue;
    const isBetter = !best || found.score > best.score || (found.score === best.score && found.width > best.width);
    if (isBetter) best = found;
  }
  if (!best) return undefined;
  return withoutComments(await withQuotes(head, best, firstLine), head, firstLine);
}

/** The same dialect with another way of quoting, if more records are as wide with it. */
async function withQuotes(head: string, best: Head, firstLine: number): Promise<Head> {
  const single = singleQuotes(head, best.dialect);
  const withSingle = { ...best.dialect, quote: "'" as const };
  const quoted = single === 'most' ? withSingle : best.dialect;
  const choices = [quoted, ...(/\\["']/.test(head) ? [{ ...quoted, escapes: true }] : [])];
  if (single === 'some') choices.push(withSingle);
  let chosen = best;
  for (const dialect of choices) {
    const found = dialect === best.dialect ? best : await divide(head, dialect, firstLine);
    const isMore = found.faults < chosen.faults || (found.faults === chosen.faults && found.score > chosen.score);
    const isSame = single === 'most' && dialect.quote && !chosen.dialect.quote && found.faults <= chosen.faults;
    if (isMore || isSame) chosen = found;
  }
  return chosen;
}

/** Whether most lines have a field in single quotes, or some. A header may have none. */
export function singleQuotes(head: string, { newline, delimiter }: Dialect): 'most' | 'some' | 'none' {
  if (!head.includes("'")) return 'none';
  const lines = head.split(newline).filter((line) => line.trim() !== '');
  const isQuoted = (line: string) => {
    const fields = line.trim().split(delimiter);
    const starts = fields.findIndex((field) => /^ *'/.test(field));
    return starts >= 0 && fields.slice(starts).some((field) => /.' *$/.test(field));
  };
  const quoted = lines.filter(isQuoted).length;
  if (quoted >= NEARLY_ALL * (lines.length - 1) && quoted > 0) return 'most';
  return quoted > 0 ? 'some' : 'none';
}

/**
 * Lines beginning with # or % are comments if the file begins with one. Lines that are as wide as the table are rows if there is
 * none at the beginning, or if all of them have numbers.
 */
async function withoutComments(found: Head, head: string, firstLine: number): Promise<Head> {
  const { dialect, comments, width } = found;
  if (comments.length === 0) return found;
  const lines = head.split(dialect.newline);
  const isFirst = lines.findIndex((line) => line.trim() !== '') + firstLine === comments[0];
  const fieldsOf = (line: number) => splitPlain(lines[line - firstLine]!.trimEnd(), dialect);
  const wide = comments.map(fieldsOf).filter((fields) => fields.length === width);
  // Titles and sentences have no numbers; ids that begin with # are before some.
  const areRows = wide.length > 1 && wide.every((fields) => fields.slice(1).some((field) => /^\s*\d/.test(field)));
  if (isFirst ? !areRows : wide.length === 0) return found;
  const { comment: _, ...others } = dialect;
  return divide(head, others, firstLine);
}

/** The character that comments begin with: # or %, if some lines but not most begin with it. */
export function guessComment(head: string, newline: string): '#' | '%' | undefined {
  const lines = head.split(newline).filter((line) => line.trim() !== '');
  return (['#', '%'] as const).find((mark) => {
    const count = lines.filter((line) => line.startsWith(mark)).length;
    return count > 0 && count < Math.max(lines.length / 2, Math.min(lines.length, 20));
  });
}

async function divide(head: string, dialect: Dialect, firstLine: number): Promise<Head> {
  const records: HeadRecord[] = [];
  const comments: number[] = [];
  let faults = 0;
  const add = (fields: string[], line: number) => {
    if (fields.some((field) => field.trim() !== '')) records.push({ fields, line });
  };
  const reader = new CsvReader(dialect, {
    plain: (text, start, end, line) => add(splitPlain(text.slice(start, end).trimEnd(), dialect), line),
    fields: add,
    bad: () => faults++,
    comment: (line) => comments.push(line),
  });
  reader.skipLines(firstLine - 1);
  await reader.push(head);
  await reader.end();
  const { width, score } = widthOf(records, faults);
  const isWeak = dialect.delimiter === ' ' && !records.every(({ fields }) => fields.length < 2);
  const penalty = (isWeak ? SPACES_ARE_WEAK : 0) + (leavesGaps(records, width, dialect) ? ALIGNED : 0);
  return { dialect: { ...dialect, width }, records, comments, faults, width, score: score - penalty };
}

function widthOf(records: HeadRecord[], faults: number): { width: number; score: number } {
  const widths = records.map(({ fields }) => fields.length);
  const width = commonest(widths.filter((other) => other > 1));
  if (width === 0) return { width, score: 0 };
  const count = widths.filter((other) => other === width).length;
  return { width, score: count / (widths.length - widths.indexOf(width) + faults) + count / (widths.length + faults) };
}

/** Whether a delimiter of white space leaves fields empty, as several of them that align columns do. */
function leavesGaps(records: HeadRecord[], width: number, { delimiter, aligned }: Dialect): boolean {
  if (aligned || (delimiter !== ' ' && delimiter !== '\t')) return false;
  const rows = records.filter(({ fields }) => fields.length === width);
  const isGap = (fields: string[], column: number) => fields[column]!.trim() === '';
  const inner = Array.from({ length: Math.max(0, width - 2) }, (_, column) => column + 1);
  if (delimiter === '\t') return inner.some((column) => rows.every(({ fields }) => isGap(fields, column)));
  return rows.filter(({ fields }) => [0, ...inner].some((column) => isGap(fields, column))).length > rows.length / 10;
}

function commonest(numbers: number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}
