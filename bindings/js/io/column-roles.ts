import { listed, mustBe } from '../base/checks.js';
import { MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import type { ColumnChoice, ColumnIndices, Role } from '../ratings/ratings-source.js';
import type { Reading } from './reading.js';
import { parseDecimal, parseTimestamp } from './syntax/number.js';

/** Known titles in lower case, letters and digits only; earlier ones are preferred. */
const KNOWN: { [role in Role]: string[] } = {
  user: words(
    'user userid uid users member memberid customer customerid client clientid reviewer reviewerid person personid visitor visitorid account accountid profile profileid username',
  ),
  item: words(
    'item itemid iid items movie movieid film filmid book bookid isbn product productid asin parentasin song songid track trackid artist artistid album albumid anime animeid game gameid business businessid article articleid recipe recipeid sku title',
  ),
  rating: words(
    'rating ratings score scores stars star value overall grade points vote preference userrating bookrating movierating starrating reviewscore weight count plays playcount',
  ),
  timestamp: words(
    'timestamp time date datetime ts unixtime unixreviewtime reviewtime ratedat createdat ratingdate ratingtimestamp',
  ),
};

function words(list: string): string[] {
  return list.split(' ');
}

/** Whether the first row has the titles of the columns. */
export function looksLikeHeader(first: string[], others: string[][], choice: ColumnChoice = {}): boolean {
  if (Object.values(choice).some((column) => typeof column === 'string')) return true;
  const roles = new Set(first.map(roleOf).filter((role) => role !== undefined));
  // A single word like 'book' may be an item.
  if (roles.size >= 2 || [...roles].some((role) => role !== 'item')) return true;
  const isNumeric = (column: number) => others.length > 0 && others.every((row) => isNumber(row[column]));
  return first.every(isWord) && first.some((_, column) => isNumeric(column));
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && Number.isFinite(parseTimestamp(cell.trim().replace(',', '.')));
}

function isWord(cell: string): boolean {
  return cell.trim() !== '' && !isNumber(cell);
}

function normal(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function roleOf(title: string): Role | undefined {
  const name = normal(title);
  return (Object.keys(KNOWN) as Role[]).find((role) => KNOWN[role].includes(name));
}

/**
 * Assigns columns to roles: as chosen, else by title, else by the values of the rows. `first` has as many cells as there are
 * columns.
 * @throws MatfacError `parse-error` when no users or items are found, `invalid-argument` for a chosen column that is missing.
 */
export function assignColumns(
  first: string[],
  rows: string[][],
  titles: string[] | undefined,
  { options }: Reading,
  where = 'Line 1',
): ColumnIndices {
  const choice = options.columns ?? {};
  const assigned = new Map<Role, number>();
  for (const role of Object.keys(KNOWN) as Role[]) {
    const chosen = choice[role];
    if (chosen !== undefined && chosen !== null) assigned.set(role, chosenColumn(role, chosen, first.length, titles));
  }
  const isFree = (column: number) => column < first.length && ![...assigned.values()].includes(column);
  const isOpen = (role: Role) => choice[role] === undefined && !assigned.has(role);
  const named = titles ? nameColumns(titles, isOpen, isFree, assigned) : false;
  for (const role of ['user', 'item'] as const) {
    const free = first.flatMap((_, column) => (isFree(column) ? [column] : []));
    // Among named columns, only a single remaining one is certain.
    if (isOpen(role) && free.length > 0 && (!named || free.length === 1)) assigned.set(role, free[0]!);
  }
  guessNumbers(rows, isOpen, isFree, assigned, { width: named ? 3 : first.length, isNamed: named });
  const user = assigned.get('user');
  const item = assigned.get('item');
  if (user === undefined || item === undefined)
    throw unnamed(titles ?? first, user === undefined ? 'user' : 'item', where);
  return { user, item, ...optional('rating', assigned), ...optional('timestamp', assigned) };
}

function optional(role: 'rating' | 'timestamp', assigned: Map<Role, number>) {
  const column = assigned.get(role);
  return column === undefined ? {} : { [role]: column };
}

function chosenColumn(role: Role, chosen: string | number, width: number, titles: string[] | undefined): number {
  if (typeof chosen === 'number') {
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < width) return chosen;
    throw mustBe(`columns.${role}`, `a title or a whole number from 0 (the first) to ${width - 1}`, chosen);
  }
  const exact = titles?.indexOf(chosen) ?? -1;
  const column = exact >= 0 ? exact : (titles?.findIndex((title) => normal(title) === normal(chosen)) ?? -1);
  if (column >= 0) return column;
  throw mustBe(`columns.${role}`, `a title in the file, ${listed(titles ?? [])}`, chosen);
}

/** Assigns each open role the column with its preferred title; returns whether any title is known. */
function nameColumns(
  titles: string[],
  isOpen: (role: Role) => boolean,
  isFree: (column: number) => boolean,
  assigned: Map<Role, number>,
): boolean {
  let named = false;
  for (const role of Object.keys(KNOWN) as Role[]) {
    if (!isOpen(role)) continue;
    for (const word of KNOWN[role]) {
      const column = titles.findIndex((title, column) => isFree(column) && normal(title) === word);
      if (column === -1) continue;
      assigned.set(role, column);
      named = true;
      break;
    }
  }
  return named;
}

/**
 * Assigns columns without known titles: the first column of numbers is the rating and the next one the time, or the first
 * one if its numbers are large or dates. Without any known title, a single number is enough for a rating: errors in the other
 * rows are better than reading all rows as pairs without ratings.
 */
function guessNumbers(
  rows: string[][],
  isOpen: (role: Role) => boolean,
  isFree: (column: number) => boolean,
  assigned: Map<Role, number>,
  { width, isNamed }: { width: number; isNamed: boolean },
): void {
  const count = (column: number, test: (cell: string) => boolean) =>
    rows.filter((row) => test((row[column] ?? '').trim())).length;
  const isTime = (cell: string) => parseTimestamp(cell) >= 1e8;
  const isDecimal = (cell: string) => Number.isFinite(parseDecimal(cell.replace(',', '.')));
  const half = Math.max(1, rows.length / 2);
  for (let column = 0; column < width; column++) {
    if (!isFree(column)) continue;
    const isAfterRating = !isNamed && assigned.has('rating');
    if (isOpen('timestamp') && count(column, isAfterRating ? isDecimal : isTime) >= half)
      assigned.set('timestamp', column);
    else if (isOpen('rating') && count(column, isDecimal) >= (isNamed ? half : 1)) assigned.set('rating', column);
  }
}

function unnamed(titles: string[], role: Role, where: string): MatfacError {
  const list = titles.map((title) => show(title.trim())).join(', ');
  const message = `${where}: no column of ${role}s found among ${list}; choose one with columns: {${role}: …}`;
  return new MatfacError('parse-error', message, { line: 1, column: 1 });
}
