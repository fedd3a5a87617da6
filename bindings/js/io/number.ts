const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** A decimal number as it is written, or NaN: what Number() makes of '' or '0x10' is no rating. */
export function parseDecimal(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

/** A timestamp: a number as it is, an ISO date in seconds since 1970 (UTC unless it says otherwise); else NaN. */
export function parseTimestamp(text: string): number {
  const match = DATE.exec(text);
  if (!match) return parseDecimal(text);
  const isDay = text.length === 10;
  return Date.parse(isDay || match[1] ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`) / 1000;
}

const ZERO = 48;
const DOT = 46;
/** Up to 15 digits every decimal is exact: mantissa and power of ten are, and their quotient is rounded once. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);

/** Digits with at most one point, read in place; −1 for anything else, which the slower functions judge. */
export function scanDecimal(text: string, start: number, end: number): number {
  let mantissa = 0;
  let point = -1;
  if (end - start > MOST_DIGITS || end <= start) return -1;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) mantissa = 10 * mantissa + digit;
    else if (digit === DOT - ZERO && point === -1 && at > start && at < end - 1) point = at;
    else return -1;
  }
  return point === -1 ? mantissa : mantissa / POWERS[end - 1 - point]!;
}

/** A plain whole number read in place; −1 for anything else. */
export function scanInteger(text: string, start: number, end: number): number {
  if (end - start > MOST_DIGITS || end <= start) return -1;
  if (text.charCodeAt(start) === ZERO) return end - start === 1 ? 0 : -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value;
}
