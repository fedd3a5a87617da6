import { MatfacError } from 'matfac';
import type { Problem } from '../state/state.js';

/** What a visitor reads of an error: matfac's own words where it has any. */
export function problemOf(error: unknown): Problem {
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof MatfacError && error.code !== 'out-of-memory') return { message: words };
  // What a browser says when an array of its own finds no room.
  if (error instanceof MatfacError || (error instanceof RangeError && /alloc|length|memory/i.test(words))) {
    return { message: `This is too much for the memory of a page: ${words}. Take fewer ratings, factors or samples.` };
  }
  return { message: `Something went wrong that this page did not expect: ${words}` };
}
