/** What is odd about the ratings of a file. Loaded only for files. */
import type { Ratings } from 'matfac';
import { counted } from '../base/format.js';
import { plainWords } from '../base/plain-words.js';
import { headOf, isProse, PROSE } from './first-rows.js';

/** The notes of the library in plain words, and the page's own. */
export async function notesOn({ size, skipped, source }: Ratings, file: File): Promise<string[]> {
  const notes = source?.notes.map(({ message }) => plainWords(message)) ?? [];
  if (size < 10) {
    notes.push(`There ${size === 1 ? 'is' : 'are'} only ${counted(size, 'rating')}: too few to learn from.`);
  }
  const areFew = skipped.count > size;
  if (areFew) {
    notes.push('Most rows could not be read: another column may have the ratings, or this is no table of ratings.');
  }
  if ((areFew || source?.delimiter === ' ') && isProse((await headOf(file)) ?? '')) notes.push(`The file ${PROSE}`);
  return notes;
}
