import { MatfacError } from 'matfac';
import { plainWords } from '../base/plain-words.js';
import type { Problem } from '../state/state.js';

/** The advice of messages that is for programmers, at their end; a page that lacks its worker may have it the next time. */
const FOR_PROGRAMMERS = /; (is it served|configure|worker: false|store it with).*$/s;

/** What engines and the library say when one of the page's own files cannot be loaded. */
const OWN_FILES = /WebAssembly module could not be loaded|(dynamically imported|module script)/i;

/** An error as a visitor reads it: in matfac's own words, without those for developers, if it is one of matfac's. */
export function problemOf(error: unknown): Problem {
  const whole = error instanceof Error ? error.message : String(error);
  if (OWN_FILES.test(whole)) {
    return { message: 'A part of this page could not be loaded. Please check the network, and reload the page.' };
  }
  const text = plainWords(
    whole.replace(FOR_PROGRAMMERS, (_, advice) => (advice === 'store it with' ? '' : '; reload the page to try again')),
  );
  if (error instanceof MatfacError && error.code !== 'out-of-memory') return { message: text };
  // Browsers throw a RangeError when they cannot allocate an array.
  if (error instanceof MatfacError || (error instanceof RangeError && /alloc|length|memory/i.test(text))) {
    return { message: `The page ran out of memory: ${text}. Try fewer ratings, factors or samples.` };
  }
  return { message: `An unexpected error occurred: ${text}` };
}
