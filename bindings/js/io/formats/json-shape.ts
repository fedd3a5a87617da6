import { MatfacError } from '../../base/errors.js';
import { JsonEntries } from './json-entries.js';
import { isWrapper, roleOfTitle } from './words.js';

/**
 * What the values of a JSON object are: `users`, a user each, with items; `rows`, a row each; `columns`, a column each, by the
 * numbers of the rows (pandas' default); `split`, pandas' `orient='split'`; `wrapper`, an object of users among others.
 */
export type JsonShape = 'users' | 'rows' | 'columns' | 'split' | 'wrapper';
/** Keys in which a record about a user has its items. */
const ITEMS = /^(ratings?|items|reviews|history|likes|purchases|library|watched|movies|books|games|songs)$/i;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The shape of the object that begins a text; undefined for another shape or several objects. */
export function jsonShape(head: string): JsonShape | undefined {
  if (!/^\uFEFF?\s*\{/.test(head)) return undefined;
  const found: { key: string; value: unknown }[] = [];
  const entries = new JsonEntries((key, text) => found.push({ key, value: JSON.parse(text) }));
  try {
    entries.push(head.replace(/^\uFEFF/, ''));
  } catch {
    // Several objects, one per line, or no JSON.
    return undefined;
  }
  const begun = entries.open;
  if (begun) {
    const opening = begun.text.trimStart()[0];
    found.push({ key: begun.key, value: opening === '{' ? {} : opening === '[' ? [] : opening });
  }
  return found.length === 0 ? undefined : shapeOf(found);
}

function shapeOf(found: { key: string; value: unknown }[]): JsonShape | undefined {
  const keys = found.map(({ key }) => key);
  const values = found.map(({ value }) => value);
  if (keys.length === 3 && ['columns', 'index', 'data'].every((key) => keys.includes(key))) return 'split';
  const areObjects = values.every((value) => isObject(value) && !Array.isArray(value));
  if (keys.some((key) => roleOfTitle(key) === 'user') && keys.some((key) => roleOfTitle(key) === 'item'))
    return areObjects ? 'columns' : undefined;
  const wrapped = found.find(({ key }) => isWrapper(key));
  if (wrapped) return isObject(wrapped.value) && !Array.isArray(wrapped.value) ? 'wrapper' : undefined;
  if (!values.every(isObject) || keys.some((key) => roleOfTitle(key) !== undefined)) return undefined;
  return values.some(isRow) ? 'rows' : 'users';
}

function isRow(value: unknown): boolean {
  if (!isObject(value) || Array.isArray(value)) return false;
  const roles = Object.keys(value).map(roleOfTitle);
  return roles.includes('user') && roles.includes('item');
}

/** The rows of a table that an object has as columns by row, or as pandas' split. */
export function* rowsOfTable(table: object, shape: 'columns' | 'split'): Generator<object> {
  if (shape === 'split') {
    const { columns, data } = table as { columns: unknown; data: unknown };
    if (!Array.isArray(columns) || !Array.isArray(data)) throw broken('columns and data must be arrays');
    for (const row of data) {
      if (!Array.isArray(row)) throw broken('each row of data must be an array');
      yield Object.fromEntries(columns.map((name, column) => [String(name), row[column]]));
    }
    return;
  }
  const columns = Object.entries(table) as [name: string, cells: Record<string, unknown>][];
  for (const row of Object.keys(columns[0]?.[1] ?? {}))
    yield Object.fromEntries(columns.map(([name, cells]) => [name, isObject(cells) ? cells[row] : undefined]));
}

/** Whether the values of an object are rows rather than users. */
export function hasRows(object: object): boolean {
  return Object.values(object).some(isRow);
}

/** The items of a user: those in a record about the user, or else all. */
export function itemsOf(user: unknown): unknown {
  if (!isObject(user) || Array.isArray(user)) return user;
  const found = Object.entries(user).find(([key, value]) => ITEMS.test(key) && isObject(value));
  return found ? found[1] : user;
}

/** The object of users, or of rows, in another object. */
export function wrappedObject(object: object): object {
  const values = Object.entries(object);
  const found = values.find(([key, value]) => isWrapper(key) && isObject(value) && !Array.isArray(value));
  if (!found) throw broken('the object must have users with their items');
  return found[1] as object;
}

function broken(reason: string): MatfacError {
  return new MatfacError('parse-error', `Line 1: ${reason}`, { line: 1, column: 1 });
}
