import { MatfacError } from '../base/errors.js';
import type { FileSource } from '../base/source.js';
import { byId, type Id } from '../ratings/ids.js';
import { detailsOf, type Title, titleColumns } from '../ratings/title-columns.js';
import { type Archive, openFile } from './archive/open-file.js';
import { guessTitles } from './archive/zip-choice.js';
import { rowsOfText, titlesOf } from './titles.js';

/** See `Titles.fromFile`. */
export async function readTitles(source: FileSource): Promise<Map<Id, Title>> {
  const opened = await openFile(source, { choose });
  const { archive } = opened;
  if (!archive) return byId(await titlesOf(opened));
  if ('text' in opened) await opened.text.return(undefined);
  return titlesInArchive(archive, archive.path);
}

function choose(paths: string[]): string {
  const path = guessTitles(paths);
  if (path !== undefined) return path;
  throw new MatfacError('parse-error', 'The zip archive must have a file of titles, such as movies.csv or u.item');
}

/** The titles in a file of an archive, with the ids of IMDb and TMDB from MovieLens's links.csv beside it. */
export async function titlesInArchive(archive: Archive, path: string): Promise<Map<Id, Title>> {
  const titles = byId(await titlesOf(await archive.open(path)));
  const links = `${path.slice(0, path.lastIndexOf('/') + 1)}links.csv`;
  if (archive.paths.includes(links)) await addLinks(titles, archive, links);
  return titles;
}

/** Titles work without links, so that damaged ones are left out. */
async function addLinks(titles: Map<Id, Title>, archive: Archive, path: string): Promise<void> {
  try {
    const [header, ...rows] = await rowsOfText(await archive.open(path));
    // A column of titles is missing there.
    const columns = titleColumns([...(header?.fields ?? []), 'title']);
    if (!columns || header?.fields[columns.id] === undefined) return;
    for (const { fields } of rows) {
      const title = titles.get(fields[columns.id]!.trim());
      if (title)
        Object.assign(
          title,
          detailsOf(columns.details, (column) => fields[column]),
        );
    }
  } catch (failure) {
    if (!(failure instanceof MatfacError) || failure.code === 'aborted') throw failure;
  }
}
