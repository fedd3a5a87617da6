import type { Id } from '../../ratings/ids.js';
import type { Entry } from './entries.js';
import type { OutsideId } from './ids-of-titles.js';
import { nearTitles } from './near-titles.js';
import { divideTitle, keyOf, looseKeysOf } from './title-forms.js';
import { type Candidate, partKeysOf, type TitleIndex, wordsOf } from './title-index.js';

/** See `MatchedRating.sure`. */
export type Sureness = 'id' | 'exact' | 'close';

export type Match = { candidate: Candidate; sure: Sureness } | { reason: string };

/** What is known of the entry beside its names. */
interface Known {
  entry: Entry;
  year: number | undefined;
  author: ReadonlySet<string> | undefined;
  /** Books: each edition has a year of its own, so the author decides, and no year. */
  isBook: boolean;
  /** Whether the model has an item. */
  isThere(item: Id): boolean;
}

/** One way to look for the names: candidates, and how sure a match is if the year is the same, or not known. */
interface Step {
  find(): Iterable<Candidate>;
  sure: Sureness;
  /** What to do when no side knows the year, or the author of a book; when one does, a match is `close` at best. */
  unconfirmed: Sureness | 'refuse';
}

const OTHER_YEAR = 'no title of this name and year';
const UNKNOWN = 'no such title';

/** Finds the title that an entry means, or says why there is none. */
export function matchTitle(entry: Entry, index: TitleIndex, isThere: (item: Id) => boolean): Match {
  const byId = matchById(entry, index);
  if (byId) return { candidate: byId, sure: 'id' };
  const divided = [entry.title, ...entry.otherTitles].map(divideTitle);
  const year = entry.year ?? divided.find((each) => each.year !== undefined)?.year;
  const author = entry.author === undefined ? undefined : wordsOf(entry.author);
  const known: Known = { entry, year, author, isBook: author !== undefined || entry.ids.isbn !== undefined, isThere };
  const steps = stepsOf(divided, index, known);
  for (const step of steps) {
    const found = chosen(new Set(step.find()), step, known);
    if (found) return found;
  }
  return (
    nextYear(steps, known) ?? {
      reason: index.whole(keyOf(divided[0]?.names[0] ?? '')).length > 0 ? OTHER_YEAR : UNKNOWN,
    }
  );
}

const KINDS: OutsideId[] = ['imdb', 'tmdb', 'isbn', 'goodreads'];

function matchById({ ids, item, title }: Entry, index: TitleIndex): Candidate | undefined {
  for (const kind of KINDS) {
    const id = ids[kind];
    const found = id === undefined ? [] : index.outside(kind, id);
    if (found.length === 1) return found[0];
  }
  const own = item === undefined ? undefined : index.item(item);
  // An id of another catalog can be the id of another title here.
  const agrees = own && (title === '' || haveName(own, divideTitle(title).names));
  return agrees ? own : undefined;
}

function haveName(candidate: Candidate, names: readonly string[]): boolean {
  const keys = new Set(candidate.keys.flatMap(looseKeysOf));
  return names.flatMap((name) => looseKeysOf(keyOf(name))).some((key) => keys.has(key));
}

function stepsOf(divided: readonly ReturnType<typeof divideTitle>[], index: TitleIndex, known: Known): Step[] {
  const all = divided.flatMap(({ names }) => names);
  const own = divided.flatMap(({ names, own }) => names.slice(0, own)).map(keyOf);
  const added = divided.flatMap(({ names, own }) => names.slice(own)).map(keyOf);
  const loose = [...own, ...added].flatMap(looseKeysOf);
  const whole = divided.flatMap(({ names }) => names.slice(0, 1)).map(keyOf);
  return [
    { find: () => whole.flatMap((key) => index.whole(key)), sure: 'exact', unconfirmed: 'refuse' },
    { find: () => own.flatMap((key) => [...index.whole(key), ...index.own(key)]), sure: 'exact', unconfirmed: 'exact' },
    {
      find: () => [
        ...own.flatMap((key) => index.added(key)),
        ...added.flatMap((key) => [...index.whole(key), ...index.own(key), ...index.added(key)]),
      ],
      sure: 'exact',
      unconfirmed: 'close',
    },
    { find: () => loose.flatMap((key) => index.loose(key)), sure: 'close', unconfirmed: 'close' },
    {
      // One side's name is a part of the other's.
      find: () => [...loose.flatMap((key) => index.part(key)), ...partKeysOf(all).flatMap((key) => index.loose(key))],
      sure: 'close',
      unconfirmed: 'refuse',
    },
    {
      find: () => nearTitles(own, known.isBook ? undefined : known.year, index),
      sure: 'close',
      unconfirmed: known.isBook ? 'refuse' : 'close',
    },
  ];
}

/** The only candidate that nothing speaks against; undefined when there is none. */
function chosen(candidates: ReadonlySet<Candidate>, step: Step, known: Known): Match | undefined {
  const possible = [...candidates].filter((candidate) => !contradicts(candidate, known));
  const confirmed = possible.filter((candidate) => isConfirmed(candidate, known));
  if (confirmed.length === 1) return { candidate: confirmed[0]!, sure: step.sure };
  if (confirmed.length > 1) return several(bestYear(confirmed, known), step.sure, known);
  if (step.unconfirmed === 'refuse' || possible.length === 0) return undefined;
  const isUnknown = (candidate: Candidate) =>
    known.isBook ? !known.author && !candidate.author : !known.year && !candidate.year;
  return several(possible, possible.every(isUnknown) ? step.unconfirmed : 'close', known);
}

/** The only one of several candidates, or the only one that the model has. */
function several(candidates: readonly Candidate[], sure: Sureness, { isThere }: Known): Match {
  if (candidates.length === 1) return { candidate: candidates[0]!, sure };
  const there = candidates.filter(({ item }) => isThere(item));
  if (there.length === 1) return { candidate: there[0]!, sure: 'close' };
  const names = candidates.slice(0, 3).map(({ title }) => title);
  const more = candidates.length > 3 ? ` and ${candidates.length - 3} more` : '';
  return { reason: `several titles fit: ${names.join('; ')}${more}` };
}

/** Of several works of one author with one title, those of the year. */
function bestYear(candidates: readonly Candidate[], { year }: Known): readonly Candidate[] {
  const same = candidates.filter((candidate) => candidate.year === year);
  return year !== undefined && same.length > 0 ? same : candidates;
}

function isConfirmed(candidate: Candidate, { year, author, isBook }: Known): boolean {
  if (isBook) return author !== undefined && candidate.author !== undefined;
  return year !== undefined && candidate.year === year;
}

/** Whether both know something, and it differs. */
function contradicts(candidate: Candidate, { entry, year, author, isBook }: Known): boolean {
  if (author && candidate.author && ![...author].some((word) => candidate.author!.has(word))) return true;
  if (!isBook && year !== undefined && candidate.year !== undefined && candidate.year !== year) return true;
  // The editions of a book have several ISBNs.
  return (['imdb', 'tmdb'] as const).some((kind) => {
    const [mine, other] = [entry.ids[kind], candidate.ids[kind]];
    return mine !== undefined && other !== undefined && mine !== other;
  });
}

/** Services date a film by its festival or by its release: the year before or after, if that is the only one. */
function nextYear(steps: readonly Step[], known: Known): Match | undefined {
  const { year } = known;
  if (year === undefined || known.isBook) return undefined;
  for (const step of steps.slice(0, 3)) {
    const near = [...new Set(step.find())].filter(
      (candidate) =>
        candidate.year !== undefined &&
        Math.abs(candidate.year - year) === 1 &&
        !contradicts(candidate, { ...known, year: candidate.year }),
    );
    if (near.length > 0) return several(near, 'close', known);
  }
  return undefined;
}
