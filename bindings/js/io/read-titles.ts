import type { FileSource } from '../base/source.js';
import type { Id } from '../ratings/ids.js';
import type { Title } from '../ratings/title-columns.js';

/** Reads the titles of items from files that accompany ratings. */
export const Titles = {
  /**
   * Reads CSV with a header (movieId,title,genres), MovieLens's `movies.dat` (`::`) or `u.item` (`|` and genre flags), in UTF-8
   * or Latin-1; JSON, NDJSON and Parquet with such names; gzipped or not, or in a zip archive. As in ratings, the ids of a text
   * are numbers if all of them are plain whole numbers, else strings; those of JSON and Parquet have the types of the file. `get`
   * and `has` find an item by 7 and by '7'.
   * @throws MatfacError `parse-error` with the line.
   */
  async fromFile(source: FileSource): Promise<Map<Id, Title>> {
    const { readTitles } = await import('./titles.js');
    return readTitles(source);
  },
};
