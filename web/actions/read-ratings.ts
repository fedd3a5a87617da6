import { MatfacError, Ratings, Titles } from 'matfac';
import { counted } from '../base/format.js';
import { nextTask } from '../base/yielding.js';
import { type ItemList, itemListOfRatings } from '../items/item-list.js';
import { isImplicit, settingsFor } from '../settings/solvers.js';
import type { Problem, ReadAs } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { setAsideRun } from './train-model.js';

/** The file asked for last. */
let latest: File | null = null;

/** The file being read; a newer one, or the visitor, cancels it. */
let current: AbortController | null = null;

export const cancelReading = (): void => current?.abort();

/** About 100,000 ratings with titles and genres, generated within a few hundredths of a second; those on the page stay. */
export async function useSample(store: Store): Promise<void> {
  if (store.state.data?.itemList.sample) {
    cancelReading();
    store.set({ choosing: null });
    return problemAt(store, 'start');
  }
  await take(store, 'the sample', async () => {
    const coming = import('../items/sample-titles.js');
    const ratings = await Ratings.sample('ml100k');
    await nextTask();
    const factors = await Ratings.sampleItemFactors('ml100k');
    const { sampleTitles } = await coming;
    await nextTask();
    return { ratings, titles: sampleTitles(factors, ratings) };
  });
}

export async function readRatings(store: Store, file: File, readAs: ReadAs = {}): Promise<void> {
  latest = file;
  if (store.state.choosing?.file !== file) store.set({ choosing: null });
  const isFirst = Object.keys(readAs).length === 0;
  const asRatings = () => void readRatings(store, file, { badRows: 'error' });
  const offer = isFirst ? await (await import('./own-ratings.js')).ownRatingsOffer(store, file, asRatings) : null;
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
  return take(store, file.name, read, async (error, signal) => {
    if (!(error instanceof MatfacError) || error.code !== 'parse-error') return problemOf(error);
    const { problemOfFile } = await import('./problem-of-file.js');
    const again = (otherwise: ReadAs) => readRatings(store, file, otherwise);
    return problemOfFile(store, { file, readAs, error, signal, read: again });
  });
}

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
    await nextTask();
    const itemList = await itemListOfRatings(ratings, { sample: file === null, titles });
    const notes = file ? await (await import('./notes-on.js')).notesOn(ratings, file) : [];
    if (mine.signal.aborted) return;
    const { settings } = store.state;
    setAsideRun(store);
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
    const found = await Promise.resolve(problem(error, mine.signal)).catch(() => problemOf(error));
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
