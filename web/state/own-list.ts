import { counted } from '../base/format.js';
import type { OwnList } from './state.js';

/** What came of a visitor's own list, in a sentence. */
export function summaryOf({ name, matched, seen, unmatched }: Omit<OwnList, 'itemList'>): string {
  const parts = [
    `${matched > 0 ? counted(matched, 'rating') : 'No ratings'} taken from ${name}`,
    seen.length > 0 && `${counted(seen.length, 'title')} without one will not be recommended`,
    unmatched.length > 0 && `${counted(unmatched.length, 'title')} not found`,
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}
