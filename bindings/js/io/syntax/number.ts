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
