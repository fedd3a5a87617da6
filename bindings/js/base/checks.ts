import { invalid } from './errors.js';
import { show } from './show.js';

/** Refuses option names that are not allowed. `what` says whose options they are. */
export function checkNames(what: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`The options of ${what} are ${show(options)}; they must be an object`);
  }
  for (const name of Object.keys(options)) {
    if (allowed.includes(name)) continue;
    throw invalid(
      `${what} has no option '${name}': did you mean '${nearest(name, allowed)}'? There are ${allowed.join(', ')}`,
    );
  }
}

/** The allowed name that the fewest letter changes away. */
export function nearest(name: string, allowed: readonly string[]): string {
  const distances = allowed.map((other) => distance(name.toLowerCase(), other.toLowerCase()));
  return allowed[distances.indexOf(Math.min(...distances))]!;
}

/** Levenshtein's: how many letters to change, add or leave out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Without the entries that are undefined. */
export function defined<T extends object>(options: T): { [name in keyof T]?: Exclude<T[name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

export function checkShare(name: string, share: unknown): number {
  if (typeof share === 'number' && share > 0 && share < 1) return share;
  throw invalid(`${name} is ${show(share)}; it must be a share between 0 and 1, say 0.2`);
}
