/** The most characters of a text that a message shows. */
const MOST = 60;

/** A value as messages show it; none is shown at length, and none makes this fail. */
export function show(value: unknown): string {
  try {
    return shown(value);
  } catch {
    // A proxy, or a getter that throws.
    return 'an object that cannot be read';
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${cut(value)}'`;
  if (typeof value === 'bigint') return cut(`${value}n`);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    if ('then' in value) return 'a promise (await it)';
    const { name } = (value.constructor ?? {}) as { name?: unknown };
    return `an object (${typeof name === 'string' && name !== '' ? cut(name) : 'no class'})`;
  }
  return cut(String(value));
}

/** A text, without its end if it is long. */
export function cut(text: string, most = MOST): string {
  return text.length > most ? `${text.slice(0, most - 3)}…` : text;
}
