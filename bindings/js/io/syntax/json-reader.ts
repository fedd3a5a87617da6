import { MatfacError } from '../../base/errors.js';
import { Turn } from '../../base/pause.js';
import { show } from '../../base/show.js';
import { LenientDecoder } from './encoding.js';
import { JsonElements } from './json-elements.js';
import { JsonEntries, type JsonEntry } from './json-entries.js';
import { parsedPart } from './json-parts.js';
import { countLines, refuseUtf16 } from './text.js';

/** The shape is guessed from this many characters, and as many are read at a time at least. */
const BLOCK = 1 << 16;
/** A longer line of NDJSON is not read. */
const LONGEST_LINE = 1 << 20;

/** Receives the rows of JSON. */
export interface JsonSink {
  /** Adds a row by its text. */
  addText(text: string, line: number): void;
  add(row: unknown, line: number): void;
  bad(line: number, reason: string): void;
  /** Lets other tasks have their turn; an error that it throws ends the reading. */
  rest?(): Promise<void>;
}

/**
 * Reads rows from the bytes of JSON, in pieces: one row per line (NDJSON), an array of rows, an object with an array for each
 * column, or an object with one array of rows. A row is an object or an array. The arrays of an object are read before its rows
 * are taken.
 */
export class JsonReader {
  readonly #decoder: LenientDecoder;
  /** What was not taken yet, less than a block. */
  #waiting = '';
  #reader: ShapeReader | undefined;
  #isFirst = true;
  #line: number;

  /** `onFault` gets the line of the first byte that is not UTF-8. */
  constructor(
    readonly rows: JsonSink,
    readonly firstLine = 1,
    onFault: (line: number) => void = () => {},
  ) {
    this.#line = firstLine;
    this.#decoder = new LenientDecoder((before) => onFault(this.#line + countLines(before)));
  }

  async push(piece: Uint8Array): Promise<void> {
    if (this.#isFirst) refuseUtf16(piece);
    const text = this.#decoder.push(piece);
    this.#line += countLines(text);
    this.#waiting += this.#isFirst ? text.replace(/^\uFEFF/, '') : text;
    this.#isFirst = false;
    if (this.#waiting.length >= BLOCK) await this.#take();
  }

  async end(): Promise<void> {
    this.#waiting += this.#decoder.end();
    await this.#take();
    await this.#reader!.end();
  }

  async #take(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (!this.#reader) {
      const readers = { lines: LineReader, array: ArrayReader, object: ObjectReader };
      this.#reader = new readers[shapeOf(text, this.firstLine)](this.rows, this.firstLine);
    }
    for (let at = 0; at < text.length; at += BLOCK) {
      await this.#reader.push(text.slice(at, at + BLOCK));
      if (at > 0) await this.rows.rest?.();
    }
  }
}

const JSON_BEGINS = new Set('[{'.split('').map((mark) => mark.charCodeAt(0)));
const MARK = [0xef, 0xbb, 0xbf];

/** Whether the first bytes of a text, after its mark and white space, are those of JSON. */
export function beginsAsJson(head: Uint8Array): boolean {
  const start = MARK.every((byte, index) => head[index] === byte) ? MARK.length : 0;
  const first = head.subarray(start).find((byte) => byte !== 32 && (byte < 9 || byte > 13));
  return first !== undefined && JSON_BEGINS.has(first);
}

/** Reads a text that comes in pieces. */
interface ShapeReader {
  push(text: string): Promise<void>;
  end(): Promise<void>;
}

function shapeOf(head: string, line: number): 'lines' | 'array' | 'object' {
  const [first, ...others] = head.split('\n').filter((line) => line.trim() !== '');
  const begins = first?.trimStart()[0];
  if (begins !== '[' && begins !== '{') {
    const message = `Line ${line}: JSON must begin with [ or {; it begins with ${show(first?.slice(0, 20) ?? '')}`;
    throw new MatfacError('parse-error', message, { line, column: 1 });
  }
  const value = parsed(first!);
  const isColumn = (cell: unknown) => Array.isArray(cell);
  if (begins === '[') return Array.isArray(value) && value.length > 0 && !value.some(isObject) ? 'lines' : 'array';
  if (isObject(value)) return Object.values(value).some(isColumn) && others.length === 0 ? 'object' : 'lines';
  // A line that is not JSON by itself, with an object after it, is a bad row of NDJSON.
  return others.some((line) => isObject(parsed(line))) ? 'lines' : 'object';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** NDJSON, where a bad line does not affect the others. */
class LineReader implements ShapeReader {
  /** The incomplete last line; empty once it is too long to be read. */
  #rest = '';
  #isTooLong = false;

  constructor(
    readonly rows: JsonSink,
    private line: number,
  ) {}

  async push(text: string): Promise<void> {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#take(this.#rest + text.slice(start, end));
      this.#rest = '';
      start = end + 1;
    }
    if (!this.#isTooLong) this.#rest += text.slice(start);
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#rest = '';
    this.#refuse();
  }

  async end(): Promise<void> {
    this.#take(this.#rest);
  }

  #take(text: string): void {
    if (!this.#isTooLong && text.length > LONGEST_LINE) this.#refuse();
    if (!this.#isTooLong && text.trim() !== '') this.rows.addText(text, this.line);
    this.#isTooLong = false;
    this.line++;
  }

  #refuse(): void {
    this.#isTooLong = true;
    this.rows.bad(this.line, 'the line must end within a megabyte; it does not');
  }
}

class ArrayReader implements ShapeReader {
  readonly #elements: JsonElements;

  constructor(
    readonly rows: JsonSink,
    line: number,
  ) {
    this.#elements = new JsonElements((text, at) => rows.addText(text, at), line);
  }

  async push(text: string): Promise<void> {
    this.#elements.push(text);
  }

  async end(): Promise<void> {
    this.#elements.end();
  }
}

/** How many rows are taken between two looks at the clock. */
const ROWS = 256;

class ObjectReader implements ShapeReader {
  /** The arrays of the object. */
  readonly #columns = new Map<string, unknown[]>();
  readonly #entries: JsonEntries;

  constructor(
    readonly rows: JsonSink,
    readonly line: number,
  ) {
    this.#entries = new JsonEntries((entry) => this.#take(entry), line, true);
  }

  async push(text: string): Promise<void> {
    this.#entries.push(text);
  }

  #take(entry: JsonEntry): void {
    const { key, isFirst, bracket } = entry;
    if (isFirst) this.#columns.delete(key);
    if (isFirst && bracket === '[') this.#columns.set(key, []);
    const part = parsedPart(entry);
    const column = this.#columns.get(key);
    if (column) for (const cell of part as unknown[]) column.push(cell);
  }

  async end(): Promise<void> {
    this.#entries.end();
    const columns = [...this.#columns];
    const turn = new Turn();
    let count = 0;
    for (const row of columns.length === 1 ? columns[0]![1] : rowsOf(columns, this.line)) {
      this.rows.add(row, this.line);
      if (++count % ROWS === 0) await (this.rows.rest ? this.rows.rest() : turn.rest());
    }
  }
}

/** The rows of an object of columns. */
function* rowsOf(columns: [name: string, cells: unknown[]][], line: number): Generator<object> {
  const [first] = columns;
  if (!first) {
    const message = `Line ${line}: a JSON object must have an array for each column, or an array of rows; it has no array`;
    throw new MatfacError('parse-error', message, { line, column: 1 });
  }
  const other = columns.find(([, cells]) => cells.length !== first[1].length);
  if (other) {
    const lengths = `'${first[0]}' has ${first[1].length} entries and '${other[0]}' ${other[1].length}`;
    const message = `Line ${line}: the columns must have equal lengths; ${lengths}`;
    throw new MatfacError('parse-error', message, { line, column: columns.indexOf(other) + 1 });
  }
  for (let row = 0; row < first[1].length; row++) {
    yield Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]]));
  }
}
