import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';
import { parseDecimal } from '../syntax/number.js';
import { ENTRY_TITLES, type EntrySink, type LineFormat, type LineReader } from './entry-sink.js';

const BANNER = /^%%MatrixMarket(\s|$)/i;
const FIELDS = ['real', 'double', 'integer', 'pattern'];
const SYMMETRIES = ['general', 'symmetric', 'skew-symmetric'];

/** https://math.nist.gov/MatrixMarket/formats.html: a banner, comments, the size, and an entry per line. */
export const matrixMarket: LineFormat = {
  recognizes: ([first = '']) => BANNER.test(first),
  reader: (sink) => new MatrixMarketReader(sink),
};

interface Banner {
  isArray: boolean;
  isPattern: boolean;
  symmetry: string;
}

/** What a file without a banner has; `base` is the number of the first row and the first column. */
interface Bare extends Banner {
  base: 0 | 1;
}

export class MatrixMarketReader implements LineReader {
  #banner: Banner | undefined;
  readonly #base: number;
  #size: { rows: number; columns: number; entries: number } | undefined;
  #count = 0;
  /** The position of the next entry of an array, which goes down the columns. */
  #row = 1;
  #column = 1;
  #zeros = 0;

  constructor(
    readonly sink: EntrySink,
    readonly bare?: Bare,
  ) {
    this.#banner = bare;
    this.#base = bare?.base ?? 1;
  }

  line(text: string, number: number): void {
    const trimmed = text.trim();
    if (!this.#banner) {
      if (trimmed !== '') this.#banner = bannerOf(trimmed, number);
    } else if (trimmed === '' || trimmed.startsWith('%')) return;
    else if (!this.#size) this.#begin(trimmed.split(/\s+/), number, this.#banner);
    else if (++this.#count > this.#size.entries)
      throw broken(number, `there are more entries than the ${this.#size.entries} of the size${this.#otherReading}`);
    else if (this.#banner.isArray) this.#element(trimmed, number, this.#banner);
    else this.#entry(trimmed.split(/\s+/), number, this.#banner, this.#size);
  }

  end(last: number): void {
    if (!this.#size) throw broken(last, 'the size of the matrix is missing');
    const { entries } = this.#size;
    if (this.#count < entries)
      throw broken(
        last,
        `the matrix must have ${entries} entries; it is cut off after ${this.#count}${this.#otherReading}`,
      );
    if (this.#zeros > 0)
      this.sink.note('missing-guessed', `The ${this.#zeros} zeros of the dense matrix mean that there is no rating.`);
  }

  /** How to read a list whose first line looks like a size. */
  get #otherReading(): string {
    return this.bare ? ": layout: 'list' reads the first line, which is taken for the size, as a rating" : '';
  }

  #begin(fields: string[], number: number, banner: Banner): void {
    const sizes = fields.map(wholeOf);
    const needed = banner.isArray ? 2 : 3;
    if (sizes.length !== needed || sizes.some(Number.isNaN)) {
      const names = banner.isArray ? 'rows and columns' : 'rows, columns and entries';
      throw broken(number, `the size must be ${needed} whole numbers, ${names}; it is ${show(fields.join(' '))}`);
    }
    const [rows, columns] = sizes as [number, number];
    if (banner.symmetry !== 'general' && rows !== columns)
      throw broken(number, `a ${banner.symmetry} matrix must be square; it is ${rows} × ${columns}`);
    const skipped = banner.symmetry === 'skew-symmetric' ? rows : 0;
    const inTriangle = banner.symmetry === 'general' ? rows * columns : (rows * (rows + 1)) / 2 - skipped;
    this.#size = { rows, columns, entries: banner.isArray ? inTriangle : sizes[2]! };
    this.#row = banner.symmetry === 'skew-symmetric' ? 2 : 1;
    this.sink.begin({
      format: 'matrix-market',
      delimiter: ' ',
      titles: banner.isPattern ? ENTRY_TITLES.slice(0, 2) : ENTRY_TITLES,
      columns: { user: 0, item: 1, ...(banner.isPattern ? {} : { rating: 2 }) },
    });
    if (!this.bare) return;
    const size = `${rows} × ${columns} with ${sizes[2]} entries`;
    const advice = "layout: 'list' reads it as a rating";
    this.sink.note('format-guessed', `The first line is taken for the size of a matrix, ${size}: ${advice}`);
  }

  #entry(fields: string[], number: number, banner: Banner, size: { rows: number; columns: number }): void {
    const needed = banner.isPattern ? 2 : 3;
    if (fields.length !== needed) {
      this.sink.bad([number, fields.length], `the entry must have ${needed} fields; it has ${fields.length}`);
      return;
    }
    const [row, column] = [wholeOf(fields[0]!), wholeOf(fields[1]!)];
    const base = this.#base;
    if (!(row >= base && row < base + size.rows)) {
      this.sink.bad([number, 1], outside('row', base, size.rows, fields[0]!));
      return;
    }
    if (!(column >= base && column < base + size.columns)) {
      this.sink.bad([number, 2], outside('column', base, size.columns, fields[1]!));
      return;
    }
    const value = banner.isPattern ? 1 : parseDecimal(fields[2]!);
    if (Number.isNaN(value)) this.sink.bad([number, 3], `the value must be a number; it is ${show(fields[2])}`);
    else this.#add(row, column, value, number, banner);
  }

  /** The next element of an array. A zero of a dense matrix of ratings means that there is none. */
  #element(text: string, number: number, banner: Banner): void {
    const [row, column] = [this.#row, this.#column];
    this.#row++;
    if (this.#row > this.#size!.rows) {
      this.#column++;
      const below = banner.symmetry === 'skew-symmetric' ? 1 : 0;
      this.#row = banner.symmetry === 'general' ? 1 : this.#column + below;
    }
    if (/^[+-]?nan$/i.test(text)) return;
    const value = parseDecimal(text);
    if (Number.isNaN(value)) this.sink.bad([number, 1], `the value must be a number; it is ${show(text)}`);
    else if (value === 0) this.#zeros++;
    else this.#add(row, column, value, number, banner);
  }

  #add(row: number, column: number, value: number, number: number, { symmetry }: Banner): void {
    this.sink.add(row, column, value, [number, 3]);
    if (symmetry === 'general' || row === column) return;
    this.sink.add(column, row, symmetry === 'symmetric' ? value : -value, [number, 3]);
  }
}

function bannerOf(line: string, number: number): Banner {
  const words = line.toLowerCase().split(/\s+/);
  const [banner = '', object = '', layout = '', field = '', symmetry = 'general'] = words;
  const isKnown = BANNER.test(banner) && object === 'matrix' && ['coordinate', 'array'].includes(layout);
  if (!isKnown) {
    const form = `'%%MatrixMarket matrix' with 'coordinate' or 'array'`;
    throw broken(number, `MatrixMarket must begin with ${form}; it begins with ${show(line)}`);
  }
  if (!FIELDS.includes(field) || !SYMMETRIES.includes(symmetry)) {
    const message = `Line ${number}: the matrix must be real, integer or pattern, and general or symmetric; it is ${show(`${field} ${symmetry}`)}`;
    throw new MatfacError('unsupported', message);
  }
  return { isArray: layout === 'array', isPattern: field === 'pattern', symmetry };
}

function wholeOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

function outside(name: string, base: number, count: number, value: string): string {
  const range = `from ${base} to ${base + count - 1}`;
  return `the ${name} must be a whole number ${range}, as the size says; it is ${show(value)}`;
}

function broken(line: number, reason: string): MatfacError {
  return new MatfacError('parse-error', `Line ${line}: ${reason}`, { line, column: 1 });
}
