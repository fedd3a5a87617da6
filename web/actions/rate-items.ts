import type { Id } from 'matfac';
import type { Stars } from '../items/item-list.js';
import { currentItemList, starsOf } from '../state/state.js';
import type { Store } from '../state/store.js';

/** Sets the visitor's rating of an item, or removes it (null). */
export function rate(store: Store, item: Id, rating: number | null): void {
  const stars = new Map(starsOf(store.state, currentItemList(store.state)));
  if (rating === null) stars.delete(item);
  else stars.set(item, rating);
  setStars(store, stars);
}

export const clearStars = (store: Store): void => setStars(store, new Map());

function setStars(store: Store, stars: Stars): void {
  const itemList = currentItemList(store.state);
  if (itemList) store.set({ stars: new Map(store.state.stars).set(itemList, stars) });
}
