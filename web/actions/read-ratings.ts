import { type ColumnChoice, MatfacError, Ratings, Titles } from 'matfac';
import { counted } from '../base/format.js';
import { type ItemList, itemListOfRatings } from '../items/item-list.js';
import { sampleTitles } from '../items/sample-titles.js';
import { learnsFromSeen, settingsFor } from '../settings/solvers.js';
import type { Data, Problem } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

/** What is being read now; a newer file or the visitor ends it. */
let current: AbortController | null = null;

export const cancelReading = (): void => current?.abort();

/** About 100,000 ratings with titles and genres, made up in some hundredths of a second. */
export const useSample = (store: Store): Promise<void> =>
  take(store, 'the sample', async () => {
    const [ratings, factors] = await Promise.all([Ratings.sample('ml100k'), Ratings.sampleItemFactors('ml100k')]);
    return { ratings, titles: sampleTitles(factors) };
  });

/** How to read a file: what is left out is guessed. */
type Manner = NonNullable<Data['manner']>;

export function readRatings(store: Store, file: File, manner: Manner = {}): Promise<void> {
  const read = async (signal: AbortSignal) => {
    const ratings = await Ratings.fromFile(file, {
      ...manner,
      signal,
      onProgress: ({ bytes, totalBytes, rows }) => store.set({ reading: { name: file.name, bytes, totalBytes, rows } }),
    });
    return { ratings, titles: ratings.source?.itemTitles ?? null, file, manner };
  };
  const problem = (error: unknown): Problem => {
    const badRow = error instanceof MatfacError && error.code === 'parse-error' && error.line !== undefined;
    if (!badRow || manner.badRows === 'skip') return problemOf(error);
    const again = () => void readRatings(store, file, { ...manner, badRows: 'skip' });
    return { ...problemOf(error), remedy: { label: 'Skip rows that cannot be read', take: again } };
  };
  return take(store, file.name, read, problem);
}

/**
 * Reads the file at hand again with another column for one of the roles; null: there is none. The role that had this
 * column gets the one that became free.
 */
export function chooseColumn(store: Store, role: keyof ColumnChoice, column: number | null): void {
  const { data } = store.state;
  const places = data?.ratings.source?.columns;
  if (!data?.file || !places) return;
  const columns: ColumnChoice = { ...data.manner?.columns, ...places, [role]: column };
  const other = roles.find((name) => name !== role && column !== null && places[name] === column);
  if (other) columns[other] = places[role] ?? null;
  void readRatings(store, data.file, { ...data.manner, columns });
}

export const roles = ['user', 'item', 'rating', 'timestamp'] as const;

interface Taken {
  ratings: Ratings;
  titles: ItemList['titles'];
  file?: File;
  manner?: Manner;
}

/** Until new ratings are read whole and well, the earlier ones stay. */
async function take(
  store: Store,
  name: string,
  read: (signal: AbortSignal) => Promise<Taken>,
  problem: (error: unknown) => Problem = problemOf,
): Promise<void> {
  current?.abort();
  const mine = new AbortController();
  current = mine;
  problemAt(store, 'start');
  store.set({ reading: { name, bytes: 0, totalBytes: undefined, rows: 0 }, announcement: `Reading ${name}` });
  try {
    const { ratings, titles, file = null, manner } = await read(mine.signal);
    const itemList = await itemListOfRatings(ratings, { sample: file === null, titles });
    if (mine.signal.aborted) return;
    const { settings } = store.state;
    store.set({
      data: { ratings, name, itemList, file, ...(manner && { manner }) },
      ...(ratings.implicit &&
        !learnsFromSeen(settings.solver) && { settings: settingsFor('implicit-als', settings.validation) }),
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
