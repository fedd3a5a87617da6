import { MatfacError } from '../../base/errors.js';
import { show } from '../../base/show.js';
import type { Notes } from '../../ratings/notes.js';
import type { Entry } from './entries.js';
import { columnsOfValues } from './headerless.js';
import { type OutsideId, outsideId } from './ids-of-titles.js';
import { headerOf, type ListColumns, type ListRole } from './list-columns.js';
import { type ListFile, needed } from './list-files.js';
import type { ListService } from './own-ratings.js';
import { ratingIn, type Scale } from './scale.js';
import type { TableRow } from './table.js';

/** The entries of one file. */
export interface ListEntries {
  service: ListService;
  entries: Entry[];
  /** Entries with a rating that cannot be read, and why. */
  faulty: { entry: Entry; reason: string }[];
  /** How many ratings are 0, which is read as none. */
  zeros: number;
  /** What the service uses, or what the ratings themselves say. */
  scale: Scale | undefined;
  header: readonly string[] | undefined;
  columns: ListColumns;
}

const SCALES: { [service in ListService]?: Scale } = {
  letterboxd: [0.5, 5],
  imdb: [1, 10],
  goodreads: [1, 5],
  trakt: [1, 10],
};

export function entriesOf({ table, name }: ListFile, notes: Notes): ListEntries {
  const found = headerOf(table);
  const header = found && table.rows[found.index]!.cells;
  const { columns, rows } = found
    ? { columns: found.columns, rows: table.rows.slice(found.index + 1) }
    : columnsOfValues(table.rows);
  const hasNames = columns.title !== undefined || columns.item !== undefined || columns.imdb !== undefined;
  if (!hasNames || (!found && table.format === 'json')) throw needed(whatIsThere(table.rows));
  refuseSeveralUsers(rows, columns, header);
  const service = serviceOf(header ?? [], columns, table.format === 'json');
  if (service === 'goodreads') {
    if (columns.item !== undefined) columns.goodreads ??= columns.item;
    delete columns.item;
  }
  const list: ListEntries = { service, entries: [], faulty: [], zeros: 0, scale: SCALES[service], header, columns };
  let left = 0;
  for (const row of rows) if (!take(row, list)) left++;
  list.scale ??= onOneScale(list.entries);
  if (left > 0) {
    const file = name === '' ? '' : ` of ${name}`;
    notes.add(
      'rows-skipped',
      `${left} ${left === 1 ? 'row' : 'rows'}${file} are left out: episodes, what is not yet seen or read, or no title`,
    );
  }
  if (list.zeros > 0 && service !== 'goodreads') {
    notes.add('zero-unrated', `A rating of 0 is read as none (${list.zeros} of them); write 0/10 for a rating`);
  }
  return list;
}

/** Ratings that say their scale, such as 4/5 and 80 %, on the widest of these scales. */
function onOneScale(entries: Entry[]): Scale | undefined {
  const most = entries.reduce((top, { scale }) => Math.max(top, scale?.[1] ?? 0), 0);
  if (most === 0) return undefined;
  for (const entry of entries) if (entry.scale && entry.rating !== undefined) entry.rating *= most / entry.scale[1];
  const isFromOne = most > 1 && most <= 20 && entries.every(({ rating = 1 }) => rating >= 1);
  return [isFromOne ? 1 : 0, most];
}

function whatIsThere([first]: readonly TableRow[]): string {
  const cells = first?.cells.filter((cell) => cell !== '').slice(0, 8) ?? [];
  return cells.length === 0 ? 'it has no entries' : `its first line has ${cells.map(show).join(', ')}`;
}

function refuseSeveralUsers(
  rows: readonly TableRow[],
  { user }: ListColumns,
  header: readonly string[] | undefined,
): void {
  if (user === undefined) return;
  const users = new Set(rows.map(({ cells }) => cells[user] ?? ''));
  if (users.size < 2) return;
  const name = show(header?.[user]);
  const message = `Line 1: the file must be of one person; its column ${name} has ${users.size}. Ratings.fromFile reads the ratings of many`;
  throw new MatfacError('parse-error', message, { line: 1, column: user + 1 });
}

function serviceOf(header: readonly string[], columns: ListColumns, isJson: boolean): ListService {
  const names = new Set(header.map((name) => name.toLowerCase().replace(/[^a-z.]/gu, '')));
  if (names.has('letterboxduri')) return 'letterboxd';
  if (names.has('const') && names.has('title')) return 'imdb';
  if (names.has('bookid') && names.has('myrating')) return 'goodreads';
  const isTrakt = names.has('ids.trakt') || names.has('traktid') || (names.has('ratedat') && names.has('traktrating'));
  if (isTrakt || (isJson && names.has('ratedat'))) return 'trakt';
  return header.length === 2 && columns.title === 0 && columns.date === 1 ? 'netflix' : 'list';
}

/** What is only planned, or not finished. */
const NOT_TAKEN =
  /^(?:to.?read|currently.?reading|want.?to.?(?:read|watch|see)|plan(?:ned)?.?to.?(?:read|watch|see|play)|plan.?to.?\w+|plantowatch|watch.?list|wish.?list|not.?interesting|did.?not.?finish|reading)$/iu;
const PART = /^(?:tv ?)?(?:episode|season)s?$|^(?:trailer|hook|teaser)/iu;

/** Takes a row; false for one that is not an entry of what was taken. */
function take({ cells, line }: TableRow, list: ListEntries): boolean {
  const { columns, service } = list;
  const cell = (role: ListRole) => (columns[role] === undefined ? '' : (cells[columns[role]] ?? ''));
  const title = service === 'netflix' ? withoutEpisode(cell('title')) : cell('title');
  const ids = idsOf(cell);
  const item = cell('item');
  // The line below the names of a table in Markdown.
  if (/^:?-{3,}:?$/u.test(title)) return false;
  if (title === '' && item === '' && Object.keys(ids).length === 0) return false;
  if (PART.test(cell('type'))) return false;
  const written = cell('rating');
  const isNone = /^(?:|[-–—.?]|n\/?a|none|null|nan|unrated|not rated)$/iu.test(written);
  const read = isNone ? undefined : ratingIn(written);
  const isZero = read?.rating === 0 && read.scale === undefined;
  list.zeros += Number(isZero);
  const isRated = read !== undefined && !isZero;
  if (!isRated && (NOT_TAKEN.test(cell('status')) || service === 'imdb')) return false;
  const other = cell('originalTitle');
  const entry: Entry = {
    title: title.slice(0, 1000),
    otherTitles: other !== '' && other !== title ? [other] : [],
    time: timeOf(cell('date')),
    ids,
    line,
    ...yearOf(cell('year')),
    ...(cell('author') !== '' ? { author: cell('author') } : {}),
    ...(item !== '' ? { item } : {}),
    ...(isRated ? { rating: read.rating } : {}),
  };
  if (read?.scale) entry.scale = read.scale;
  if (read === undefined && !isNone) {
    list.faulty.push({ entry, reason: `the rating must be a number; it is ${show(written)}` });
  } else list.entries.push(entry);
  return true;
}

/** A title of Netflix names the season and the episode behind colons: "Dark: Season 1: Secrets". */
function withoutEpisode(title: string): string {
  const season =
    /:\s*(?:season|series|part|volume|book|chapter|staffel|teil|saison|partie|temporada|parte|stagione|seizoen|sezon|säsong|sesong|limited series|miniseries?|mini-série|シーズン|시즌)\b.*$/iu;
  return title.replace(season, '') || title;
}

function idsOf(cell: (role: ListRole) => string): Entry['ids'] {
  const ids: Entry['ids'] = {};
  const keep = (kind: OutsideId, text: string) => {
    const id = outsideId(kind, text);
    if (id !== undefined) ids[kind] ??= id;
  };
  keep('imdb', cell('imdb'));
  keep('tmdb', cell('tmdb'));
  keep('goodreads', cell('goodreads'));
  keep('isbn', cell('isbn'));
  keep('isbn', cell('isbn13'));
  return ids;
}

function yearOf(text: string): { year?: number } {
  const [year] = /\b(?:1[5-9]|20)\d\d\b/u.exec(text.slice(0, 40)) ?? [];
  return year === undefined ? {} : { year: Number(year) };
}

/** Seconds since 1970; NaN for a text that is not a date. Only the order counts. */
function timeOf(text: string): number {
  if (text === '' || text.length > 40) return Number.NaN;
  const [, year, month, day] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/u.exec(text) ?? [];
  if (year !== undefined) return Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000;
  return /^\d{9,13}$/u.test(text) ? Number(text) : Date.parse(text) / 1000;
}
