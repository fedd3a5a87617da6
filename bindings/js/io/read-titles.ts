import type { FileSource } from '../base/source.js';
import type { Id } from '../ratings/ids.js';
import type { Title } from '../ratings/title-columns.js';

/** Titles of items, from files that come with ratings. */
export const Titles = {
  /**
   * Reads CSV with a header (movieId,title,genres), MovieLens's `movies.dat` (`::`) or `u.item` (`|` and genre flags), in UTF-8
   * or Latin-1; JSON, NDJSON and Parquet with such names; gzipped or not, or in a zip archive. Ids of a text are numbers where
   * all are plain whole numbers, else strings, as in ratings; JSON and Parquet say themselves which they are.
   * @throws MatfacError `parse-error` with the line.
   */
  async fromFile(source: FileSource): Promise<Map<Id, Title>> {
    const { readTitles } = await import('./titles.js');
    return readTitles(source);
  },
};
