import { MatfacError } from '../errors.js';

/** UTF-8 bytes as text, piece by piece; a byte-order mark is taken off. @throws MatfacError `parse-error` with the line. */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let first = true;
  const decode = (piece?: Uint8Array) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      throw badEncoding(line + linesBeforeFault(piece));
    }
  };
  for await (const piece of bytes) {
    if (first) refuseUtf16(piece);
    first = false;
    const text = decode(piece);
    line += countLines(text);
    if (text) yield text;
  }
  decode();
}

export function countLines(text: string, newline = '\n', from = 0, to = text.length): number {
  let count = 0;
  for (let at = text.indexOf(newline, from); at !== -1 && at < to; at = text.indexOf(newline, at + 1)) count++;
  return count;
}

function linesBeforeFault(piece: Uint8Array | undefined): number {
  const text = new TextDecoder().decode(piece);
  const fault = text.indexOf('\uFFFD');
  return countLines(text, '\n', 0, fault === -1 ? text.length : fault);
}

function badEncoding(line: number): MatfacError {
  const message = `Line ${line}: the text is not UTF-8 (perhaps Latin-1 or Windows-1252); save the file as UTF-8`;
  return new MatfacError('parse-error', message, { line, column: 1 });
}

function refuseUtf16(piece: Uint8Array): void {
  const [first, second] = piece;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!marked && !piece.subarray(0, 64).includes(0)) return;
  const message = 'Line 1: the text is not UTF-8 but UTF-16, or the file is not a text; save it as UTF-8 text';
  throw new MatfacError('parse-error', message, { line: 1, column: 1 });
}
