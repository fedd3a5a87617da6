const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** A decimal number, or NaN; stricter than Number(), which accepts '' and '0x10'. */
export function parseDecimal(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

/** A timestamp: a number, or an ISO date as seconds since 1970 (UTC by default); else NaN. */
export function parseTimestamp(text: string): number {
  const match = DATE.exec(text);
  if (!match) return parseDecimal(text);
  const isDay = text.length === 10;
  return Date.parse(isDay || match[1] ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`) / 1000;
}
