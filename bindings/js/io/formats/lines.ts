import { MatfacError } from '../../base/errors.js';
import { LenientDecoder } from '../syntax/encoding.js';
import { countLines } from '../syntax/text.js';

const [LINE_FEED, RETURN] = [10, 13];
/** A longer line is taken for one without an end. */
const LONGEST_LINE = 1 << 26;

/** The complete lines at the beginning of a text that are not blank; at most `most`. */
export function firstLines(head: Uint8Array, isWhole: boolean, most = 200): string[] {
  const lines = new TextDecoder().decode(head).split(/\r\n|\n|\r/);
  if (!isWhole && lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, most);
}

/** Divides the bytes of a text, which come in pieces, into lines. */
export class Lines {
  /** The bytes of an incomplete line. */
  #parts: Uint8Array[] = [];
  #length = 0;
  #newline: number | undefined;
  readonly #decoder: LenientDecoder;
  /** The number of the last line. */
  count: number;

  /** `onFault` gets the first line with bytes that are not UTF-8. */
  constructor(
    firstLine: number,
    readonly take: (line: string, number: number) => void,
    onFault: (line: number) => void,
  ) {
    this.count = firstLine - 1;
    this.#decoder = new LenientDecoder((before) => onFault(this.count + 1 + countLines(before)));
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#newline ??= bytes.includes(LINE_FEED) || !bytes.includes(RETURN) ? LINE_FEED : RETURN;
    const end = bytes.lastIndexOf(this.#newline) + 1;
    if (end > 0) {
      this.#parts.push(bytes.subarray(0, end - 1));
      this.#takeAll(this.#gathered());
    }
    if (end < bytes.length) this.#parts.push(bytes.slice(end));
    this.#length += bytes.length - end;
    if (this.#length > LONGEST_LINE) throw this.#tooLong();
  }

  end(): void {
    if (this.#length > 0) this.#takeAll(this.#gathered());
  }

  #gathered(): Uint8Array {
    const parts = this.#parts;
    this.#parts = [];
    this.#length = 0;
    if (parts.length === 1) return parts[0]!;
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Takes complete lines, without the last newline. */
  #takeAll(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes);
    for (const line of text.split(this.#newline === RETURN ? '\r' : '\n')) this.take(line, ++this.count);
  }

  #tooLong(): MatfacError {
    const line = this.count + 1;
    return new MatfacError('parse-error', `Line ${line}: the line must end within 64 MB`, { line, column: 1 });
  }
}
