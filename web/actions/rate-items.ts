import type { Id } from 'matfac';
import type { Persona } from '../compute/personas.js';
import type { Stars } from '../items/item-list.js';
import { currentItemList, isOfTaking, rangeOf, starsOf } from '../state/state.js';
import type { Store } from '../state/store.js';
import { offerUndo } from './undo.js';

/** Sets the visitor's rating of an item, or removes it (null). */
export function rate(store: Store, item: Id, rating: number | null): void {
  const stars = new Map(starsOf(store.state, currentItemList(store.state)));
  if (rating === null) stars.delete(item);
  else stars.set(item, rating);
  setStars(store, stars);
}

export const clearStars = (store: Store): void => replaceStars(store, new Map(), 'Your ratings have been removed.');

/** The ratings of somebody who loves a genre, in the place of the visitor's. */
export function borrowTaste(store: Store, { words, liked, disliked }: Persona): void {
  const [least, most] = rangeOf(store.state);
  const low = least + (most - least) / 4;
  const stars = new Map<Id, number>();
  if (!isOfTaking(store.state)) for (const item of disliked) stars.set(item, low);
  for (const item of liked) stars.set(item, most);
  replaceStars(store, stars, `${words}: these are your ratings now.`);
}

/** Can be undone. */
function replaceStars(store: Store, stars: Stars, done: string): void {
  const { stars: before } = store.state;
  const own = starsOf(store.state, currentItemList(store.state));
  setStars(store, stars);
  if (own.size > 0) offerUndo(store, { done, take: () => store.set({ stars: before }) });
}

function setStars(store: Store, stars: Stars): void {
  const itemList = currentItemList(store.state);
  if (itemList) store.set({ stars: new Map(store.state.stars).set(itemList, stars) });
}
