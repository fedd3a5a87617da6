import { nearest } from '../../base/checks.js';
import { invalid, MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';

const ENDING = /\.(csv|tsv|dat|data|txt|json|jsonl|ndjson|parquet|inter|mtx|libsvm|npy|npz|xlsx|zip|tab)(\.gz)?$/i;

/** The names of files of ratings, the most certain first; each test takes linear time in the name. */
const RATINGS: ((name: string) => boolean)[] = [
  (name) => /^u\.data$/i.test(name),
  (name) => /^(user_?)?ratings?$/i.test(stemOf(name)),
  (name) => /\.inter(\.gz)?$/i.test(name),
  (name) => /\.mtx(\.gz)?$/i.test(name),
  (name) => /rating|review|interaction|event|play|listen|click|purchase|vote/i.test(stemOf(name)),
];
const TITLES =
  /^(u\.item|(movies?|items?|books?|films?|products?|songs?|tracks?|artists?|anime|games?|titles?)\.(csv|tsv|dat|txt|json|jsonl|ndjson|parquet|xlsx)(\.gz)?|movie_titles\.(txt|csv)|bx[-_]books\.csv|[^/]+\.item|(movies_metadata|steam_games|(yelp_academic_dataset_)?business|meta_[-_a-z0-9]+)\.(csv|json|jsonl|ndjson)(\.gz)?)$/i;
const FEATURES = /^(u\.(item|user)|users?\.[a-z]+|[^/]+\.(item|user))$/i;
/** Files of MovieLens's archives that have neither ratings nor titles. */
const NEITHER = /^(readme|licen[cs]e|links|tags|users|genome|u\.(genre|info|occupation|user))/i;

/**
 * The file of ratings in an archive, by its name.
 * @throws MatfacError `parse-error` when no file or several files qualify, `invalid-argument` for a `file` that is missing.
 */
export function chooseFile(paths: string[], file?: string): string {
  const known = paths.filter(isVisible);
  return file === undefined ? guessRatings(known) : named(known, file);
}

/** The format that all files of an archive are one file of; undefined for an archive of files. */
export function packageOf(paths: string[]): 'npz' | 'xlsx' | undefined {
  if (paths.includes('xl/workbook.xml')) return 'xlsx';
  return paths.length > 0 && paths.every((path) => /^[^/]+\.npy$/.test(path)) ? 'npz' : undefined;
}

/** The file of titles in an archive, in the folder of the ratings if those are given; undefined when there is none. */
export function guessTitles(paths: string[], ratings?: string): string | undefined {
  const isNear = (path: string) => ratings === undefined || (path !== ratings && folderOf(path) === folderOf(ratings));
  return shallowest(paths.filter((path) => isVisible(path) && TITLES.test(baseOf(path)) && isNear(path)));
}

/** The file of features in an archive: the only one, or that which `file` names. @throws as `chooseFile`. */
export function chooseFeatures(paths: string[], file?: string): string {
  if (packageOf(paths) === 'xlsx') return paths[0]!;
  const known = paths.filter(isVisible);
  if (file !== undefined) return named(known, file);
  const tables = known.filter(
    (path) => FEATURES.test(baseOf(path)) || (ENDING.test(path) && !NEITHER.test(baseOf(path))),
  );
  if (tables.length === 1) return tables[0]!;
  const what = tables.length > 1 ? 'several files may have the features' : 'no file of features was found';
  throw new MatfacError(
    'parse-error',
    `In the zip archive ${what}; the option file names it: there are ${listOf(paths)}`,
  );
}

/** Some systems add hidden files of their own. */
function isVisible(path: string): boolean {
  return !/(^|\/)(__MACOSX\/|\.)/.test(path);
}

function guessRatings(paths: string[]): string {
  refuseDocuments(paths);
  for (const isRatings of RATINGS) {
    const path = shallowest(paths.filter((path) => isRatings(baseOf(path)) && !NEITHER.test(baseOf(path))));
    if (path !== undefined) return path;
  }
  const others = paths.filter((path) => ENDING.test(path) && !TITLES.test(baseOf(path)) && !NEITHER.test(baseOf(path)));
  if (others.length === 1) return others[0]!;
  const what = others.length > 1 ? 'several files may have the ratings' : 'no file of ratings was found';
  throw new MatfacError(
    'parse-error',
    `In the zip archive ${what}; the option file names it: there are ${listOf(paths)}`,
  );
}

/** Other documents that are zip archives. */
function refuseDocuments(paths: string[]): void {
  const isOffice = paths.includes('[Content_Types].xml') || paths.includes('xl/workbook.bin');
  const isOpen = paths.includes('mimetype') && paths.includes('content.xml');
  const isNumbers = paths.includes('Index/Document.iwa') || paths.includes('Index.zip');
  if (!isOffice && !isOpen && !isNumbers) return;
  const kind = isOffice ? 'an Office document' : isOpen ? 'an OpenDocument file' : 'a document of Numbers';
  const message = `The file must be CSV, an Excel workbook (.xlsx) or another table; it is ${kind}: save it as CSV`;
  throw new MatfacError('unsupported', message);
}

function named(paths: string[], file: string): string {
  const path = paths.find((path) => path === file) ?? shallowest(paths.filter((path) => baseOf(path) === file));
  if (path !== undefined) return path;
  const guess = paths.length > 0 ? `; did you mean ${show(nearest(file, paths))}? There are ${listOf(paths)}` : '';
  throw invalid(`file must be in the zip archive; it is ${show(file)}${guess}`);
}

function shallowest(paths: string[]): string | undefined {
  const depths = paths.map((path) => path.split('/').length);
  const least = depths.reduce((least, depth) => Math.min(least, depth), Number.POSITIVE_INFINITY);
  return paths[depths.indexOf(least)];
}

/** The name of a file without its ending; empty for one of another kind. */
function stemOf(name: string): string {
  return name.slice(0, ENDING.exec(name)?.index ?? 0);
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function listOf(paths: string[]): string {
  const first = paths.slice(0, 20).map(show);
  return paths.length > 20 ? `${first.join(', ')} and ${paths.length - 20} more` : first.join(', ') || 'none';
}
