import type { Candidate, TitleIndex } from './title-index.js';

/** Keys share this many letters at one end, which makes the search linear. */
const SHARED = 4;
/** Where more titles share them, none is unmistakable. */
const MOST_COMPARED = 64;
/** A shorter title with a wrong letter is as likely another title; without a year even more so. */
const SHORTEST = 6;
const SHORTEST_WITHOUT_YEAR = 16;
const LONGEST = 200;

interface Spelling {
  key: string;
  candidate: Candidate;
}

type Ends = Map<string, Spelling[]>;

/** The titles of each year, and the lists of the years that were asked for, by the letters at either end of their keys. */
interface Years {
  candidates: Map<number | undefined, Candidate[]>;
  ends: Map<number | undefined, Ends>;
}

const known = new WeakMap<TitleIndex, Years>();

/** The titles of the year that are one of the keys but for one wrong, missing or added letter, or two in the wrong order. */
export function nearTitles(keys: readonly string[], year: number | undefined, index: TitleIndex): Candidate[] {
  const found: Candidate[] = [];
  for (const key of new Set(keys)) {
    if (!isLongEnough(key, year === undefined ? SHORTEST_WITHOUT_YEAR : SHORTEST)) continue;
    const lists = endsIn(index, year);
    for (const end of endsOf(key)) {
      const list = lists.get(end) ?? [];
      if (list.length > MOST_COMPARED) continue;
      for (const other of list) if (isMisspelled(key, other.key, index)) found.push(other.candidate);
    }
  }
  return found;
}

const isLongEnough = (key: string, shortest: number) => key.length >= shortest && key.length <= LONGEST;

function endsIn(index: TitleIndex, year: number | undefined): Ends {
  const years = known.get(index) ?? { candidates: byYear(index.candidates), ends: new Map() };
  known.set(index, years);
  const among = year === undefined ? index.candidates : (years.candidates.get(year) ?? []);
  const made = years.ends.get(year) ?? endsAmong(among);
  years.ends.set(year, made);
  return made;
}

function byYear(candidates: readonly Candidate[]): Map<number | undefined, Candidate[]> {
  const years = new Map<number | undefined, Candidate[]>();
  for (const candidate of candidates) {
    const list = years.get(candidate.year);
    if (list) list.push(candidate);
    else years.set(candidate.year, [candidate]);
  }
  return years;
}

function endsAmong(candidates: readonly Candidate[]): Ends {
  const lists: Ends = new Map();
  for (const candidate of candidates) {
    for (const key of candidate.keys.slice(0, 4)) {
      if (!isLongEnough(key, SHORTEST - 1)) continue;
      for (const end of endsOf(key)) {
        const list = lists.get(end);
        if (!list) lists.set(end, [{ key, candidate }]);
        else if (list.length <= MOST_COMPARED) list.push({ key, candidate });
      }
    }
  }
  return lists;
}

const endsOf = (key: string) => [`^${key.slice(0, SHARED)}`, `${key.slice(-SHARED)}$`];

/** The wrong words must be in no title: "hunted" is not a misspelled "haunted", and a sequel not a misspelled number. */
function isMisspelled(key: string, other: string, index: TitleIndex): boolean {
  if (!isOneEditAway(key, other)) return false;
  const right = new Set(other.split(' '));
  return key.split(' ').every((word) => right.has(word) || !(/\d/u.test(word) || index.hasWord(word)));
}

function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const rest = (text: string, from: number) => text.slice(from);
  if (a.length !== b.length) {
    return a.length > b.length ? rest(a, start + 1) === rest(b, start) : rest(a, start) === rest(b, start + 1);
  }
  if (rest(a, start + 1) === rest(b, start + 1)) return true;
  const isSwapped = a[start] === b[start + 1] && a[start + 1] === b[start];
  return isSwapped && rest(a, start + 2) === rest(b, start + 2);
}
