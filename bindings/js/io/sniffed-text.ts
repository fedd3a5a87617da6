import { MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import type { FileFormat } from '../ratings/ratings-source.js';
import { adjacency } from './formats/adjacency.js';
import { bareMatrix, beginsAsBareMatrix } from './formats/bare-matrix.js';
import { denseMatrix } from './formats/dense-matrix.js';
import type { LineFormat } from './formats/entry-sink.js';
import { jsonShape } from './formats/json-shape.js';
import { lastFm } from './formats/last-fm.js';
import { libsvm } from './formats/libsvm.js';
import { firstLines } from './formats/lines.js';
import { matrixMarket } from './formats/matrix-market.js';
import { netflix } from './formats/netflix.js';
import { beginsAsNpy } from './formats/npy.js';
import { recboleHeader } from './formats/recbole.js';
import { jsonMatrix } from './json-matrix.js';
import { JsonText } from './json-text.js';
import { LineText } from './line-text.js';
import { NestedJson } from './nested-json.js';
import { NpyBytes } from './npy-bytes.js';
import { PythonText } from './python-text.js';
import { RatingText } from './rating-text.js';
import type { Reading } from './reading.js';
import { RecboleText } from './recbole-text.js';
import type { RowSource, TextReader } from './row-source.js';
import { beginsAsJson } from './syntax/json-reader.js';
import { beginsAsPython } from './syntax/python-literal.js';

/** The format is recognized from this many bytes, or more if they have fewer lines than this. */
const HEAD = 1 << 16;
const HEAD_LINES = 3;
const LONGEST_HEAD = 1 << 22;
const LINE_FEED = 10;

/** In the order in which they are tried. */
const LINE_FORMATS: { [format in FileFormat]?: LineFormat } = {
  'matrix-market': matrixMarket,
  netflix,
  libsvm,
  adjacency,
};

/** Recognizes the format of a text from its beginning, and reads it. */
export class SniffedText implements TextReader {
  #head: Uint8Array[] = [];
  #length = 0;
  #lines = 0;
  #reader: TextReader | undefined;

  constructor(readonly reading: Reading) {}

  get size(): number {
    return this.#reader?.size ?? 0;
  }

  async push(piece: Uint8Array): Promise<void> {
    if (this.#reader) return this.#reader.push(piece);
    this.#head.push(piece);
    this.#length += piece.length;
    for (let at = piece.indexOf(LINE_FEED); at >= 0 && this.#lines < HEAD_LINES; at = piece.indexOf(LINE_FEED, at + 1))
      this.#lines++;
    if ((this.#length >= HEAD && this.#lines >= HEAD_LINES) || this.#length >= LONGEST_HEAD) await this.#begin(false);
  }

  async end(): Promise<RowSource> {
    if (!this.#reader) await this.#begin(true);
    return this.#reader!.end();
  }

  async #begin(isWhole: boolean): Promise<void> {
    const pieces = this.#head;
    this.#head = [];
    const head = new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
    this.#reader = beginsAsNpy(head) ? new NpyBytes(this.reading) : readerOf(head, isWhole, this.reading);
    await this.#reader.push(head);
  }
}

/** The reader of a text that begins with `head`. */
function readerOf(head: Uint8Array, isWhole: boolean, reading: Reading): TextReader {
  const { format = 'auto' } = reading.options;
  if (format === 'npy')
    throw new MatfacError('parse-error', 'The file must be npy; it does not begin as an array of NumPy');
  if (format === 'json' || (format === 'auto' && beginsAsJson(head))) {
    const text = new TextDecoder().decode(head);
    if (beginsAsPython(text) && text.trimStart().startsWith('{')) return new PythonText(reading);
    const shape = jsonShape(text);
    if (shape) return new NestedJson(shape, reading);
    const matrix = jsonMatrix(text, reading);
    if (matrix) return matrix;
    if (reading.options.layout === 'matrix') throw noMatrix();
    return new JsonText(reading);
  }
  const lines = firstLines(head, isWhole);
  const mayBeBare = ['auto', 'matrix-market'].includes(format) && reading.options.layout === undefined;
  const bare =
    mayBeBare && beginsAsBareMatrix(lines) ? bareMatrix(firstLines(head, isWhole, Infinity), isWhole) : undefined;
  const chosen = bare ?? LINE_FORMATS[format];
  if (chosen) return new LineText(chosen, head, isWhole, reading);
  const isList = reading.options.layout !== 'matrix';
  const isOpen = format === 'auto' && isList;
  const found = isOpen ? [...Object.values(LINE_FORMATS), lastFm].find((other) => other.recognizes(lines)) : undefined;
  if (found) return new LineText(found, head, isWhole, reading);
  const header = isList && (format === 'recbole' || isOpen) ? recboleHeader(lines[0] ?? '') : undefined;
  if (header !== undefined) return new RecboleText(header, reading);
  if (format === 'recbole') throw noRecbole(lines[0]);
  const matrix = format === 'movielens' ? undefined : denseMatrix(lines, reading.options);
  if (matrix) return new LineText(matrix, head, isWhole, reading);
  if (!isList) throw noMatrix();
  return new RatingText(reading);
}

function noRecbole(first = ''): MatfacError {
  const message = `Line 1: RecBole's files must begin with titles such as 'user_id:token'; it is ${show(first)}`;
  return new MatfacError('parse-error', message, { line: 1, column: 1 });
}

function noMatrix(): MatfacError {
  const message = 'Line 1: a matrix must have at least two lines with the same number of fields; the file has not';
  return new MatfacError('parse-error', message, { line: 1, column: 1 });
}
