import { show } from '../../base/show.js';
import { parseDecimal } from '../syntax/number.js';

const EMPTY = /^(|n\/?a|nan|null|none|[-?.]|\\n)$/i;
/** Half stars and more: smaller values are not a scale on which 0 means that there is none. */
const LEAST_RATING = 0.5;

/** The number in a cell, where a comma may be the decimal point. */
export function cellNumber(cell: string): number {
  return parseDecimal(/^[+-]?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell);
}

/** Which cells of a dense matrix have no rating. */
export class Missing {
  readonly #texts: Set<string>;
  readonly #numbers: Set<number>;

  constructor(values: readonly (string | number)[]) {
    this.#texts = new Set(values.map(String));
    this.#numbers = new Set(values.map((value) => (typeof value === 'number' ? value : parseDecimal(value))));
  }

  /** `number` is that of the cell, NaN if it is none. */
  has(cell: string, number: number): boolean {
    return EMPTY.test(cell) || this.#texts.has(cell) || (!Number.isNaN(number) && this.#numbers.has(number));
  }
}

/** Guesses which values mean that there is no rating, and the sentence that says so. */
export function guessMissing(cells: string[]): { missing: Missing; note?: string } {
  const empty = cells.filter((cell) => EMPTY.test(cell)).length;
  const numbers = cells.map(cellNumber).filter((number) => !Number.isNaN(number));
  const values = new Set(numbers);
  const others = (value: number) => [...values].filter((other) => other !== value);
  const found = (value: number, why: string) => ({
    missing: new Missing([value]),
    note: `Cells with ${value} have no rating${why}; the option missing says otherwise.`,
  });
  if (values.has(99) && others(99).every((value) => Math.abs(value) <= 10)) return found(99, ', as in Jester');
  if (values.has(-1) && others(-1).every((value) => value >= 0)) return found(-1, '');
  const isScale = others(0).every((value) => value >= LEAST_RATING);
  if (empty === 0 && isScale && others(0).length > 0)
    return values.has(0) ? found(0, '') : { missing: new Missing([0]) };
  const marker = cells.find((cell) => EMPTY.test(cell));
  if (marker === undefined) return { missing: new Missing([]) };
  return { missing: new Missing([]), note: `Cells with ${marker === '' ? 'nothing' : show(marker)} have no rating.` };
}
