/** Numbers as the page shows them. */
const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const count = (value: number): string => whole.format(value);

export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** 12,345,678 as 12.3M. */
export const rough = (value: number): string => compact.format(value);

export const decimals = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** With a true minus sign, and none before zero: −0.42, 0.00. */
export const exact = (value: number, digits = 2): string =>
  decimals(value, digits)
    .replace(/^-(?=0\.?0*$)/, '')
    .replace('-', '−');

/** Up to two decimals, without trailing zeros: 4, 3.5, 3.53. */
export const plain = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });

export const signed = (value: number): string => `${value <= -0.005 ? '−' : '+'}${decimals(Math.abs(value), 2)}`;

export const percent = (share: number): string =>
  share.toLocaleString('en', { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 });

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${plain(Math.round(value / 100) / 10)} kB`;
  return `${plain(Math.round(value / 1e5) / 10)} MB`;
}

/** An estimate: 12 seconds. */
export function duration(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 60) return counted(Math.round(seconds), 'second');
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A measurement: 0.13 s, with a no-break space. */
export function seconds(value: number): string {
  if (value < 0.01) return 'less than 0.01\u00a0s';
  return value < 60 ? `${decimals(value, value < 1 ? 2 : value < 10 ? 1 : 0)}\u00a0s` : duration(value);
}
