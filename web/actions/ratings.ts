import { MatfacError, Ratings, Titles } from 'matfac';
import { catalogueOfRatings } from '../catalogue.js';
import { counted } from '../format.js';
import { type Problem, problemAt, type Store } from '../state.js';
import { problemOf } from './problem.js';

/** What is being read now; a newer file or the visitor ends it. */
let current: AbortController | null = null;

export const cancelReading = (): void => current?.abort();

export const useSample = (store: Store): Promise<void> =>
  take(store, 'the sample', true, () => Ratings.sample('ml100k', { seed: 1 }), problemOf);

export function readRatings(store: Store, file: File, badRows: 'error' | 'skip' = 'error'): Promise<void> {
  const read = (signal: AbortSignal) =>
    Ratings.fromFile(file, {
      badRows,
      signal,
      onProgress: ({ bytes, totalBytes, rows }) => store.set({ reading: { name: file.name, bytes, totalBytes, rows } }),
    });
  const problem = (error: unknown): Problem => {
    const badRow = error instanceof MatfacError && error.code === 'parse-error' && error.line !== undefined;
    if (!badRow || badRows === 'skip') return problemOf(error);
    const again = () => void readRatings(store, file, 'skip');
    return { ...problemOf(error), remedy: { label: 'Skip rows that cannot be read', take: again } };
  };
  return take(store, file.name, false, read, problem);
}

/** Until new ratings are read whole and well, the earlier ones stay. */
async function take(
  store: Store,
  name: string,
  sample: boolean,
  read: (signal: AbortSignal) => Promise<Ratings>,
  problem: (error: unknown) => Problem,
): Promise<void> {
  current?.abort();
  const mine = new AbortController();
  current = mine;
  problemAt(store, 'start');
  store.set({ reading: { name, bytes: 0, totalBytes: undefined, rows: 0 }, announcement: `Reading ${name}` });
  try {
    const ratings = await read(mine.signal);
    const catalogue = await catalogueOfRatings(ratings, sample);
    if (mine.signal.aborted) return;
    store.set({
      data: { ratings, name, catalogue },
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
