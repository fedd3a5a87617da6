import { MatfacError } from 'matfac';
import type { Problem } from '../state/state.js';

/** An error as a visitor reads it: in matfac's own words if it is one of matfac's. */
export function problemOf(error: unknown): Problem {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof MatfacError && error.code !== 'out-of-memory') return { message: text };
  // Browsers throw a RangeError when they cannot allocate an array.
  if (error instanceof MatfacError || (error instanceof RangeError && /alloc|length|memory/i.test(text))) {
    return { message: `The page ran out of memory: ${text}. Try fewer ratings, factors or samples.` };
  }
  return { message: `An unexpected error occurred: ${text}` };
}
