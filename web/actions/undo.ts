import type { Undo } from '../state/state.js';
import type { Store } from '../state/store.js';

/** Offers to take back what was just done, until something else is, or the visitor declines. */
export function offerUndo(store: Store, undo: Undo): void {
  declineUndo(store);
  store.set({ undo, announcement: undo.done });
}

export function takeBack(store: Store): void {
  const { undo } = store.state;
  store.set({ undo: null });
  undo?.take();
}

export function declineUndo(store: Store): void {
  const { undo } = store.state;
  store.set({ undo: null });
  undo?.decline?.();
}
