import { show } from '../../base/show.js';
import type { Role } from '../../ratings/ratings-source.js';
import { isTime, ratingWeight } from './by-title.js';
import type { Guess } from './by-values.js';
import type { Draft } from './draft.js';
import { OPINION, type TitleMeaning } from './title-roles.js';

/** More columns are not listed. */
const MOST_LISTED = 8;
/** Opinions whose weights differ by less are about as likely. */
const CLOSE = 5;

/** Notes what is left out of a table with titles, and second readings. */
export function noteTitled(draft: Draft, meanings: TitleMeaning[]): void {
  for (const column of draft.free) {
    if (draft.isOpen('timestamp') && meanings[column]!.role.timestamp >= OPINION && !isTime(draft.cells[column]!)) {
      const first = show(draft.cells[column]!.texts[0]);
      const what = `${nameOf(draft, column)} is left out: its title means a time, but its values are none, such as ${first}`;
      draft.reading.notes.add('column-ignored', `${what}; timeFormat says how they are written`);
    }
  }
  noteUntitled(draft, meanings);
  noteSecondRatings(draft, meanings);
  noteImplicit(draft);
}

/** Notes users and items whose titles do not say so. */
function noteUntitled(draft: Draft, meanings: TitleMeaning[]): void {
  const { notes, options } = draft.reading;
  const isGuessed = (role: 'user' | 'item') =>
    options.columns?.[role] === undefined && meanings[draft.columnOf(role)!]!.role[role] === 0;
  const guessed = (['user', 'item'] as const).filter(isGuessed);
  if (guessed.length === 0) return;
  const taken = guessed.map((role) => `${nameOf(draft, draft.columnOf(role)!)} is taken as the ${role}`).join(', ');
  const choice = guessed.map((role) => `${role}: …`).join(', ');
  notes.add('column-guessed', `${taken}: choose others with columns: {${choice}}`);
}

function noteSecondRatings(draft: Draft, meanings: TitleMeaning[]): void {
  const { notes, options } = draft.reading;
  const taken = draft.columnOf('rating');
  if (options.columns?.rating !== undefined || taken === undefined) return;
  const others = draft.free.filter((column) => isSecond(draft, column, meanings));
  if (others.length === 0) return;
  const choice = `columns: {rating: ${hint(draft, others[0]!)}}`;
  const what = `${nameOf(draft, taken)} is taken as the rating; so could be ${listOf(draft, others)}`;
  notes.add('column-guessed', `${what}: choose with ${choice}`);
}

/** Whether a column could be the rating about as well as the one that is. */
function isSecond(draft: Draft, column: number, meanings: TitleMeaning[]): boolean {
  const taken = draft.columnOf('rating')!;
  const weight = ratingWeight(meanings[column]!, draft.cells[column]!);
  const best = ratingWeight(meanings[taken]!, draft.cells[taken]!);
  return weight > 0 && (best < OPINION || best - weight < CLOSE);
}

/** Notes what was guessed from the values of a table without titles. */
export function noteGuessed(draft: Draft, guess: Guess): void {
  const { notes, options } = draft.reading;
  const chosen = options.columns ?? {};
  if (guess.index !== undefined) {
    const what = `${nameOf(draft, guess.index)} has row numbers or keys and is left out`;
    notes.add('column-ignored', `${what}: choose it with columns: {user: ${guess.index}}`);
  }
  const [user, item, rating] = [draft.columnOf('user'), draft.columnOf('item'), draft.columnOf('rating')];
  if (guess.isItemFirst) {
    const choice = `columns: {user: ${item}, item: ${user}}`;
    notes.add('column-guessed', `Items are taken to stand before users: to choose the other order, ${choice}`);
  }
  if (guess.otherRatings.length > 0 && chosen.rating === undefined) {
    const others = listOf(draft, guess.otherRatings);
    const choice = `columns: {rating: ${guess.otherRatings[0]}}`;
    notes.add(
      'column-guessed',
      `${nameOf(draft, rating!)} is taken as the rating, by its values, not ${others}: choose with ${choice}`,
    );
  }
  const isGuessed = chosen.user === undefined || chosen.item === undefined;
  const left = draft.free.filter((column) => column !== guess.index && !guess.otherRatings.includes(column));
  if (isGuessed && left.length > 0)
    notes.add(
      'column-guessed',
      `${rolesOf(draft)}; ${listOf(draft, left)} ${left.length > 1 ? 'are' : 'is'} left out: choose others with columns`,
    );
  noteImplicit(draft);
}

/** "By their values, column 1 is the user and column 2 the item". */
function rolesOf(draft: Draft): string {
  const roles = Object.entries(draft.indices) as [Role, number][];
  return `By the values, ${roles.map(([role, column]) => `${nameOf(draft, column)} is the ${role}`).join(', ')}`;
}

function noteImplicit(draft: Draft): void {
  const { notes, options } = draft.reading;
  if (options.columns?.rating === null) return;
  if (draft.areFlags) {
    const rating = nameOf(draft, draft.columnOf('rating')!);
    notes.add('implicit', `${rating} is true or false: each row with true says that somebody took something`);
    return;
  }
  if (draft.columnOf('rating') !== undefined) return;
  const free = draft.free;
  const ignored = free.length === 0 ? '' : `; not used: ${listOf(draft, free)}, which columns: {rating: …} can choose`;
  notes.add('implicit', `No column is a rating, so each row says that somebody took something${ignored}`);
}

function nameOf({ titles }: Draft, column: number): string {
  const title = titles?.[column]?.trim();
  return title ? show(title) : `column ${column + 1}`;
}

/** What chooses a column in `columns`. */
function hint({ titles }: Draft, column: number): string {
  const title = titles?.[column]?.trim();
  return title ? show(title) : String(column);
}

function listOf(draft: Draft, columns: number[]): string {
  const names = columns.slice(0, MOST_LISTED).map((column) => nameOf(draft, column));
  const more = columns.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
