import { MatfacError, Ratings, Titles } from 'matfac';
import { counted } from '../base/format.js';
import { plainWords } from '../base/plain-words.js';
import { type ItemList, itemListOfRatings } from '../items/item-list.js';
import { sampleTitles } from '../items/sample-titles.js';
import { isImplicit, settingsFor } from '../settings/solvers.js';
import type { Problem, ReadAs } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

/** The file being read; a newer one, or the visitor, cancels it. */
let current: AbortController | null = null;

export const cancelReading = (): void => current?.abort();

/** About 100,000 ratings with titles and genres, generated within a few hundredths of a second. */
export const useSample = (store: Store): Promise<void> =>
  take(store, 'the sample', async () => {
    const [ratings, factors] = await Promise.all([Ratings.sample('ml100k'), Ratings.sampleItemFactors('ml100k')]);
    return { ratings, titles: sampleTitles(factors) };
  });

export function readRatings(store: Store, file: File, readAs: ReadAs = {}): Promise<void> {
  const read = async (signal: AbortSignal) => {
    const ratings = await Ratings.fromFile(file, {
      ...readAs,
      signal,
      onProgress: ({ bytes, totalBytes, rows }) => store.set({ reading: { name: file.name, bytes, totalBytes, rows } }),
    });
    return { ratings, titles: ratings.source?.itemTitles ?? null, file, readAs };
  };
  if (store.state.choosing?.file !== file) store.set({ choosing: null });
  return take(store, file.name, read, (error, signal) => unread(store, file, readAs, error, signal));
}

/** What a file that cannot be read needs: other columns, fewer rows, or nothing that the page could offer. */
async function unread(store: Store, file: File, readAs: ReadAs, error: unknown, signal: AbortSignal): Promise<Problem> {
  const problem = problemOf(error);
  if (!(error instanceof MatfacError) || error.code !== 'parse-error') return problem;
  if (/^(Line|Row) \d+, column/.test(error.message) && readAs.badRows !== 'skip') {
    const again = () => void readRatings(store, file, { ...readAs, badRows: 'skip' });
    return { ...problem, remedy: { label: 'Skip unreadable rows', take: again } };
  }
  const { firstRows, headOf, isProse } = await import('./first-rows.js');
  if (isProse((await headOf(file)) ?? '')) return { message: `${file.name} ${prose}` };
  const first = store.state.choosing ?? (await firstRows(file, signal));
  if (!first || signal.aborted) return problem;
  store.set({ choosing: { titles: first.titles, rows: first.rows, file, readAs } });
  return { message: `${problem.message}. Please say below which column is which.` };
}

const prose = 'looks like prose, not like a table. A file of ratings has a line for each: who, what, and how highly.';

/** What the visitor should know before learning from these ratings. */
async function notesOn({ size, skipped, source }: Ratings, file: File | null): Promise<string[]> {
  if (!file) return [];
  const notes = source?.notes.map(({ message }) => plainWords(message)) ?? [];
  if (size < 10)
    notes.push(`There ${size === 1 ? 'is' : 'are'} only ${counted(size, 'rating')}: too few to learn from.`);
  const areFew = skipped.count > size;
  if (areFew) {
    notes.push('Most rows could not be read: another column may have the ratings, or this is no table of ratings.');
  }
  if (areFew || source?.delimiter === ' ') {
    const { headOf, isProse } = await import('./first-rows.js');
    if (isProse((await headOf(file)) ?? '')) notes.push(`The file ${prose}`);
  }
  return notes;
}

/**
 * Reads the file again with another column for one of the roles (null for none). If another role had this column, the two
 * swap.
 */
export function chooseColumn(store: Store, role: Role, column: number | null): void {
  const { data } = store.state;
  const present: ColumnsByRole | undefined = data?.ratings.source?.columns;
  if (!data?.file || !present) return;
  const columns: ColumnsByRole = { ...(data.readAs?.columns as ColumnsByRole), ...present, [role]: column };
  const other = roles.find((name) => name !== role && column !== null && present[name] === column);
  if (other) columns[other] = present[role] ?? null;
  void readRatings(store, data.file, { ...data.readAs, columns });
}

/** `event`: what kind of action a row tells of. */
export const roles = ['user', 'item', 'rating', 'timestamp', 'event'] as const;
export type Role = (typeof roles)[number];
export type ColumnsByRole = { [role in Role]?: number | null };

interface ReadRatings {
  ratings: Ratings;
  titles: ItemList['titles'];
  file?: File;
  readAs?: ReadAs;
}

/** The present ratings stay until the new ones have been read completely. */
async function take(
  store: Store,
  name: string,
  read: (signal: AbortSignal) => Promise<ReadRatings>,
  problem: (error: unknown, signal: AbortSignal) => Problem | Promise<Problem> = problemOf,
): Promise<void> {
  current?.abort();
  const mine = new AbortController();
  current = mine;
  problemAt(store, 'start');
  store.set({ reading: { name, bytes: 0, totalBytes: undefined, rows: 0 }, announcement: `Reading ${name}` });
  try {
    const { ratings, titles, file = null, readAs } = await read(mine.signal);
    const itemList = await itemListOfRatings(ratings, { sample: file === null, titles });
    const notes = await notesOn(ratings, file);
    if (mine.signal.aborted) return;
    const { settings } = store.state;
    store.set({
      data: { ratings, name, itemList, file, notes, ...(readAs && { readAs }) },
      choosing: null,
      ...(ratings.implicit &&
        !isImplicit(settings.solver) && { settings: settingsFor('implicit-als', settings.validation) }),
      announcement:
        `Read ${name}: ${counted(ratings.size, 'rating')} of ${counted(ratings.itemCount, 'item')} ` +
        `by ${counted(ratings.userCount, 'user')}`,
    });
  } catch (error) {
    if (mine.signal.aborted) return;
    const found = await problem(error, mine.signal);
    if (!mine.signal.aborted) problemAt(store, 'start', found);
  } finally {
    if (current === mine) {
      current = null;
      store.set({ reading: null });
    }
  }
}

export async function readTitles(store: Store, file: File): Promise<void> {
  problemAt(store, 'titles');
  try {
    const byId = await Titles.fromFile(file);
    store.set({ titles: { name: file.name, byId }, announcement: `Read ${counted(byId.size, 'title')}` });
  } catch (error) {
    problemAt(store, 'titles', problemOf(error));
  }
}
