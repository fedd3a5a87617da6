import { parseFlag } from '../syntax/flag.js';
import { parseDecimal } from '../syntax/number.js';
import { isCompactDate, isPlausibleTime, Times } from '../syntax/time.js';
import { EVENT_KINDS } from './vocabulary.js';

/** What the first cells of a column look like. Shares are of the cells that are not empty. */
export interface Cells {
  /** Trimmed; empty cells and those with a word for nothing are left out. */
  texts: string[];
  /** The share of cells that are numbers. */
  numbers: number;
  /** Whether every number is whole. */
  areWhole: boolean;
  least: number;
  most: number;
  distinct: number;
  /** The share that is a plausible time; small numbers count as seconds after 1970. */
  times: number;
  /** The share that is a time but no mere number of few digits. */
  clearTimes: number;
  /** Numbers that are dates: 20140407. */
  areCompactDates: boolean;
  /** The share that is true or false, yes or no, 1 or 0. */
  flags: number;
  /** The share that names a usual event: view, cart, buy. */
  events: number;
  /** Consecutive whole numbers: row numbers. */
  isCounting: boolean;
  /** Whole numbers that grow from row to row: keys. */
  isGrowing: boolean;
  /** Numbers with at least three decimals, such as places on the earth. */
  isFine: boolean;
}

/** From this on, a number may be the seconds since 1970 of a date (1973). */
const LEAST_SECONDS = 1e8;
const MISSING = /^(?:|n\/?a|nan|null|none|nil|undefined|\\n|-)$/i;
/** Fewer rows do not show that a column grows. */
const ROWS_OF_KEYS = 3;

export function cellsOf(column: readonly string[]): Cells {
  const texts = column.map((cell) => cell.trim()).filter((cell) => !MISSING.test(cell));
  const numbers = texts.map(numberOf).filter((number) => !Number.isNaN(number));
  const share = (count: number) => (texts.length === 0 ? 0 : count / texts.length);
  const count = (test: (text: string) => boolean) => texts.filter(test).length;
  const areWhole = numbers.every(Number.isInteger);
  const isAll = numbers.length === texts.length && numbers.length > 0;
  const steps = numbers.slice(1).map((number, index) => number - numbers[index]!);
  const areKeys = isAll && areWhole && numbers.length >= ROWS_OF_KEYS;
  const areCompactDates = isAll && numbers.every(isCompactDate);
  const times = new Times();
  const seconds = texts.map((text) => times.read(text));
  return {
    texts,
    numbers: share(numbers.length),
    areWhole,
    least: extreme(numbers, Math.min),
    most: extreme(numbers, Math.max),
    distinct: new Set(texts).size,
    times: areCompactDates ? 1 : share(seconds.filter(isTime).length),
    clearTimes: share(texts.filter((text, index) => isClearTime(text, seconds[index]!)).length),
    areCompactDates,
    flags: share(count((text) => !Number.isNaN(parseFlag(text)))),
    events: share(count((text) => EVENT_KINDS.has(text.toLowerCase()))),
    isCounting: areKeys && steps.every((step) => step === 1),
    isGrowing: areKeys && steps.every((step) => step > 0),
    isFine: isAll && count((text) => /\.\d{3,}$/.test(text)) >= numbers.length / 2,
  };
}

/** Whether the cells are true and false or yes and no. */
export function areWordFlags({ flags, numbers }: Cells): boolean {
  return flags >= 0.9 && numbers < 0.5;
}

/** A number with a point or a comma. */
export function numberOf(text: string): number {
  return parseDecimal(text.replace(',', '.'));
}

function isTime(seconds: number): boolean {
  return isPlausibleTime(seconds) && (seconds >= LEAST_SECONDS || Number.isInteger(seconds));
}

function isClearTime(text: string, seconds: number): boolean {
  if (!isPlausibleTime(seconds)) return false;
  return seconds >= LEAST_SECONDS || Number.isNaN(parseDecimal(text));
}

function extreme(numbers: number[], better: (a: number, b: number) => number): number {
  return numbers.reduce((best, number) => better(best, number), numbers[0] ?? Number.NaN);
}
