import { roleOfTitle } from './words.js';

type Row = { [key: string]: unknown };

const ITEM_KEYS = /^(id|title|name)$/i;

/**
 * The key under which most rows have a list or an object of items, as `{user, items: [{item, …}]}`; undefined when the rows have
 * an item themselves.
 */
export function listKey(rows: readonly Row[]): string | undefined {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (Array.isArray(row)) return undefined;
    for (const [key, value] of Object.entries(row)) {
      if (typeof value === 'object' && value !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
      else if (roleOfTitle(key) === 'item') return undefined;
    }
  }
  const hasUser = rows.some((row) => userKey(row) !== undefined);
  const isItems = (key: string) =>
    roleOfTitle(key) === 'item' ||
    roleOfTitle(key) === 'rating' ||
    /^(history|likes|purchases|library|watched)$/i.test(key);
  const found = [...counts.keys()].filter(isItems);
  return hasUser ? found.find((key) => counts.get(key)! > rows.length / 2) : undefined;
}

/** A row for each of the items in the list of a row, with the user of the row. */
export function rowsInList(row: Row, key: string): Row[] {
  const name = userKey(row);
  const outer: Row = name === undefined ? {} : { [roleOfTitle(name) === 'user' ? name : 'user']: row[name] };
  const list = row[key];
  if (Array.isArray(list)) return list.map((entry) => ({ ...outer, ...elementOf(entry) }));
  if (typeof list !== 'object' || list === null) return [];
  return Object.entries(list).map(([item, value]) => {
    const isRow = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { ...outer, item, ...(isRow ? value : { rating: value }) };
  });
}

/** The key of the user, by its title, or else the id or the name of the record. */
function userKey(row: Row): string | undefined {
  const plain = Object.keys(row).filter((key) => typeof row[key] !== 'object');
  return plain.find((key) => roleOfTitle(key) === 'user') ?? plain.find((key) => /^(_?id|name)$/i.test(key));
}

function elementOf(entry: unknown): Row {
  if (Array.isArray(entry)) return { item: entry[0], ...(entry.length > 1 ? { rating: entry[1] } : {}) };
  if (typeof entry !== 'object' || entry === null) return { item: entry };
  const row = entry as Row;
  if (Object.keys(row).some((name) => roleOfTitle(name) === 'item')) return row;
  const id = Object.keys(row).find((name) => ITEM_KEYS.test(name));
  return id === undefined ? row : { ...row, item: row[id] };
}
