import { TIME_PARTS, TIME_UNITS } from '../../ratings/time-format.js';
import { clockOf, dayOf, fullYear, monthOf, zoneOf } from './calendar.js';
import { parseDecimal } from './number.js';

/** Which of day and month a date of numbers begins with, and whether a value shows it. */
interface DateOrder {
  first: 'day' | 'month';
  isShown: boolean;
  /** Dates such as 04/07/2014 have either order; 07.04.2014 has one. */
  isDoubtful: boolean;
  /** The date that shows it, or else the first one of this kind. */
  example: string;
}

const CLOCK = String.raw`(\d\d?)(?::(\d\d)(?::(\d\d(?:[.,]\d{1,9})?))?)?(?: ?([ap])\.?m\.?)?(?: ?(z|[a-z]{3,4}|[+-]\d\d:?(?:\d\d)?))?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d\d?)\2(\d\d?)(?:[T ] ?${CLOCK}(?: UTC)?)?$`, 'i');
const YEAR_LAST = new RegExp(String.raw`^(\d\d?)([-/. ])(\d\d?)(?:\2|(, ?))(\d{4}|\d\d)(?:(?:,? |T)${CLOCK})?$`, 'i');
const CLOCK_TOKEN = new RegExp(`^${CLOCK}$`, 'i');
/** No date is longer. */
const LONGEST = 48;

/** The least number of each unit that is no plausible number of the larger one: 10^11 seconds are in the year 5138. */
const LEAST_MILLISECONDS = 1e11;
const LEAST_MICROSECONDS = 1e14;
const LEAST_NANOSECONDS = 1e17;
/** 2100-01-01. */
const LATEST = 4_102_444_800;

/** Whether seconds since 1970 are before 2100. */
export function isPlausibleTime(seconds: number): boolean {
  return seconds >= 0 && seconds < LATEST;
}

/** Reads the times of one column as seconds since 1970, in UTC where they have no zone. */
export class Times {
  /** Numbers are dates: 20140407, or 20140407105109. */
  isCompact = false;
  /** The order of the dates of numbers that end with a year; undefined before the first one. */
  order: DateOrder | undefined;
  /** The pattern that the caller gave. */
  readonly pattern: string | undefined;
  /** Numbers from 0 to this are seconds; the others need `ofNumber`. */
  readonly secondsBelow: number;
  readonly #divisor: number | undefined;
  readonly #pattern: TimePattern | undefined;

  constructor(
    format?: string,
    /** Called when a value shows that those before it were in the other order. */
    readonly onTurn: () => void = () => {},
  ) {
    this.#divisor = format === undefined ? undefined : TIME_UNITS[format];
    this.pattern = this.#divisor === undefined ? format : undefined;
    this.secondsBelow = format === undefined ? LEAST_MILLISECONDS : 0;
    if (this.pattern !== undefined) this.#pattern = new TimePattern(this.pattern);
  }

  /** The seconds that a text means; NaN if it is no time. */
  read(text: string): number {
    if (this.#pattern) return this.#pattern.read(text);
    const number = parseDecimal(text);
    if (!Number.isNaN(number)) return this.ofNumber(number);
    return this.#divisor === undefined && text.length <= LONGEST ? this.#date(text) : Number.NaN;
  }

  ofNumber(value: number): number {
    if (this.#divisor !== undefined) return value / this.#divisor;
    if (this.#pattern) return this.#pattern.read(String(value));
    if (this.isCompact) return ofCompact(value);
    const size = Math.abs(value);
    if (size < LEAST_MILLISECONDS) return value;
    if (size < LEAST_MICROSECONDS) return value / 1e3;
    return size < LEAST_NANOSECONDS ? value / 1e6 : value / 1e9;
  }

  #date(text: string): number {
    const match = YEAR_FIRST.exec(text);
    if (match) return dayOf(Number(match[1]), Number(match[3]), Number(match[4])) + clockIn(match, 5);
    const last = YEAR_LAST.exec(text);
    return last ? this.#yearLast(last, text) : ofNames(text);
  }

  #yearLast(match: RegExpExecArray, text: string): number {
    const [first, second, year] = [Number(match[1]), Number(match[3]), fullYear(match[5]!)];
    const begins = match[4] !== undefined ? 'month' : first > 12 ? 'day' : second > 12 ? 'month' : undefined;
    if (!this.order) {
      const guess = match[2] === '/' ? 'month' : 'day';
      const isDoubtful = match[2] !== '.' && match[4] === undefined;
      this.order = { first: begins ?? guess, isShown: begins !== undefined, isDoubtful, example: text };
    } else if (begins !== undefined && !this.order.isShown) {
      if (this.order.first !== begins) this.onTurn();
      this.order = { ...this.order, first: begins, isShown: true, example: text };
    }
    const [day, month] = this.order.first === 'day' ? [first, second] : [second, first];
    return dayOf(year, month, day) + clockIn(match, 6);
  }
}

/** The same time with day and month exchanged. */
export function turned(seconds: number): number {
  const date = new Date(seconds * 1000);
  const day = dayOf(date.getUTCFullYear(), date.getUTCDate(), date.getUTCMonth() + 1);
  return day + (seconds - Math.floor(seconds / 86_400) * 86_400);
}

/** The seconds of the clock in the groups of a match from `at` on: hour, minute, second, half, zone. */
function clockIn(match: RegExpExecArray, at: number): number {
  if (match[at] === undefined) return 0;
  const second = Number((match[at + 2] ?? '0').replace(',', '.'));
  const clock = clockOf(Number(match[at]), Number(match[at + 1] ?? 0), second, match[at + 3] ?? '');
  return clock - zoneOf(match[at + 4] ?? '');
}

function ofCompact(value: number): number {
  const hasClock = value >= 1e13;
  const date = hasClock ? Math.floor(value / 1e6) : value;
  const clock = hasClock ? value - date * 1e6 : 0;
  const day = dayOf(Math.floor(date / 1e4), Math.floor(date / 100) % 100, date % 100);
  return day + clockOf(Math.floor(clock / 1e4), Math.floor(clock / 100) % 100, clock % 100, '');
}

/** Whether a number is a date such as 20140407, with or without the time of the day. */
export function isCompactDate(value: number): boolean {
  if (!Number.isInteger(value)) return false;
  const isInRange = (value >= 19_700_101 && value < 21_000_101) || (value >= 19_700_101e6 && value < 21_000_101e6);
  return isInRange && !Number.isNaN(ofCompact(value));
}

/** A date with the name of its month: Tue Apr 03 18:00:09 +0000 2012; April 3, 2012; 3-Apr-12; 3 avril 2012. */
function ofNames(text: string): number {
  const tokens = text
    .trim()
    .split(/[\s,]+/)
    .flatMap((token) => (/^(?:\d\d?-\p{L}+|\p{L}+-\d\d?)-\d+$/u.test(token) ? token.split('-') : token));
  let [day, month, year, clock, zone] = [0, 0, -1, 0, 0];
  for (const [index, token] of tokens.entries()) {
    if (token.includes(':')) {
      const half = /^[ap]m$/i.test(tokens[index + 1] ?? '') ? ` ${tokens[index + 1]}` : '';
      const match = CLOCK_TOKEN.exec(token + half);
      clock = match ? clockIn(match, 1) : Number.NaN;
    } else if (/^\d\d?(?:st|nd|rd|th|\.)?$/.test(token) && day === 0) day = Number.parseInt(token, 10);
    else if (/^(?:\d{4}|\d\d)$/.test(token) && year < 0) year = fullYear(token);
    else if (/^(?:[+-]\d{4}|utc|gmt|z)$/i.test(token)) zone = zoneOf(token);
    else if (month === 0 && monthOf(token) > 0 && !isWeekday(token)) month = monthOf(token);
    else if (!isWeekday(token) && !/^(?:[ap]m|de|del|at)$/i.test(token)) return Number.NaN;
  }
  return year < 0 ? Number.NaN : dayOf(year, month, day) + clock - zone;
}

function isWeekday(token: string): boolean {
  return /^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)(?:day|sday|nesday|rsday|urday)?\.?$/i.test(token);
}

/** A pattern of times as a regular expression. */
class TimePattern {
  readonly #parts: string[] = [];
  readonly #expression: RegExp;

  constructor(pattern: string) {
    const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const source = escaped.replace(TIME_PARTS, (part) => {
      this.#parts.push(part);
      return `(${PART_SOURCES[part[0]!]!(part)})`;
    });
    this.#expression = new RegExp(`^${source}$`, 'iu');
  }

  read(text: string): number {
    const match = this.#expression.exec(text);
    if (!match) return Number.NaN;
    const found: { [part: string]: string } = {};
    for (const [index, part] of this.#parts.entries()) found[part[0] === 'h' ? 'H' : part[0]!] = match[index + 1]!;
    const { Y, M, D, H = '0', m = '0', s = '0', S = '0', A = '', a = A, Z = '' } = found;
    const month = /^\d/.test(M!) ? Number(M) : monthOf(M!);
    const clock = clockOf(Number(H), Number(m), Number(`${s}.${S}`), a);
    return dayOf(fullYear(Y!), month, Number(D)) + clock - zoneOf(Z);
  }
}

const TWO_DIGITS = () => String.raw`\d\d?`;
const PART_SOURCES: { [letter: string]: (part: string) => string } = {
  Y: (part) => (part.length === 4 ? String.raw`\d{4}` : String.raw`\d\d`),
  M: (part) => (part.length > 2 ? String.raw`\p{L}{3,12}\.?` : String.raw`\d\d?`),
  D: TWO_DIGITS,
  H: TWO_DIGITS,
  h: TWO_DIGITS,
  m: TWO_DIGITS,
  s: TWO_DIGITS,
  S: () => String.raw`\d{1,9}`,
  A: () => '[ap]m',
  a: () => '[ap]m',
  Z: () => String.raw`z|utc|[+-]\d\d:?\d\d`,
};
