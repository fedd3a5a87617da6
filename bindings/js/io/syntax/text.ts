import { MatfacError } from '../../base/errors.js';

const RETURN = 13;
const LINE_FEED = 10;

/** Decodes the beginning of a text, without its byte-order mark. @throws MatfacError `parse-error` with the line. */
export function decodeHead(bytes: Uint8Array): string {
  refuseUtf16(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badEncoding(1 + linesBeforeFault(bytes));
  }
}

export function countLines(text: string, newline = '\n', from = 0, to = text.length): number {
  // A search of the whole text would go on to its end where there is no newline before.
  const part = text.slice(from, to);
  let count = 0;
  for (let at = part.indexOf(newline); at !== -1; at = part.indexOf(newline, at + 1)) count++;
  return count;
}

/** The number of lines before the first byte that is not UTF-8. */
function linesBeforeFault(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes);
  const fault = text.indexOf('\uFFFD');
  return countLines(text, '\n', 0, fault === -1 ? text.length : fault);
}

/** The error for bytes that are not UTF-8. */
function badEncoding(line: number): MatfacError {
  const message = `Line ${line}: the text must be UTF-8; it may be Latin-1 or Windows-1252: save the file as UTF-8`;
  return new MatfacError('parse-error', message, { line, column: 1 });
}

/** @throws MatfacError `parse-error` for a text that begins like UTF-16. */
export function refuseUtf16(piece: Uint8Array): void {
  const [first, second] = piece;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!marked && !piece.subarray(0, 64).includes(0)) return;
  const message = 'Line 1: the text must be UTF-8; it is UTF-16, or the file is not a text: save it as UTF-8 text';
  throw new MatfacError('parse-error', message, { line: 1, column: 1 });
}

/** A text without its first lines; `onLines` gets their number. */
export async function* withoutLines(
  pieces: AsyncIterable<Uint8Array>,
  count: number,
  onLines: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  let left = count;
  let isDone = false;
  let newline: number | undefined;
  for await (const piece of pieces) {
    newline ??= piece.includes(LINE_FEED) || !piece.includes(RETURN) ? LINE_FEED : RETURN;
    let from = 0;
    while (left > 0 && from < piece.length) {
      const at = piece.indexOf(newline, from);
      if (at >= 0) left--;
      from = at < 0 ? piece.length : at + 1;
    }
    if (left === 0 && !isDone) onLines(count);
    isDone = left === 0;
    if (from < piece.length) yield piece.subarray(from);
  }
}

/** More white space at the beginning is left out. */
const MOST_BLANK = 1 << 10;

/** A text without the blank lines at its beginning, if they are many, and how many lines these were. */
export async function* withoutBlankLines(
  pieces: AsyncIterable<Uint8Array>,
  onLines: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = [];
  let length = 0;
  let lines = new BlankLines();
  let begins = false;
  for await (const piece of pieces) {
    if (begins) {
      yield piece;
      continue;
    }
    const first = piece.findIndex((byte) => !isBlank(byte));
    begins = first !== -1;
    const isLong = length + (begins ? first : piece.length) > MOST_BLANK;
    if (isLong && length <= MOST_BLANK) for (const before of kept) lines.take(before);
    if (isLong) {
      kept = [];
      lines.take(begins ? piece.subarray(0, first) : piece);
    } else kept.push(piece);
    length += piece.length;
    if (!begins) continue;
    if (isLong) {
      onLines(lines.count);
      yield piece.subarray(Math.max(0, first - lines.indent));
    } else yield* kept;
    kept = [];
    lines = new BlankLines();
  }
  if (!begins) yield* kept;
}

/** Counts blank lines, and the spaces after the last one. */
class BlankLines {
  indent = 0;
  #feeds = 0;
  #returns = 0;

  get count(): number {
    return this.#feeds || this.#returns;
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === LINE_FEED) this.#feeds++;
      else if (byte === RETURN) this.#returns++;
      this.indent = byte === LINE_FEED || byte === RETURN ? 0 : this.indent + 1;
    }
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}
