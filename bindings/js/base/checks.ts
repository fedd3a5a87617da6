/** Checks of what callers pass. Where an option may be left out, `undefined` passes. All throw `invalid-argument`. */

import { invalid, MatfacError, translate } from './errors.js';
import { cut, show } from './show.js';

/** The error for a value that is not allowed: "factors must be a whole number from 1 to 1024; it is 0". */
export function mustBe(name: string, allowed: string, value: unknown): MatfacError {
  return invalid(`${name} must be ${allowed}; it is ${show(value)}`);
}

export function requireBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw mustBe(name, 'true or false', value);
}

export function requireFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw mustBe(name, 'a function', value);
}

export function requireSignal(name: string, value: unknown): void {
  if (value !== undefined && !(value instanceof AbortSignal)) throw mustBe(name, 'an AbortSignal', value);
}

export function requireOneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
  if (value !== undefined && !allowed.includes(value)) throw mustBe(name, listed(allowed), value);
}

/** 'a', 'b' or 'c'. */
export function listed(values: readonly unknown[]): string {
  return values
    .map(show)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
}

/** A whole number of at least `least`; without `most`, of any size. */
export function requireCount(name: string, value: unknown, least = 1, most = Number.POSITIVE_INFINITY): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  const range = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
  throw mustBe(name, `a whole number ${range}`, value);
}

export function requireFinite(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw mustBe(name, 'a finite number', value);
}

export function requireShare(name: string, share: unknown): number {
  if (typeof share === 'number' && share > 0 && share < 1) return share;
  throw mustBe(name, 'a number between 0 and 1, such as 0.2', share);
}

export function requireSeed(name: string, seed: unknown): number {
  if (Number.isSafeInteger(seed) && (seed as number) >= 0) return seed as number;
  throw mustBe(name, 'a whole number from 0 to 2^53 − 1', seed);
}

export function requireThreads(name: string, threads: unknown): void {
  if (threads === undefined || threads === 'auto' || (Number.isInteger(threads) && (threads as number) >= 1)) return;
  throw mustBe(name, "a whole number of at least 1, or 'auto'", threads);
}

/** `allowed` names the class with its article: 'a Model'. */
export function requireInstance<T>(
  name: string,
  value: unknown,
  type: { readonly prototype: T },
  allowed: string,
): asserts value is T {
  if (!isInstance(value, type as unknown as new () => T)) throw mustBe(name, allowed, value);
}

/** `instanceof`, which a proxy may make throw. */
function isInstance<T>(value: unknown, type: new () => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** Refuses option names that are not allowed. `what` says whose options they are. */
export function checkNames(what: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`The options of ${what} must be an object; they are ${show(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (allowed.includes(name)) continue;
    throw invalid(
      `${what} has no option ${show(name)}: did you mean '${nearest(name, allowed)}'? There are ${allowed.join(', ')}`,
    );
  }
}

/** The options, checked by name and each read once: a later change, or a getter, does not affect the work. */
export function plainOptions<T extends object>(what: string, options: T, allowed: readonly string[]): T {
  return reading(`The options of ${what}`, () => {
    checkNames(what, options, allowed);
    const values = allowed.map((name) => [name, options[name as keyof T]] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as T;
  });
}

/**
 * Reads what a caller passed; an error of the caller's own code, as a getter or a proxy throws it, becomes the cause of an
 * `invalid-argument`.
 */
export function reading<R>(what: string, read: () => R): R {
  try {
    return read();
  } catch (cause) {
    throw unreadable(what, cause);
  }
}

/** The error for what a caller passed and cannot be read. */
export function unreadable(what: string, cause: unknown): unknown {
  const failure = translate(cause);
  if (failure instanceof MatfacError) return failure;
  return new MatfacError('invalid-argument', `${what} must be readable; reading it fails (${reasonOf(cause)})`, {
    cause,
  });
}

function reasonOf(cause: unknown): string {
  return cut(cause instanceof Error ? cause.message : show(cause), 200);
}

/** An array or a typed array, or another object with a length; not a text. */
export function requireList(name: string, list: unknown, allowed: string): asserts list is ArrayLike<unknown> {
  const length = typeof list === 'object' && list !== null ? (list as { length?: unknown }).length : undefined;
  if (!Number.isSafeInteger(length) || (length as number) < 0) throw mustBe(name, allowed, list);
}

/** Names are compared by this many letters, and among this many. */
const LETTERS = 40;
const NAMES = 1000;

/** The allowed name that is the fewest letter changes away. */
export function nearest(name: string, allowed: readonly string[]): string {
  const head = (text: string) => text.slice(0, LETTERS).toLowerCase();
  const distances = allowed.slice(0, NAMES).map((other) => distance(head(name), head(other)));
  return allowed[distances.indexOf(Math.min(...distances))]!;
}

/** Levenshtein distance: how many letters to change, add or remove. */
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

/** The entries that are not undefined. */
export function defined<T extends object>(options: T): { [name in keyof T]?: Exclude<T[name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
