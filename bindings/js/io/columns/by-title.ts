import type { Role } from '../../ratings/ratings-source.js';
import { areWordFlags, type Cells } from './cells.js';
import type { Draft } from './draft.js';
import { CERTAIN, isIndexTitle, meaningOf, OPINION, type TitleMeaning } from './title-roles.js';

/** At least this share of the cells must be what the title says. */
const HALF = 0.5;
const NEARLY_ALL = 0.9;
/** In as many rows, growing numbers are keys. */
const ROWS_OF_KEYS = 10;
/** More kinds are no events. */
const MOST_KINDS = 30;

interface Candidate {
  column: number;
  weight: number;
}

/** Assigns the open roles by the titles, as far as the cells agree; returns the meanings of the titles. */
export function assignByTitle(draft: Draft): TitleMeaning[] {
  const meanings = draft.titles!.map(meaningOf);
  const open = draft.free.length;
  const candidates = (role: Role) => candidatesOf(draft, (column) => meanings[column]!.role[role]);
  const ids = (role: 'user' | 'item') => filledFirst(draft, candidates(role));
  assignPair(draft, ids('user'), ids('item'));
  assignTime(draft, candidates('timestamp'), meanings);
  assignEvent(draft, candidates('event'));
  assignRating(draft, meanings);
  assignRemaining(draft, meanings, draft.free.length < open);
  return meanings;
}

/** The free columns with a weight, the largest first. */
function candidatesOf(draft: Draft, weightOf: (column: number) => number): Candidate[] {
  const candidates = draft.free.map((column) => ({ column, weight: weightOf(column) }));
  return candidates.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
}

/** Columns of which most cells are missing are taken last. */
function filledFirst({ cells, rows }: Draft, candidates: Candidate[]): Candidate[] {
  const isFilled = ({ column }: Candidate) => cells[column]!.texts.length >= HALF * rows.length;
  return [...candidates.filter(isFilled), ...candidates.filter((candidate) => !isFilled(candidate))];
}

/** A column that may be either, such as `name`, is the item unless another column is. */
function assignPair(draft: Draft, users: Candidate[], items: Candidate[]): void {
  const user = users[0];
  const item = items.find(({ column }) => column !== user?.column || !draft.isOpen('user'));
  const isShared = user !== undefined && items.some(({ column }) => column === user.column);
  if (user && draft.isOpen('user') && (item || !isShared || !draft.isOpen('item'))) draft.assign('user', user.column);
  const rest = items.find(({ column }) => draft.isFree(column));
  if (rest && draft.isOpen('item')) draft.assign('item', rest.column);
}

/** By a title of a time, else a single column of dates under a title that says nothing else. */
function assignTime(draft: Draft, candidates: Candidate[], meanings: TitleMeaning[]): void {
  if (!draft.isOpen('timestamp')) return;
  const isGiven = draft.reading.options.timeFormat !== undefined;
  const isFit = ({ column, weight }: Candidate) =>
    isTime(draft.cells[column]!) && (weight >= OPINION || draft.cells[column]!.clearTimes >= HALF);
  const best = candidates.find((candidate) => isGiven || isFit(candidate));
  const isDate = ({ clearTimes, numbers }: Cells) => clearTimes >= NEARLY_ALL && numbers < HALF;
  const dates = draft.free.filter((column) => !meanings[column]!.isOther && isDate(draft.cells[column]!));
  const column = best?.column ?? (dates.length === 1 ? dates[0] : undefined);
  if (column !== undefined) draft.assign('timestamp', column);
}

/** Times, or whole numbers that order the rows as times do; 0.5 is a duration. */
export function isTime(cells: Cells): boolean {
  if (cells.texts.length === 0 || cells.clearTimes >= HALF) return true;
  return cells.times >= HALF && cells.areWhole;
}

function assignEvent(draft: Draft, candidates: Candidate[]): void {
  if (!draft.isOpen('event')) return;
  const { events } = draft.reading.options;
  const kinds = typeof events === 'string' ? [events] : Object.keys(events ?? {});
  const best = candidates.find(({ column, weight }) => {
    const cells = draft.cells[column]!;
    if (cells.distinct > MOST_KINDS || cells.isFine || (cells.isGrowing && cells.texts.length >= ROWS_OF_KEYS))
      return false;
    return weight >= OPINION || cells.events >= HALF || cells.texts.some((text) => kinds.includes(text));
  });
  if (best) draft.assign('event', best.column);
}

function assignRating(draft: Draft, meanings: TitleMeaning[]): void {
  if (!draft.isOpen('rating')) return;
  const [best] = candidatesOf(draft, (column) => ratingWeight(meanings[column]!, draft.cells[column]!));
  if (best) draft.assign('rating', best.column);
}

/** How well a column fits as the rating. */
export function ratingWeight({ role, flag }: TitleMeaning, cells: Cells): number {
  if (flag > 0 && cells.flags >= NEARLY_ALL && flag > role.rating) return flag;
  if (role.rating === 0) return 0;
  if (role.rating >= CERTAIN || cells.texts.length === 0 || areWordFlags(cells)) return role.rating;
  const areKeys = cells.isGrowing && cells.texts.length >= ROWS_OF_KEYS;
  return cells.numbers >= HALF && !areKeys && cells.clearTimes < HALF ? role.rating : 0;
}

/** Among named columns, only a single remaining one is certain; without any known title the first two are taken. */
function assignRemaining(draft: Draft, meanings: TitleMeaning[], isNamed: boolean): void {
  for (const role of ['user', 'item'] as const) {
    if (!draft.isOpen(role)) continue;
    const possible = draft.free.filter((column) => isPossibleId(draft, column, meanings[column]!));
    const keys = possible.filter((column) => meanings[column]!.isKey);
    const columns = (isNamed && keys.length === 1 ? keys : possible).filter(
      // In a list of one person, whose user is missing, no column of the rest repeats.
      (column) => !isNamed || role === 'item' || draft.cells[column]!.distinct < draft.cells[column]!.texts.length,
    );
    if (columns.length > 0 && (!isNamed || columns.length === 1)) draft.assign(role, columns[0]!);
  }
}

/** Whether a column whose title says nothing may have ids. */
function isPossibleId(draft: Draft, column: number, meaning: TitleMeaning): boolean {
  const cells = draft.cells[column]!;
  const repeats = cells.distinct < cells.texts.length;
  // An id that repeats is no key of the rows.
  const isRowKey = meaning.isOther && !(repeats && /^id$/i.test(draft.titles![column]!.trim()));
  const hasMeaning = isRowKey || meaning.flag > 0 || Object.values(meaning.role).some((weight) => weight > 0);
  const isIndex = isIndexTitle(draft.titles![column]!) && (cells.isGrowing || cells.texts.length === 0);
  return (
    !hasMeaning && !isIndex && !cells.isFine && (cells.areWhole || cells.numbers < HALF) && cells.clearTimes < HALF
  );
}
