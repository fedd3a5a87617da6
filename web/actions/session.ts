/** The visitor's last session: ratings, titles, settings, stars and model, kept in this browser until cleared. */
import { createStore, del, get, set } from 'idb-keyval';
import { MatfacError, Model } from 'matfac';
import { itemListOfModel, type Stars } from '../items/item-list.js';
import type { TitleList } from '../items/titles.js';
import type { Settings } from '../settings/settings.js';
import { currentItemList, type OwnList, type ReadAs, starsOf } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { readRatings, useSample } from './read-ratings.js';
import { forgetSession, noteSession, type SessionNote, timesCleared } from './session-note.js';
import { setModel } from './use-model.js';

const place = () => createStore('matfac-page', 'session');
const KEY = 'last';
const MODEL = 'session';

/** Larger ones take the page too long to write. */
const mostRows = 200_000;
const mostBytes = 200e6;

interface Kept {
  /** Null for the sample. */
  file: File | null;
  readAs: ReadAs;
  titles: TitleList | null;
  settings: Settings;
  stars: Stars;
  own: Omit<OwnList, 'itemList'> | null;
  /** The origin of the model. */
  model: string | null;
}

/** Writes what has changed. A browser without storage, or one that is full, keeps no session. */
export async function keepSession(store: Store, withModel: boolean): Promise<void> {
  const { data, titles, settings, model, ownList } = store.state;
  if (!data || (data.file?.size ?? 0) > mostBytes) return;
  const itemList = currentItemList(store.state);
  const stars = starsOf(store.state, itemList);
  const isKept = model !== null && model.model.userCount + model.model.itemCount <= mostRows;
  const { file, readAs = {} } = data;
  const own = ownList?.itemList === itemList ? { ...ownList, itemList: null } : null;
  const kept: Kept = { file, readAs, titles, settings, stars, own, model: isKept ? model.origin : null };
  try {
    const before = timesCleared();
    await set(KEY, kept, place());
    if (isKept && withModel) await model.model.store(MODEL, { state: false });
    if (timesCleared() !== before) return await clearSession();
    noteSession({ name: data.name, stars: stars.size, model: kept.model });
  } catch (error) {
    // A model that is disposed has been replaced, and the new one is kept after it.
    if (!(error instanceof MatfacError && error.code === 'disposed')) await clearSession();
  }
}

export async function clearSession(): Promise<void> {
  forgetSession();
  // Without storage, opening it throws at once.
  const forget = async () => del(KEY, place());
  await Promise.allSettled([forget(), Model.forget(MODEL)]);
}

/** Continues the last session. */
export async function restoreSession(store: Store, note: SessionNote): Promise<void> {
  try {
    const kept = await get<Kept>(KEY, place());
    if (!kept) throw new Error('the session is no longer kept in this browser');
    if (kept.file) await readRatings(store, kept.file, { ...kept.readAs, badRows: kept.readAs.badRows ?? 'error' });
    else await useSample(store);
    const { data } = store.state;
    if (!data) return;
    store.set({ titles: kept.titles, settings: kept.settings });
    let { itemList } = data;
    if (note.model) {
      const model = await Model.restore(MODEL);
      itemList = itemListOfModel(model, itemList);
      setModel(store, { model, itemList, origin: note.model });
    }
    store.set({
      stars: new Map(store.state.stars).set(itemList, kept.stars),
      ownList: kept.own ? { ...kept.own, itemList } : null,
      announcement: `Continued with ${note.name}`,
    });
  } catch (error) {
    problemAt(store, 'rate', problemOf(error));
  }
}
