import { areWordFlags, type Cells } from './cells.js';
import type { Draft } from './draft.js';

const HALF = 0.5;
/** Whole numbers from here on are keys rather than counts. */
const LEAST_KEY = 10_000;
const ROWS_OF_KEYS = 5;
/** As many rows with the item of an earlier row of another user show whether a value belongs to the item. */
const ENOUGH_REPEATS = 5;
const ENOUGH_REPEATS_OF_ONLY = 20;
/** A number with a zero before it is a code, such as that of a place. */
const CODE = /^0\d/;
/** The longest scale of ratings. */
const LONGEST_SCALE = 10;

/** The column among `columns` that is the rating of a table without titles, and those that could be it as well. */
export function ratingColumn(
  draft: Draft,
  columns: number[],
  hasKeys: boolean,
): { column: number; others: number[] } | undefined {
  // Beside an event, a number is a category or a price.
  if (draft.columnOf('event') !== undefined) return undefined;
  const ids = Number(draft.isOpen('user')) + Number(draft.isOpen('item'));
  const isOnly = columns.length === ids + 1 && !hasKeys;
  const item = draft.columnOf('item') ?? columns[ids - 1];
  const user = draft.columnOf('user') ?? columns[0];
  const candidates = columns
    .slice(ids)
    .filter((column) => isRating(draft, column, { user, item, isOnly, last: columns.at(-1)! }));
  const scored = candidates.map((column) => ({ column, score: scoreOf(draft, column, item) }));
  const [best, ...others] = scored.sort((a, b) => b.score - a.score || a.column - b.column);
  return best && { column: best.column, others: others.map(({ column }) => column) };
}

/** Where users and items seem to be, and whether no other column is left. */
interface Place {
  user: number | undefined;
  item: number | undefined;
  isOnly: boolean;
  /** The last column without a role. */
  last: number;
}

/** A single number in the only column left is enough: errors in other rows are better than pairs without ratings. */
function isRating(draft: Draft, column: number, { user, item, isOnly, last }: Place): boolean {
  const cells = draft.cells[column]!;
  if (areWordFlags(cells)) return true;
  if (cells.numbers === 0 || (cells.numbers < HALF && !isOnly) || cells.clearTimes >= HALF) return false;
  if (cells.texts.some((text) => CODE.test(text))) return false;
  if (isConstant(cells) || (cells.isGrowing && cells.texts.length >= ROWS_OF_KEYS)) return false;
  if (!isOnly && (cells.isFine || isMoney(cells))) return false;
  // Counts stand at the end; an age or a size stands before other properties.
  if (!isOnly && column < last && !isScale(cells) && draft.columnOf('timestamp') !== column + 1) return false;
  if (cells.areWhole && cells.least >= LEAST_KEY && !isOnly) return false;
  const time = draft.columnOf('timestamp');
  // A time before the item comes from a log, in which a category or a place follows.
  if (time !== undefined && item !== undefined && time < item && column > item) return false;
  if (user === undefined || item === undefined) return true;
  return !belongsTo(draft, column, { user, item }, isOnly ? ENOUGH_REPEATS_OF_ONLY : ENOUGH_REPEATS);
}

/** Positive numbers with two decimals, such as 9.99. */
function isMoney({ texts, least }: Cells): boolean {
  return least >= 0 && texts.filter((text) => /[.,]\d\d$/.test(text)).length > HALF * texts.length;
}

function isScale({ least, most }: Cells): boolean {
  return least >= -LONGEST_SCALE && most <= LONGEST_SCALE;
}

/** Nothing but 1, or but 0, says no more than that there is a row. */
function isConstant({ distinct, least, most, texts }: Cells): boolean {
  return distinct === 1 && texts.length >= 3 && least === most && (least === 1 || least === 0);
}

/** Whether an item has the same value in the rows of all users, as a category has. */
function belongsTo(
  { rows, cells }: Draft,
  column: number,
  { user, item }: { user: number; item: number },
  enough: number,
): boolean {
  if (cells[column]!.distinct < 2) return false;
  const firstOf = new Map<string, string[]>();
  let repeats = 0;
  for (const row of rows) {
    const before = firstOf.get(row[item] ?? '');
    if (!before) firstOf.set(row[item] ?? '', row);
    else if (before[column] !== row[column]) return false;
    else if (before[user] !== row[user]) repeats++;
  }
  return repeats >= enough;
}

function scoreOf(draft: Draft, column: number, item: number | undefined): number {
  const cells = draft.cells[column]!;
  const isBeforeTime = draft.columnOf('timestamp') === column + 1;
  return (
    3 * Number(isBeforeTime) +
    3 * Number(isScale(cells)) +
    2 * Number(!cells.areWhole) +
    2 * Number(item === column - 1)
  );
}
