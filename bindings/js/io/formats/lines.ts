import { MatfacError } from '../../base/errors.js';

const [LINE_FEED, RETURN] = [10, 13];
/** A longer line is taken for one without an end. */
const LONGEST_LINE = 1 << 26;

/** The encoding that the option names, or else the mark at the beginning; undefined is UTF-8. */
export function encodingOf(head: Uint8Array, option: string | undefined): string | undefined {
  if (option !== undefined) return option;
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
}

/** The complete lines at the beginning of a text that are not blank; at most `most`. */
export function firstLines(head: Uint8Array, encoding: string | undefined, isWhole: boolean, most = 200): string[] {
  const lines = new TextDecoder(encoding).decode(head).split(/\r\n|\n|\r/);
  if (!isWhole && lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, most);
}

/** The note for a text that is not UTF-8 from a line on. */
export function isLatin1From(line: number): string {
  return `From line ${line}, the text is not UTF-8; it is read as Windows-1252.`;
}

/** Divides the bytes of a text, which come in pieces, into lines. */
export class Lines {
  /** The bytes of an incomplete line. */
  #parts: Uint8Array[] = [];
  #length = 0;
  #newline: number | undefined;
  #isLatin1 = false;
  readonly #wide: TextDecoder | undefined;
  /** The number of the last line. */
  count = 0;

  /** Bytes that are not UTF-8, where no encoding is known, are read as Windows-1252 from their line on; `onLatin1` hears it. */
  constructor(
    encoding: string | undefined,
    readonly take: (line: string, number: number) => void,
    readonly onLatin1: (line: number) => void,
  ) {
    this.#wide = encoding === undefined ? undefined : new TextDecoder(encoding);
  }

  push(piece: Uint8Array): void {
    const bytes = this.#wide ? new TextEncoder().encode(this.#wide.decode(piece, { stream: true })) : piece;
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
    if (this.#wide) this.push(new TextEncoder().encode(this.#wide.decode()));
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
    const text = this.#decode(bytes);
    for (const line of text.split(this.#newline === RETURN ? '\r' : '\n')) this.take(line, ++this.count);
  }

  #decode(bytes: Uint8Array): string {
    if (this.#isLatin1) return new TextDecoder('windows-1252').decode(bytes);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      this.#isLatin1 = true;
      this.onLatin1(this.count + 1);
      return new TextDecoder('windows-1252').decode(bytes);
    }
  }

  #tooLong(): MatfacError {
    const line = this.count + 1;
    return new MatfacError('parse-error', `Line ${line}: the line must end within 64 MB`, { line, column: 1 });
  }
}
