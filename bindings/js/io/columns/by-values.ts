import type { Cells } from './cells.js';
import type { Draft } from './draft.js';
import { isItemFirst } from './item-first.js';
import { ratingColumn } from './rating-by-values.js';

/** At least this share of the cells must look like it. */
const HALF = 0.5;
const NEARLY_ALL = 0.9;
const MOST_KINDS = 30;
/** In as many rows, growing numbers in the first column are keys. */
const ROWS_OF_KEYS = 10;
/** Row numbers show in as few rows. */
const ROWS_OF_INDEX = 3;
/** The same where they begin with 1, as users may. */
const ROWS_FROM_ONE = 6;
/** Seconds since 1970 of a time after 1995; many ids are smaller. */
const RECENT = 8e8;
/** Texts of this length on average are reviews. */
const LONG_TEXT = 60;

/** What was found besides the roles. */
export interface Guess {
  /** The first column has row numbers or keys. */
  index?: number;
  /** The columns of latitude and longitude. */
  places: number[];
  /** The item stands before the user. */
  isItemFirst: boolean;
  /** Columns that the rating could be as well. */
  otherRatings: number[];
}

/** Assigns the open roles of a table without titles. */
export function assignByValues(draft: Draft): Guess {
  const guess: Guess = { places: placesIn(draft), isItemFirst: false, otherRatings: [] };
  assignTime(draft, guess);
  assignEvent(draft, guess);
  assignEmail(draft);
  const index = indexIn(draft, guess);
  if (index !== undefined) guess.index = index;
  // Beside places, a number is an offset of a time zone or a category.
  const rating =
    guess.places.length === 0 ? ratingColumn(draft, remaining(draft, guess), guess.index !== undefined) : undefined;
  if (rating && draft.isOpen('rating')) {
    draft.assign('rating', rating.column);
    guess.otherRatings = rating.others;
  }
  assignIds(draft, guess);
  return guess;
}

/** The free columns that are no places and no row numbers. */
function remaining(draft: Draft, { places, index }: Guess): number[] {
  return draft.free.filter((column) => column !== index && !places.includes(column));
}

function idsDue(draft: Draft): number {
  return Number(draft.isOpen('user')) + Number(draft.isOpen('item'));
}

/** Latitude and longitude: two neighbours with many decimals in the ranges of degrees. */
function placesIn(draft: Draft): number[] {
  for (let column = 0; column + 1 < draft.width; column++) {
    const [first, second] = [draft.cells[column]!, draft.cells[column + 1]!];
    if (!draft.isFree(column) || !draft.isFree(column + 1)) continue;
    if (first.isFine && second.isFine && areDegrees(first) && areDegrees(second)) return [column, column + 1];
  }
  return [];
}

function areDegrees({ least, most }: Cells): boolean {
  return least >= -180 && most <= 180;
}

/** Dates before numbers, recent times before old ones; of equal ones the last column. */
function assignTime(draft: Draft, guess: Guess): void {
  if (!draft.isOpen('timestamp')) return;
  const columns = remaining(draft, guess);
  const isNumber = (column: number) => draft.cells[column]!.numbers >= HALF;
  // Of three columns of numbers, the first two are ids, however large.
  const areIds = columns.length <= 3 && columns.filter(isNumber).length > 1;
  const ranks = columns.map((column, position) => {
    const isId = areIds && position < 2 && isNumber(column);
    return { column, rank: isId ? 0 : timeRank(draft.cells[column]!, position) };
  });
  const best = ranks.reduce((a, b) => (b.rank > 0 && b.rank >= a.rank ? b : a), { column: -1, rank: 0 });
  if (best.rank > 0 && columns.length > idsDue(draft)) draft.assign('timestamp', best.column);
}

function timeRank(cells: Cells, position: number): number {
  if (cells.areCompactDates && cells.texts.length >= ROWS_OF_INDEX) return 3;
  if (cells.clearTimes < HALF) return 0;
  if (cells.numbers < HALF) return 4;
  if (cells.most >= RECENT) return 2;
  return position >= 2 ? 1 : 0;
}

function assignEvent(draft: Draft, guess: Guess): void {
  if (!draft.isOpen('event')) return;
  const columns = remaining(draft, guess);
  const { events } = draft.reading.options;
  const kinds = typeof events === 'string' ? [events] : Object.keys(events ?? {});
  const isEvent = ({ events: share, distinct, texts }: Cells) =>
    distinct <= MOST_KINDS && (share >= NEARLY_ALL || texts.some((text) => kinds.includes(text)));
  const column = columns.find((candidate) => isEvent(draft.cells[candidate]!));
  if (column !== undefined && columns.length > idsDue(draft)) draft.assign('event', column);
}

function assignEmail(draft: Draft): void {
  if (!draft.isOpen('user')) return;
  const isEmail = ({ texts }: Cells) => texts.length > 0 && texts.every((text) => /^[^\s@]+@[^\s@]+$/.test(text));
  const column = draft.free.find((candidate) => isEmail(draft.cells[candidate]!));
  if (column !== undefined && draft.free.length > idsDue(draft) - 1) draft.assign('user', column);
}

/** Row numbers, as pandas writes them, or keys that grow in the first column, if enough columns remain without them. */
function indexIn(draft: Draft, guess: Guess): number | undefined {
  const columns = remaining(draft, guess);
  const [first] = columns;
  if (first !== 0 || !draft.isOpen('user') || !draft.isOpen('item')) return undefined;
  const cells = draft.cells[0]!;
  const isIndex = cells.isCounting && (cells.least === 0 || (cells.least === 1 && cells.texts.length >= ROWS_FROM_ONE));
  if (!isIndex && !(cells.isGrowing && cells.texts.length >= ROWS_OF_KEYS)) return undefined;
  const hasOther = draft.columnOf('event') !== undefined ? 3 : 4;
  return columns.length >= hasOther ? 0 : undefined;
}

function assignIds(draft: Draft, guess: Guess): void {
  const columns = remaining(draft, guess);
  const isGood = (column: number) => isFilled(draft, column) && !isProse(draft.cells[column]!);
  const good = columns.filter(isGood);
  const ids = good.length >= idsDue(draft) ? good : columns;
  const [first, second] = ids;
  if (draft.isOpen('user') && draft.isOpen('item') && first !== undefined && second !== undefined) {
    guess.isItemFirst = isItemFirst(draft, first, second);
    draft.assign('user', guess.isItemFirst ? second : first);
    draft.assign('item', guess.isItemFirst ? first : second);
  }
  for (const role of ['user', 'item'] as const) {
    const free = ids.find((column) => draft.isFree(column));
    if (draft.isOpen(role) && free !== undefined) draft.assign(role, free);
  }
}

function isFilled(draft: Draft, column: number): boolean {
  const { texts, clearTimes, numbers } = draft.cells[column]!;
  const areDates = clearTimes >= NEARLY_ALL && numbers < HALF;
  return texts.length >= NEARLY_ALL * draft.rows.length && !areDates;
}

function isProse({ texts }: Cells): boolean {
  return texts.reduce((sum, text) => sum + text.length, 0) > LONG_TEXT * texts.length;
}
