import { MatfacError, Model, type SaveOptions } from 'matfac';
import { counted } from '../base/format.js';
import { itemListOfModel } from '../items/item-list.js';
import type { CurrentModel, Problem } from '../state/state.js';
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
    problemAt(store, 'keep', await problemOfModel(file, error));
  }
}

/** What a file is that is no model. */
async function problemOfModel(file: File, error: unknown): Promise<Problem> {
  if (!(error instanceof MatfacError) || error.code !== 'corrupt-model') return problemOf(error);
  const { otherKindOf } = await import('../base/signature.js');
  const kind = otherKindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  const why = kind ? `it begins like ${kind}` : 'it is damaged, cut off, or of another program';
  return { message: `${file.name} is not a model of matfac: ${why}.` };
}

export type Dtype = NonNullable<SaveOptions['dtype']>;

/** `share`: without anything of the users; else with all that a training continues from, as far as the number format allows. */
export function downloadModel(store: Store, { share, dtype }: { share: boolean; dtype: Dtype }): void {
  const current = store.state.model;
  if (!current) return;
  problemAt(store, 'keep');
  try {
    const state = !share && dtype === 'float32' && current.model.userCount > 0;
    const bytes = current.model.save({ share, dtype, state });
    const file = new Blob([bytes], { type: 'application/octet-stream' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = share ? 'model-to-share.safetensors' : 'model.safetensors';
    link.click();
    // The browser reads the address only after this task.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    problemAt(store, 'keep', problemOf(error));
  }
}
