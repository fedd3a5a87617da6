import { MatfacError } from '../../base/errors.js';

/** Decodes the beginning of a text, without its byte-order mark. @throws MatfacError `parse-error` with the line. */
export function decodeHead(bytes: Uint8Array): string {
  refuseUtf16(bytes);
  return decode(new TextDecoder('utf-8', { fatal: true }), bytes, 1);
}

/** Decodes complete lines of a text, the first of which is number `line`. @throws MatfacError `parse-error` with the line. */
export function decodeLines(bytes: Uint8Array, line: number): string {
  return decode(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), bytes, line);
}

function decode(decoder: TextDecoder, bytes: Uint8Array, line: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw badEncoding(line + linesBeforeFault(bytes));
  }
}

export function countLines(text: string, newline = '\n', from = 0, to = text.length): number {
  let count = 0;
  for (let at = text.indexOf(newline, from); at !== -1 && at < to; at = text.indexOf(newline, at + 1)) count++;
  return count;
}

/** The number of lines before the first byte that is not UTF-8. */
export function linesBeforeFault(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes);
  const fault = text.indexOf('\uFFFD');
  return countLines(text, '\n', 0, fault === -1 ? text.length : fault);
}

/** The error for bytes that are not UTF-8. */
export function badEncoding(line: number): MatfacError {
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
