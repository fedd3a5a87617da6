import { currentItemList, starsOf } from '../state/state.js';
import type { Store } from '../state/store.js';
import { writeLater } from './session-note.js';

/** Keeps the session once there is a model or a star, and after each change of them. */
export function followSession(store: Store): void {
  let isModelNew = false;
  const keep = async () => {
    const withModel = isModelNew;
    isModelNew = false;
    await (await import('./session.js')).keepSession(store, withModel);
  };
  store.watch(
    ({ model }) => [model],
    (model) => {
      isModelNew = model !== null;
      if (model) writeLater(keep);
    },
  );
  store.watch(
    (state) => [starsOf(state, currentItemList(state))],
    (stars) => stars.size > 0 && writeLater(keep),
  );
}
