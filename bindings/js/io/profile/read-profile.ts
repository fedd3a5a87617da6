import type { FileSource } from '../../base/source.js';
import { isImplicit } from '../../core/options.js';
import type { OwnRatings } from './own-ratings.js';
import type { ReadProfileOptions } from './profile-options.js';

/**
 * Reads one person's list: an export of Letterboxd (ratings.csv, diary.csv, watched.csv or the zip), IMDb, Goodreads, Trakt or Netflix,
 * or any list of titles, with or without years and ratings, as CSV, TSV or JSON. Each entry is matched to an item by an id that both have, or by
 * title and year; what is in doubt is not matched. The list never leaves the machine.
 *
 * With `model`, the ratings fit it: `model.foldIn(ratings).recommend()`.
 * @throws MatfacError `parse-error` for a file that is not such a list; `unsupported` for a larger one than 64 MB; `invalid-argument`,
 * `aborted`.
 */
export async function readProfile(source: FileSource, options: ReadProfileOptions): Promise<OwnRatings> {
  const { readOwnList } = await import('./own-list.js');
  // Given, because an import of it there would divide the files that a page loads at first.
  return readOwnList(source, options, isImplicit);
}
