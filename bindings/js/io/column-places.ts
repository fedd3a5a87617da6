import { MatfacError } from '../base/errors.js';
import { show } from '../base/show.js';
import type { ColumnChoice, ColumnPlaces, Role } from '../ratings/ratings-source.js';
import { parseDecimal, parseTimestamp } from './syntax/number.js';

/** Titles as they are compared: lower case, letters and digits only. The first in a list is the first choice. */
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

/** Whether a first row holds the titles of the columns. */
export function looksLikeHeader(first: string[], others: string[][], choice: ColumnChoice): boolean {
  if (Object.values(choice).some((column) => typeof column === 'string')) return true;
  const roles = new Set(first.map(roleOf).filter((role) => role !== undefined));
  // A lone word like 'book' may be an item.
  if (roles.size >= 2 || [...roles].some((role) => role !== 'item')) return true;
  const isNumeric = (place: number) => others.length > 0 && others.every((row) => isNumber(row[place]));
  return first.every(isWord) && first.some((_, place) => isNumeric(place));
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
 * Which column is which: as chosen, else by its title, else by what the rows look like. `first` gives the number of columns.
 * @throws MatfacError `parse-error` when no users or items are found, `invalid-argument` for a choice that is not there.
 */
export function placeColumns(
  first: string[],
  rows: string[][],
  titles: string[] | undefined,
  choice: ColumnChoice,
  where = 'Line 1',
): ColumnPlaces {
  const places = new Map<Role, number>();
  for (const role of Object.keys(KNOWN) as Role[]) {
    const chosen = choice[role];
    if (chosen !== undefined && chosen !== null) places.set(role, chosenColumn(role, chosen, first.length, titles));
  }
  const isFree = (place: number) => place < first.length && ![...places.values()].includes(place);
  const isOpen = (role: Role) => choice[role] === undefined && !places.has(role);
  const named = titles ? nameColumns(titles, isOpen, isFree, places) : false;
  for (const role of ['user', 'item'] as const) {
    const free = first.flatMap((_, place) => (isFree(place) ? [place] : []));
    // Among named columns only the last one left is no guess.
    if (isOpen(role) && free.length > 0 && (!named || free.length === 1)) places.set(role, free[0]!);
  }
  guessNumbers(rows, isOpen, isFree, places, { width: named ? 3 : first.length, isNamed: named });
  const user = places.get('user');
  const item = places.get('item');
  if (user === undefined || item === undefined)
    throw unnamed(titles ?? first, user === undefined ? 'user' : 'item', where);
  return { user, item, ...optional('rating', places), ...optional('timestamp', places) };
}

function optional(role: 'rating' | 'timestamp', places: Map<Role, number>) {
  const place = places.get(role);
  return place === undefined ? {} : { [role]: place };
}

function chosenColumn(role: Role, chosen: string | number, width: number, titles: string[] | undefined): number {
  if (typeof chosen === 'number') {
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < width) return chosen;
    const allowed = `a number from 0 (the first) to ${width - 1}`;
    throw new MatfacError('invalid-argument', `columns.${role} is ${chosen}; it must be a title or ${allowed}`);
  }
  const exact = titles?.indexOf(chosen) ?? -1;
  const place = exact >= 0 ? exact : (titles?.findIndex((title) => normal(title) === normal(chosen)) ?? -1);
  if (place >= 0) return place;
  const there = (titles ?? []).map((title) => show(title)).join(', ');
  throw new MatfacError('invalid-argument', `columns.${role} is ${show(chosen)}; the titles in the file are ${there}`);
}

/** Gives each open role the column with its best-known title; says whether any title was known. */
function nameColumns(
  titles: string[],
  isOpen: (role: Role) => boolean,
  isFree: (place: number) => boolean,
  places: Map<Role, number>,
): boolean {
  let named = false;
  for (const role of Object.keys(KNOWN) as Role[]) {
    if (!isOpen(role)) continue;
    for (const word of KNOWN[role]) {
      const place = titles.findIndex((title, column) => isFree(column) && normal(title) === word);
      if (place === -1) continue;
      places.set(role, place);
      named = true;
      break;
    }
  }
  return named;
}

/**
 * What has no name: the first column of numbers is the rating and the next one the time, or the first when its numbers
 * are large or dates. Without known titles one number is enough for a rating: better to hear of the other rows than to
 * read them all as pairs without one.
 */
function guessNumbers(
  rows: string[][],
  isOpen: (role: Role) => boolean,
  isFree: (place: number) => boolean,
  places: Map<Role, number>,
  { width, isNamed }: { width: number; isNamed: boolean },
): void {
  const count = (place: number, test: (cell: string) => boolean) =>
    rows.filter((row) => test((row[place] ?? '').trim())).length;
  const isTime = (cell: string) => parseTimestamp(cell) >= 1e8;
  const isDecimal = (cell: string) => Number.isFinite(parseDecimal(cell.replace(',', '.')));
  const half = Math.max(1, rows.length / 2);
  for (let place = 0; place < width; place++) {
    if (!isFree(place)) continue;
    const isAfterRating = !isNamed && places.has('rating');
    if (isOpen('timestamp') && count(place, isAfterRating ? isDecimal : isTime) >= half) places.set('timestamp', place);
    else if (isOpen('rating') && count(place, isDecimal) >= (isNamed ? half : 1)) places.set('rating', place);
  }
}

function unnamed(titles: string[], role: Role, where: string): MatfacError {
  const list = titles.map((title) => show(title.trim())).join(', ');
  const message = `${where}: no column of ${role}s found among ${list}; say which with columns: {${role}: …}`;
  return new MatfacError('parse-error', message, { line: 1, column: 1 });
}
