import { MatfacError } from 'matfac';
import { plainWords } from '../base/plain-words.js';
import type { Problem } from '../state/state.js';

/** What engines and the library say when one of the page's own files cannot be loaded. */
const OWN_FILES = /WebAssembly module could not be loaded|(dynamically imported|module script)/i;

/** An error as a visitor reads it: in matfac's own words, without those for developers, if it is one of matfac's. */
export function problemOf(error: unknown): Problem {
  const text = plainWords(error instanceof Error ? error.message : String(error));
  if (OWN_FILES.test(text)) {
    return { message: 'A part of this page could not be loaded. Please check the network, and reload the page.' };
  }
  if (error instanceof MatfacError && error.code !== 'out-of-memory') return { message: text };
  // Browsers throw a RangeError when they cannot allocate an array.
  if (error instanceof MatfacError || (error instanceof RangeError && /alloc|length|memory/i.test(text))) {
    return { message: `The page ran out of memory: ${text}. Try fewer ratings, factors or samples.` };
  }
  return { message: `An unexpected error occurred: ${text}` };
}
