import { Model, type SaveOptions } from 'matfac';
import { counted } from '../base/format.js';
import { itemListOfModel } from '../items/item-list.js';
import type { CurrentModel } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

/** Sets the current model, and frees the memory of the previous one. */
export function setModel(store: Store, model: CurrentModel | null): void {
  const before = store.state.model;
  store.set({ model });
  before?.model.dispose();
}

export async function openModel(store: Store, file: File): Promise<void> {
  problemAt(store, 'keep');
  try {
    const model = await Model.load(file);
    const itemList = itemListOfModel(model, store.state.data?.itemList ?? null);
    setModel(store, { model, itemList, origin: file.name });
    store.set({ announcement: `Opened ${file.name}: ${counted(model.itemCount, 'item')}` });
  } catch (error) {
    problemAt(store, 'keep', problemOf(error));
  }
}

export type Dtype = NonNullable<SaveOptions['dtype']>;

/** `users`: includes the users' factors and ratings; recommending to visitors works without them. */
export function downloadModel(store: Store, options: SaveOptions): void {
  const current = store.state.model;
  if (!current) return;
  problemAt(store, 'keep');
  try {
    const file = new Blob([current.model.save(options)], { type: 'application/octet-stream' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'model.safetensors';
    link.click();
    // The browser reads the address only after this task.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    problemAt(store, 'keep', problemOf(error));
  }
}
