import { show } from '../../base/show.js';
import { ENTRY_TITLES, type EntrySink, type LineFormat, type LineReader } from './entry-sink.js';
import { cellNumber } from './matrix-cells.js';
import { type MatrixShape, matrixFields, matrixShape } from './matrix-shape.js';

/** A dense matrix of ratings in a text, such as Jester's or what a spreadsheet or R writes; undefined for a list. */
export function denseMatrix(lines: string[], options: EntrySink['options']): LineFormat | undefined {
  const shape = matrixShape(lines, options);
  return shape && { recognizes: () => true, reader: (sink) => new MatrixReader(sink, shape) };
}

class MatrixReader implements LineReader {
  #rows = 0;
  #headerIsDue: boolean;
  /** How many fields stand before the cells, and how many fields a line has; the latter from the first line. */
  readonly #from: number;
  #width: number | undefined;

  constructor(
    readonly sink: EntrySink,
    readonly shape: MatrixShape,
  ) {
    const { delimiter, titles, hasNames, hasCounts, isTransposed, note } = shape;
    this.#from = hasNames || hasCounts ? 1 : 0;
    this.#headerIsDue = titles !== undefined;
    if (titles) this.#width = this.#from + titles.length;
    const roles = isTransposed ? { user: 1, item: 0 } : { user: 0, item: 1 };
    sink.begin({
      format: delimiter === '\t' ? 'tsv' : 'csv',
      layout: 'matrix',
      delimiter,
      titles: ENTRY_TITLES,
      columns: { ...roles, rating: 2 },
    });
    sink.note('matrix', this.#meaning());
    if (note) sink.note('missing-guessed', note);
  }

  #meaning(): string {
    const { titles, hasNames, hasCounts, isTransposed } = this.shape;
    const [row, column] = isTransposed ? ['an item', 'a user'] : ['a user', 'an item'];
    const rows = `each row is ${row}, ${hasNames ? 'with its id first' : 'numbered from 1'}`;
    const columns = `each column is ${column}, ${titles ? 'with its id in the header' : 'numbered from 1'}`;
    const counts = hasCounts ? '; the number of ratings at the beginning of a row is left out' : '';
    return `The file is a matrix: ${rows}, and ${columns}${counts}.`;
  }

  line(text: string, number: number): void {
    if (text.trim() === '') return;
    if (this.#headerIsDue) {
      this.#headerIsDue = false;
      return;
    }
    const fields = matrixFields(text.endsWith('\r') ? text.slice(0, -1) : text, this.shape.delimiter);
    this.#width ??= fields.length;
    if (fields.length > this.#width && fields.at(-1) === '') fields.pop();
    this.#rows++;
    if (fields.length !== this.#width) {
      const reason = `the row must have ${this.#width} fields; it has ${fields.length}`;
      this.sink.bad([number, fields.length], reason);
      return;
    }
    const name = this.shape.hasNames ? fields[0]! : this.#rows;
    if (name === '') {
      this.sink.bad([number, 1], 'the id of the row is missing');
      return;
    }
    this.#cells(name, fields, number);
  }

  end(): void {}

  #cells(name: string | number, fields: string[], number: number): void {
    const { titles, missing, isTransposed } = this.shape;
    for (let column = this.#from; column < fields.length; column++) {
      const cell = fields[column]!;
      const value = cellNumber(cell);
      if (missing.has(cell, value)) continue;
      const title = titles ? titles[column - this.#from]! : column - this.#from + 1;
      const place: [number, number] = [number, column + 1];
      if (Number.isNaN(value)) this.sink.bad(place, `the rating must be a finite number; it is ${show(cell)}`);
      else if (title === '') this.sink.bad(place, 'the title of the column is missing');
      else if (isTransposed) this.sink.add(title, name, value, place);
      else this.sink.add(name, title, value, place);
    }
  }
}
