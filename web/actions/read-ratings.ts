import { type ColumnChoice, MatfacError, Ratings, Titles } from 'matfac';
import { counted } from '../base/format.js';
import { type ItemList, itemListOfRatings } from '../items/item-list.js';
import { sampleTitles } from '../items/sample-titles.js';
import { isImplicit, settingsFor } from '../settings/solvers.js';
import type { Data, Problem } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { ownRatingsOffer } from './own-ratings.js';
import { problemOf } from './problem-of.js';

/** The file asked for last. */
let latest: File | null = null;

/** The file being read; a newer one, or the visitor, cancels it. */
let current: AbortController | null = null;

export const cancelReading = (): void => current?.abort();

/** About 100,000 ratings with titles and genres, generated within a few hundredths of a second. */
export const useSample = (store: Store): Promise<void> =>
  take(store, 'the sample', async () => {
    const [ratings, factors] = await Promise.all([Ratings.sample('ml100k'), Ratings.sampleItemFactors('ml100k')]);
    return { ratings, titles: sampleTitles(factors) };
  });

/** How to read a file; anything left out is guessed. */
type ReadAs = NonNullable<Data['readAs']>;

export async function readRatings(store: Store, file: File, readAs: ReadAs = {}): Promise<void> {
  latest = file;
  const isFirst = Object.keys(readAs).length === 0;
  const asRatings = () => void readRatings(store, file, { badRows: 'error' });
  const offer = isFirst ? await ownRatingsOffer(store, file, asRatings) : null;
  if (latest !== file) return;
  if (offer) return problemAt(store, 'start', offer);
  const read = async (signal: AbortSignal) => {
    const ratings = await Ratings.fromFile(file, {
      ...readAs,
      signal,
      onProgress: ({ bytes, totalBytes, rows }) => store.set({ reading: { name: file.name, bytes, totalBytes, rows } }),
    });
    return { ratings, titles: ratings.source?.itemTitles ?? null, file, readAs };
  };
  const problem = (error: unknown): Problem => {
    const badRow = error instanceof MatfacError && error.code === 'parse-error' && error.line !== undefined;
    if (!badRow || readAs.badRows === 'skip') return problemOf(error);
    const again = () => void readRatings(store, file, { ...readAs, badRows: 'skip' });
    return { ...problemOf(error), remedy: { label: 'Skip unreadable rows', take: again } };
  };
  return take(store, file.name, read, problem);
}

/**
 * Reads the file again with another column for one of the roles (null for none). If another role had this column, the two
 * swap.
 */
export function chooseColumn(store: Store, role: keyof ColumnChoice, column: number | null): void {
  const { data } = store.state;
  const present = data?.ratings.source?.columns;
  if (!data?.file || !present) return;
  const columns: ColumnChoice = { ...data.readAs?.columns, ...present, [role]: column };
  const other = roles.find((name) => name !== role && column !== null && present[name] === column);
  if (other) columns[other] = present[role] ?? null;
  void readRatings(store, data.file, { ...data.readAs, columns });
}

export const roles = ['user', 'item', 'rating', 'timestamp'] as const;

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
  problem: (error: unknown) => Problem = problemOf,
): Promise<void> {
  current?.abort();
  const mine = new AbortController();
  current = mine;
  problemAt(store, 'start');
  store.set({ reading: { name, bytes: 0, totalBytes: undefined, rows: 0 }, announcement: `Reading ${name}` });
  try {
    const { ratings, titles, file = null, readAs } = await read(mine.signal);
    const itemList = await itemListOfRatings(ratings, { sample: file === null, titles });
    if (mine.signal.aborted) return;
    const { settings } = store.state;
    store.set({
      data: { ratings, name, itemList, file, ...(readAs && { readAs }) },
      ...(ratings.implicit &&
        !isImplicit(settings.solver) && { settings: settingsFor('implicit-als', settings.validation) }),
      announcement:
        `Read ${name}: ${counted(ratings.size, 'rating')} of ${counted(ratings.itemCount, 'item')} ` +
        `by ${counted(ratings.userCount, 'user')}`,
    });
  } catch (error) {
    if (!mine.signal.aborted) problemAt(store, 'start', problem(error));
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
