import { JsonEntries } from '../syntax/json-entries.js';
import { isWrapper, roleOfTitle } from './words.js';

/**
 * What the values of a JSON object are: `users`, a user each, with items; `rows`, a row each; `columns`, a column each, by the
 * numbers of the rows (pandas' default); `split`, pandas' `orient='split'`; `wrapper`, an object of users among others.
 */
export type JsonShape = 'users' | 'rows' | 'columns' | 'split' | 'wrapper';
/** Keys in which a record about a user has its items. */
const ITEMS = /^(ratings?|items|reviews|history|likes|purchases|library|watched|movies|books|games|songs)$/i;

const SPLIT = ['columns', 'index', 'data'];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The shape of the object that begins a text; undefined for another shape or several objects. */
export function jsonShape(head: string): JsonShape | undefined {
  if (!/^\uFEFF?\s*\{/.test(head)) return undefined;
  const found: { key: string; value: unknown }[] = [];
  const entries = new JsonEntries(({ key, text }) => found.push({ key, value: JSON.parse(text) }));
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
  return found.length === 0 ? undefined : shapeOf(found, begun !== undefined);
}

/** `isCut` says that more keys may follow. */
function shapeOf(found: { key: string; value: unknown }[], isCut: boolean): JsonShape | undefined {
  const keys = found.map(({ key }) => key);
  const values = found.map(({ value }) => value);
  const areOfSplit = keys.includes('columns') && keys.every((key) => SPLIT.includes(key));
  if (areOfSplit && keys.length >= (isCut ? 2 : SPLIT.length)) return 'split';
  const areObjects = values.every((value) => isObject(value) && !Array.isArray(value));
  const hasRole = (role: 'user' | 'item') => keys.some((key) => roleOfTitle(key) === role);
  if (hasRole('user') && hasRole('item')) return areObjects ? 'columns' : undefined;
  if (isCut && areObjects && (hasRole('user') || hasRole('item'))) return 'columns';
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
