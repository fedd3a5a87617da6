/** How a text is divided into records and fields. */
export interface Dialect {
  /** One or more characters: `,`, `;`, tab, `|`, `::`, space. */
  delimiter: string;
  newline: '\n' | '\r';
  /** Columns are aligned: this many spaces or more, or tabs, count as one delimiter, and none before the first field. */
  aligned?: 1 | 2;
  /** Default: a double quote. */
  quote?: '"' | "'";
  /** Lines that begin with this character are comments. */
  comment?: '#' | '%';
  /** Inside quotes, a backslash escapes a quote. Default: only where a record is faulty otherwise. */
  escapes?: boolean;
  /** How many fields most records have, as far as it is known. */
  width?: number;
}

const SPACE = 32;
const TAB = 9;
const GAPS = { 1: /[ \t]+/, 2: / *\t[ \t]*| {2,}/ };

/** The fields of a record without quotes. */
export function splitPlain(text: string, { delimiter, aligned }: Dialect): string[] {
  return aligned ? text.trim().split(GAPS[aligned]) : text.split(delimiter);
}

/** The length of the delimiter at a place; 0 if there is none. */
export function delimiterAt(text: string, at: number, { delimiter, aligned }: Dialect): number {
  if (!aligned) return text.startsWith(delimiter, at) ? delimiter.length : 0;
  const end = endOfGap(text, at);
  const isLong = end - at >= aligned || text.slice(at, end).includes('\t');
  return isLong ? end - at : 0;
}

/** The end of the spaces and tabs at a place. */
export function endOfGap(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at++;
  return at;
}
