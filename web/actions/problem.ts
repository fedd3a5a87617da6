import { MatfacError } from 'matfac';
import type { Problem } from '../state.js';

/** What a visitor reads of an error: matfac's own words where it has any. */
export function problemOf(error: unknown): Problem {
  if (error instanceof MatfacError) return { message: error.message };
  const words = error instanceof Error ? error.message : String(error);
  return { message: `Something went wrong that this page did not expect: ${words}` };
}
