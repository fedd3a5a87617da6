import { MatfacError } from '../../base/errors.js';

/** The encoding is recognized from this many bytes. */
const HEAD = 64;
/** A text has few control characters; this many of the first bytes are looked at. */
const SAMPLE = 1 << 10;

/**
 * The bytes of a text as UTF-8 without a mark: UTF-16, which its mark or its zeros show, and an encoding that the caller names
 * are converted. Other bytes pass as they are. `onGuess` gets the encoding of a text without a mark.
 * @throws MatfacError `parse-error` for a file that is not a text.
 */
export async function* utf8Pieces(
  pieces: AsyncIterable<Uint8Array>,
  label: string | undefined,
  onGuess: (encoding: string) => void,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array[] = [];
  let length = 0;
  let convert: Converter | undefined;
  const begin = () => {
    const first = Uint8Array.from(head.flatMap((piece) => [...piece.subarray(0, SAMPLE)]));
    const { encoding, mark, isGuess } = encodingOf(first, label);
    if (isGuess) onGuess(encoding);
    convert = converterOf(encoding, mark);
    const waiting = head;
    head = [];
    return waiting;
  };
  for await (const piece of pieces) {
    if (convert) {
      yield convert(piece);
      continue;
    }
    head.push(piece);
    length += piece.length;
    if (length >= HEAD) for (const first of begin()) yield convert!(first);
  }
  for (const first of convert ? [] : begin()) yield convert!(first);
  yield convert!();
}

/** Converts a piece; without one, ends the text. */
type Converter = (piece?: Uint8Array) => Uint8Array;

function converterOf(encoding: string, mark: number): Converter {
  let skip = mark;
  if (encoding === 'utf-8') {
    return (piece = new Uint8Array()) => {
      const from = Math.min(skip, piece.length);
      skip -= from;
      return piece.subarray(from);
    };
  }
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  const exact = encoding === WINDOWS_1252 ? withWindowsSigns : (text: string) => text;
  return (piece) => encoder.encode(exact(piece ? decoder.decode(piece, { stream: true }) : decoder.decode()));
}

const WINDOWS_1252 = 'windows-1252';
/** The characters 128 to 159 of Windows-1252. */
const WINDOWS_SIGNS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Some versions of Node decode Windows-1252 as Latin-1, which has control characters instead of these signs. */
function withWindowsSigns(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (sign) => WINDOWS_SIGNS[sign.charCodeAt(0) - 128]!);
}

interface Found {
  encoding: string;
  /** The length of the mark. */
  mark: number;
  isGuess?: boolean;
}

function encodingOf(head: Uint8Array, label: string | undefined): Found {
  const [first, second, third, fourth] = head;
  const isUtf32 = first === 0xff && second === 0xfe && third === 0 && fourth === 0;
  if (isUtf32) throw notText('it is UTF-32');
  // An array of NumPy is no text, and passes.
  if (first === 0x93 && second === 0x4e) return { encoding: 'utf-8', mark: 0 };
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', mark: 2 };
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (label !== undefined) return { encoding: new TextDecoder(label).encoding, mark: 0 };
  const zeros = [0, 0];
  // Zeros at the end are what a broken download leaves.
  const end = 1 + head.findLastIndex((byte) => byte !== 0);
  for (let at = 0; at < Math.min(end, HEAD); at++) if (head[at] === 0) zeros[at % 2]!++;
  const half = Math.min(head.length, HEAD) / 4;
  if (zeros[1]! >= half && zeros[0] === 0 && half > 0) return { encoding: 'utf-16le', mark: 0, isGuess: true };
  if (zeros[0]! >= half && zeros[1] === 0 && half > 0) return { encoding: 'utf-16be', mark: 0, isGuess: true };
  if (zeros[0]! + zeros[1]! > 0 || hasControls(head)) throw notText('it has control characters');
  return { encoding: 'utf-8', mark: 0 };
}

/** Whether there are more control characters than a text has. */
function hasControls(head: Uint8Array): boolean {
  const sample = head.subarray(0, SAMPLE);
  const controls = sample.filter((byte) => (byte > 0 && byte < 9) || (byte > 13 && byte < 32 && byte !== 27)).length;
  return controls > 0.02 * sample.length;
}

function notText(what: string): MatfacError {
  const message = `Line 1: the file must be a text; ${what}: save it as UTF-8 text`;
  return new MatfacError('parse-error', message, { line: 1, column: 1 });
}

/**
 * Decodes UTF-8 that comes in pieces. A byte that is no part of it is read as Windows-1252, so that nothing is lost: the
 * characters of an id depend on its own bytes alone, and not on where it stands.
 */
export class LenientDecoder {
  readonly #strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #single = new TextDecoder(WINDOWS_1252);
  #rest: Uint8Array = new Uint8Array();
  #isFirst = true;

  /** `onFault` is called once, with the text of the piece before its first bad byte. */
  constructor(readonly onFault: (before: string) => void) {}

  /** The text of complete lines. */
  decode(bytes: Uint8Array): string {
    try {
      return this.#strict.decode(bytes);
    } catch {
      return this.#mixed(bytes);
    }
  }

  /** The text of the next piece; a character that is cut off waits for the next one. */
  push(piece: Uint8Array): string {
    const bytes = new Uint8Array(this.#rest.length + piece.length);
    bytes.set(this.#rest);
    bytes.set(piece, this.#rest.length);
    const end = bytes.length - cutOff(bytes);
    this.#rest = bytes.slice(end);
    return this.decode(bytes.subarray(0, end));
  }

  end(): string {
    const rest = this.#rest;
    this.#rest = new Uint8Array();
    return this.decode(rest);
  }

  #mixed(bytes: Uint8Array): string {
    let text = '';
    let begin = 0;
    let at = 0;
    while (at < bytes.length) {
      const length = lengthAt(bytes, at);
      if (length > 0) {
        at += length;
        continue;
      }
      text += this.#strict.decode(bytes.subarray(begin, at));
      if (this.#isFirst) this.onFault(text);
      this.#isFirst = false;
      begin = at;
      while (at < bytes.length && lengthAt(bytes, at) === 0) at++;
      text += withWindowsSigns(this.#single.decode(bytes.subarray(begin, at)));
      begin = at;
    }
    return text + this.#strict.decode(bytes.subarray(begin));
  }
}

/** The length of the UTF-8 character at a place; 0 if there is none. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  for (let next = 1; next < length; next++) if (!isContinuation(bytes[at + next])) return 0;
  const second = bytes[at + 1]!;
  // Overlong forms, surrogates, and what is beyond Unicode.
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f)) return 0;
  if ((lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f)) return 0;
  return length;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** How many bytes at the end may begin a character that goes on in the next piece. */
function cutOff(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0)
      return byte >= 0xf0 ? (back < 4 ? back : 0) : byte >= 0xe0 ? (back < 3 ? back : 0) : back < 2 ? 1 : 0;
  }
  return 0;
}
