import { MatfacError, Model } from 'matfac';
import { counted } from '../base/format.js';
import { plainWords } from '../base/plain-words.js';
import { itemListOfModel } from '../items/item-list.js';
import type { Problem } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { setModel } from './use-model.js';

const name = 'page';

async function attempt(store: Store, work: () => Promise<void>): Promise<void> {
  problemAt(store, 'keep');
  try {
    await work();
  } catch (error) {
    problemAt(store, 'keep', keepingProblem(store, error));
  }
}

function keepingProblem(store: Store, error: unknown): Problem {
  const problem = problemOf(error);
  if (!(error instanceof MatfacError)) return problem;
  if (error.code === 'unknown-id') {
    store.set({ kept: false });
    return { message: 'The model is no longer kept in this browser: another tab may have deleted it.' };
  }
  if (error.code === 'out-of-memory' && /storage/.test(error.message)) {
    return { message: `${plainWords(error.message)}. Download it instead; what was kept before stays.` };
  }
  return problem;
}

/** Finds out whether a model is kept; the answer comes shortly after the page opens. */
export async function findKeptModel(store: Store): Promise<void> {
  // A browser without storage reports that when the visitor tries to keep a model.
  const names = await Model.stored().catch((): string[] => []);
  store.set({ kept: names.includes(name) });
}

export const keepModel = (store: Store): Promise<void> =>
  attempt(store, async () => {
    const { model } = store.state;
    if (!model) return;
    await model.model.store(name);
    store.set({ kept: true, announcement: 'The model is kept in this browser' });
  });

export const openKeptModel = (store: Store): Promise<void> =>
  attempt(store, async () => {
    const model = await Model.restore(name);
    const itemList = itemListOfModel(model, store.state.data?.itemList ?? null);
    setModel(store, { model, itemList, origin: `kept in this browser, ${model.solver}` });
    store.set({ announcement: `Opened the model kept in this browser: ${counted(model.itemCount, 'item')}` });
  });

export const deleteKeptModel = (store: Store): Promise<void> =>
  attempt(store, async () => {
    await Model.forget(name);
    store.set({ kept: false, announcement: 'The model has been deleted from this browser' });
  });
