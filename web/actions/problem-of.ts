import { MatfacError } from 'matfac';
import { plainWords } from '../base/plain-words.js';
import type { Problem } from '../state/state.js';

/** An error as a visitor reads it: in matfac's own words, without those for developers, if it is one of matfac's. */
export function problemOf(error: unknown): Problem {
  const text = plainWords(error instanceof Error ? error.message : String(error));
  if (error instanceof MatfacError && error.code !== 'out-of-memory') return { message: text };
  // Browsers throw a RangeError when they cannot allocate an array.
  if (error instanceof MatfacError || (error instanceof RangeError && /alloc|length|memory/i.test(text))) {
    return { message: `The page ran out of memory: ${text}. Try fewer ratings, factors or samples.` };
  }
  return { message: `An unexpected error occurred: ${text}` };
}
