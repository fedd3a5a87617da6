import type { Id } from 'matfac';
import { currentCatalogue, type Stars, type Store, starsOf } from '../state/state.js';

/** Sets the visitor's rating of an item, or takes it back (null). */
export function rate(store: Store, item: Id, rating: number | null): void {
  const stars = new Map(starsOf(store.state, currentCatalogue(store.state)));
  if (rating === null) stars.delete(item);
  else stars.set(item, rating);
  setStars(store, stars);
}

export const clearStars = (store: Store): void => setStars(store, new Map());

function setStars(store: Store, stars: Stars): void {
  const catalogue = currentCatalogue(store.state);
  if (catalogue) store.set({ stars: new Map(store.state.stars).set(catalogue, stars) });
}
