import { Model } from 'matfac';
import { counted } from '../base/format.js';
import { itemListOfModel } from '../items/item-list.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';
import { setModel } from './use-model.js';

const name = 'page';

async function trying(store: Store, work: () => Promise<void>): Promise<void> {
  problemAt(store, 'leave');
  try {
    await work();
  } catch (error) {
    problemAt(store, 'leave', problemOf(error));
  }
}

/** Whether a model is kept is known a moment after the page is there. */
export async function lookForKept(store: Store): Promise<void> {
  // A browser that keeps nothing says so when one tries to.
  const names = await Model.stored().catch((): string[] => []);
  store.set({ kept: names.includes(name) });
}

export const keepModel = (store: Store): Promise<void> =>
  trying(store, async () => {
    const { model } = store.state;
    if (!model) return;
    await model.model.store(name);
    store.set({ kept: true, announcement: 'The model is kept in this browser' });
  });

export const resumeKept = (store: Store): Promise<void> =>
  trying(store, async () => {
    const model = await Model.restore(name);
    const itemList = itemListOfModel(model, store.state.data?.itemList ?? null);
    setModel(store, { model, itemList, origin: `kept in this browser, ${model.solver}` });
    store.set({ announcement: `Opened the kept model: ${counted(model.itemCount, 'item')}` });
  });

export const forgetKept = (store: Store): Promise<void> =>
  trying(store, async () => {
    await Model.forget(name);
    store.set({ kept: false, announcement: 'The kept model is forgotten' });
  });
