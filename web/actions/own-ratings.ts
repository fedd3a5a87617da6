/** A visitor's own list: titles and stars, and no column of users. */
import { MatfacError, type OwnRatings, type ReadProfileOptions, readProfile, type Title } from 'matfac';
import { counted } from '../base/format.js';
import type { ItemList } from '../items/item-list.js';
import { titleIn } from '../items/titles.js';
import { summaryOf } from '../state/own-list.js';
import { currentItemList, type Problem, type State, starsOf } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';

/** A larger file is not one person's list. */
const MOST_BYTES = 1 << 22;

/** What to ask about a file that looks like one person's list; null for any other file. */
export async function ownRatingsOffer(store: Store, file: File, otherwise: () => void): Promise<Problem | null> {
  const itemList = currentItemList(store.state);
  if (!itemList || file.size > MOST_BYTES) return null;
  const list = await readOwn(store.state, itemList, file);
  if (!list || !isOwn(list)) return null;
  return {
    message: `${file.name} has titles, but no column of users: it looks like the list of one person.`,
    remedy: { label: 'These are my own ratings', take: () => void takeOwnRatings(store, file) },
    other: { label: 'Read them as ratings of many', take: otherwise },
  };
}

/** The list; null for a file that is none. */
async function readOwn(state: State, itemList: ItemList, file: File): Promise<OwnRatings | null> {
  const titles = new Map<string | number, Title>();
  for (const item of itemList.items) {
    const title = titleIn(item, itemList, state.titles);
    if (title) titles.set(item, title);
  }
  const range = state.data?.ratings.range ?? ([1, 5] as const);
  const aim: Partial<ReadProfileOptions> = state.model
    ? { model: state.model.model }
    : range[0] < range[1] && !state.data?.ratings.implicit
      ? { range }
      : {};
  try {
    return await readProfile(file, { titles, ...aim });
  } catch (error) {
    if (error instanceof MatfacError) return null;
    throw error;
  }
}

/** Lists of services that are known, and others with titles and ratings whose titles hardly repeat, as those of many people do. */
function isOwn({ source, ratings, unrated, unmatched }: OwnRatings): boolean {
  if (source.service !== 'list') return true;
  if (source.columns?.title === undefined || source.columns.rating === undefined) return false;
  const entries = [...ratings, ...unrated, ...unmatched];
  const lastLine = entries.reduce((last, { line }) => Math.max(last, line), 0);
  return entries.length > 0 && entries.length >= 0.8 * (lastLine - 1);
}

/** Makes the list the visitor's stars, beside those that are there. */
export async function takeOwnRatings(store: Store, file: File): Promise<void> {
  problemAt(store, 'start');
  const itemList = currentItemList(store.state);
  const list = itemList && (await readOwn(store.state, itemList, file));
  if (!itemList || !list) return;
  const { ratings, unrated, unmatched } = list;
  if (ratings.length + unrated.length === 0) {
    return problemAt(store, 'start', { message: noneFound(file, list, store.state) });
  }
  const stars = new Map(starsOf(store.state, itemList));
  for (const { item, rating = 1 } of ratings) stars.set(item, rating);
  const seen = unrated.map(({ item }) => item);
  store.set({
    stars: new Map(store.state.stars).set(itemList, stars),
    ownList: { name: file.name, itemList, matched: ratings.length, seen, unmatched },
    announcement: summaryOf({ name: file.name, matched: ratings.length, seen, unmatched }),
  });
  document.querySelector('#rate')?.scrollIntoView();
}

function noneFound(file: File, { unmatched }: OwnRatings, { data }: State): string {
  const where = data?.itemList.sample ? 'the sample' : 'these ratings';
  return (
    `None of the ${counted(unmatched.length, 'title')} of ${file.name} is in ${where}. ` +
    'Open ratings with titles first, such as the MovieLens zip, and then this file.'
  );
}
