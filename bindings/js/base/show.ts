/** A value as messages show it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}…` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    if ('then' in value) return 'a promise (await it)';
    return `an object (${value.constructor?.name ?? 'no class'})`;
  }
  return String(value);
}
