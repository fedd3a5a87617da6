import { translate } from '../base/errors.js';
import type { ReadLimits } from '../base/limits.js';
import type { FileSource } from '../base/source.js';
import type { Id } from '../ratings/ids.js';
import type { Title } from '../ratings/title-columns.js';

/** How `Titles.fromFile` reads a file. */
export interface TitleOptions {
  /** The character encoding of a text; see `ReadOptions.encoding`. */
  encoding?: string;
  /** What the file may take at most. */
  limits?: Pick<ReadLimits, 'bytes' | 'rows'>;
}

/** Reads the titles of items from files that accompany ratings. */
export const Titles = {
  /**
   * Reads CSV with a header (movieId,title,genres), MovieLens's `movies.dat` (`::`) or `u.item` (`|` and genre flags); JSON, NDJSON and Parquet with such names; the titles of Netflix, RecBole, Book-Crossing, Amazon, Yelp and Steam; Excel workbooks;
   * gzipped or not, or in a zip archive; texts in UTF-8, UTF-16 or Windows-1252. As in ratings, the ids of a text
   * are numbers if all of them are plain whole numbers, else strings; those of JSON and Parquet have the types of the file. `get`
   * and `has` find an item by 7 and by '7'.
   * `limits` are those of `Ratings.fromFile`, with at most 4,194,304 (2²²) rows by default.
   * @throws MatfacError `parse-error` with the line; `out-of-memory` beyond the limits.
   */
  async fromFile(source: FileSource, options: TitleOptions = {}): Promise<Map<Id, Title>> {
    const { readTitles } = await import('./titles.js');
    try {
      return await readTitles(source, options);
    } catch (failure) {
      throw translate(failure);
    }
  },
};
