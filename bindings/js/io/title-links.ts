import { MatfacError } from '../base/errors.js';
import { gather } from '../base/source.js';
import type { Id } from '../ratings/ids.js';
import { detailsOf, type Title, titleColumns } from '../ratings/title-columns.js';
import type { Archive } from './archive/open-file.js';

/**
 * Adds the ids of IMDb and TMDB from MovieLens's links.csv, if it is beside the file of titles at `path`. `titles` finds an id by
 * its text.
 */
export async function withLinks(titles: Map<Id, Title>, archive: Archive, path: string): Promise<Map<Id, Title>> {
  const links = `${path.slice(0, path.lastIndexOf('/') + 1)}links.csv`;
  if (!archive.paths.includes(links)) return titles;
  try {
    const [header = [], ...rows] = await rowsOf(archive, links);
    // A column of titles is missing there.
    const columns = titleColumns([...header, 'title']);
    if (!columns || header[columns.id] === undefined) return titles;
    for (const row of rows) {
      const title = titles.get(row[columns.id] ?? '');
      if (title)
        Object.assign(
          title,
          detailsOf(columns.details, (column) => row[column]),
        );
    }
  } catch (failure) {
    // Titles work without links.
    if (!(failure instanceof MatfacError) || failure.code === 'aborted') throw failure;
  }
  return titles;
}

/** The cells of plain CSV. */
async function rowsOf(archive: Archive, path: string): Promise<string[][]> {
  const opened = await archive.open(path);
  if (!('text' in opened)) return [];
  const text = await (await gather(opened.text)).text();
  return text.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
}
