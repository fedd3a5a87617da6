/** The beginning of a file, for one whose columns cannot be told. */
import { type ColumnChoice, Ratings, type RatingsSource } from 'matfac';

export interface FirstRows {
  /** The titles in the file, or Column 1, Column 2, … */
  titles: readonly string[];
  /** Empty for a file that the page cannot show, such as Parquet. */
  rows: readonly (readonly string[])[];
  /** The columns whose titles say what they are. */
  known: ColumnChoice;
}

const BYTES = 1 << 16;
const ROWS = 5;

/** As the library divides the file into columns; null for a file without any. */
export async function firstRows(file: File, signal: AbortSignal): Promise<FirstRows | null> {
  const text = await headOf(file);
  // A part of JSON is no whole value, and of an archive the library finds the file.
  const part = text === null || /^\s*[[{]/.test(text) ? file : new Blob([wholeLines(text)]);
  const columns: ColumnChoice = { user: 0, item: 1, rating: null, timestamp: null };
  try {
    const { source } = await Ratings.fromFile(part, { columns, badRows: 'skip', signal });
    if (!source) return null;
    const rows = shown(text ?? '', source);
    return {
      ...rows,
      known: source.titles && part.size <= BYTES ? await knownColumns(part, rows.titles.length, signal) : {},
    };
  } catch {
    return null;
  }
}

function shown(text: string, { delimiter, titles }: RatingsSource): Omit<FirstRows, 'known'> {
  if (!delimiter) return { titles: titles ?? [], rows: objects(text, titles ?? []) };
  const rows = table(text, delimiter);
  if (titles) return { titles, rows: rows.slice(1) };
  const width = Math.max(2, ...rows.map(({ length }) => length));
  return { titles: Array.from({ length: width }, (_, i) => `Column ${i + 1}`), rows };
}

/** More columns are not tried. */
const MOST_COLUMNS = 12;

/** What the library takes most often for a role, whichever columns are given for users and items that it misses. */
async function knownColumns(part: Blob, width: number, signal: AbortSignal): Promise<ColumnChoice> {
  const numbers = Array.from({ length: Math.min(width, MOST_COLUMNS) }, (_, column) => column);
  const given = numbers.flatMap((column): ColumnChoice[] => [
    { user: column },
    { item: column },
    { user: column, item: (column + 1) % width },
  ]);
  const votes = new Map<string, number>();
  for (const columns of given) {
    const read = Ratings.fromFile(part, { columns, badRows: 'skip', signal });
    const { source } = await read.catch(() => ({ source: undefined }));
    const isGuess = source?.notes.some(({ code }) => code === 'column-guessed') === true;
    for (const [role, column] of Object.entries(source?.columns ?? {})) {
      // What the values alone show is left to the visitor.
      const isKnown = !isGuess || (role !== 'user' && role !== 'item');
      if (isKnown && !(role in columns)) votes.set(`${role} ${column}`, (votes.get(`${role} ${column}`) ?? 0) + 1);
    }
  }
  const known = [...votes].filter(([, count]) => count > 1).sort((a, b) => a[1] - b[1]);
  return Object.fromEntries(known.map(([vote]) => vote.split(' ')).map(([role, column]) => [role, Number(column)]));
}

/** Without the last line, which may be cut off. */
function wholeLines(text: string): string {
  const end = text.lastIndexOf('\n', text.length - 2);
  return text.indexOf('\n') < end ? text.slice(0, end) : text;
}

/** At most the first 64 kB of a text, unpacked; null for any other file. */
export async function headOf(file: File): Promise<string | null> {
  const head = new Uint8Array(await file.slice(0, BYTES).arrayBuffer());
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const bytes = isGzip ? await unpacked(file) : head;
  const label = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(label).decode(bytes);
  const isBinary = [...text.slice(0, 1000)].some((character) => character < ' ' && !'\t\n\r\f'.includes(character));
  return isBinary ? null : text;
}

async function unpacked(file: File): Promise<Uint8Array> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    return (await reader.read()).value?.subarray(0, BYTES) ?? new Uint8Array();
  } catch {
    return new Uint8Array();
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function table(text: string, delimiter: string): string[][] {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return lines.slice(0, ROWS + 1).map((line) => fieldsOf(line, delimiter));
}

/** The fields of a line of CSV; a field in quotes ends on its line here. */
function fieldsOf(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let from = 0;
  while (from <= line.length) {
    const quoted = /^ *"((?:[^"]|"")*)" */.exec(line.slice(from));
    const start = from + (quoted?.[0].length ?? 0);
    const end = line.indexOf(delimiter, start);
    const stop = end < 0 ? line.length : end;
    fields.push(quoted ? quoted[1]!.replaceAll('""', '"') : line.slice(from, stop).trim());
    from = stop + delimiter.length;
  }
  return fields;
}

/** The flat objects of JSON, as rows under the titles. */
function objects(text: string, titles: readonly string[]): string[][] {
  const found = text.slice(0, BYTES).match(/\{[^{}]*\}/g) ?? [];
  return found.slice(0, ROWS).flatMap((object) => {
    try {
      const row = JSON.parse(object) as { [title: string]: unknown };
      return [titles.map((title) => String(row[title] ?? ''))];
    } catch {
      return [];
    }
  });
}

export const PROSE =
  'looks like prose, not like a table. A file of ratings has a line for each: who, what, and how highly.';

/** Whether a text is written in sentences: nearly all letters, with the ends of sentences, and nothing that separates columns. */
export function isProse(text: string): boolean {
  const part = text.slice(0, 4000);
  const count = (pattern: RegExp) => part.match(pattern)?.length ?? 0;
  const words = count(/\p{L}{2,}/gu);
  const lines = count(/[^\r\n]+/g);
  const separators = count(/[\t;|]|::|,(?=[^\s”"'])/g);
  const sentences = count(/\p{L}[.!?…]["'”’)]*(?=\s|$)|[。！？]/gu);
  const share = (count(/[\p{L}\p{M}\s]/gu) + count(/[.,!?'’"“”—–-]/g)) / part.length;
  if (/^\s*[[{<]/.test(part)) return false;
  return words >= 6 && sentences * 40 >= words && separators * 20 <= words + lines && share > 0.9;
}
