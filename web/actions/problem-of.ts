import { MatfacError } from 'matfac';
import type { Problem } from '../state/state.js';

/** The advice of messages that is for programmers: the options of a call, which a visitor cannot change. */
const FOR_PROGRAMMERS = /; (is it served|configure|worker: false|store it with).*$/s;

/** An error as a visitor reads it: in matfac's own words if it is one of matfac's. */
export function problemOf(error: unknown): Problem {
  const whole = error instanceof Error ? error.message : String(error);
  const text = whole.replace(FOR_PROGRAMMERS, (_, advice) =>
    advice === 'store it with' ? '' : '; reload the page to try again',
  );
  if (error instanceof MatfacError && error.code !== 'out-of-memory') return { message: text };
  // Browsers throw a RangeError when they cannot allocate an array.
  if (error instanceof MatfacError || (error instanceof RangeError && /alloc|length|memory/i.test(text))) {
    return { message: `The page ran out of memory: ${text}. Try fewer ratings, factors or samples.` };
  }
  return { message: `An unexpected error occurred: ${text}` };
}
