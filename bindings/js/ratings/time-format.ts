import { mustBe } from '../base/checks.js';

/** Seconds per unit, as a divisor, which keeps whole seconds exact. */
export const TIME_UNITS: { readonly [name: string]: number } = { seconds: 1, milliseconds: 1e3, microseconds: 1e6 };

/** The parts of a pattern of times; the letters of other parts stand for themselves. */
export const TIME_PARTS = /YYYY|YY|MMMM|MMM|MM?|DD?|HH?|hh?|mm?|ss?|S+|A|a|ZZ?/g;

/** @throws MatfacError `invalid-argument` unless it is a unit, or a pattern with a year, a month and a day. */
export function checkTimeFormat(format: unknown): void {
  if (format === undefined) return;
  if (typeof format === 'string') {
    if (Object.hasOwn(TIME_UNITS, format)) return;
    const parts = format.match(TIME_PARTS)?.map((part) => part[0]) ?? [];
    const isOnce = new Set(parts).size === parts.length;
    const others = format.replace(TIME_PARTS, '');
    if (isOnce && ['Y', 'M', 'D'].every((part) => parts.includes(part)) && /^[^\p{L}]*T?[^\p{L}]*$/u.test(others))
      return;
  }
  throw mustBe(
    'timeFormat',
    "'seconds', 'milliseconds', 'microseconds' or a pattern such as 'DD/MM/YYYY HH:mm'",
    format,
  );
}
