import type { Notes } from '../../ratings/notes.js';
import type { Entry } from './entries.js';
import type { OutsideId } from './ids-of-titles.js';
import { divideTitle, keyOf } from './title-forms.js';

/** Entries of the same title, such as films seen again, become the latest one with a rating. */
export function withoutRepeated(entries: readonly Entry[], notes: Notes): Entry[] {
  const kept = new Map<string, Entry>();
  let repeated = 0;
  for (const entry of entries) {
    const key = identityOf(entry);
    const before = kept.get(key);
    if (before?.rating !== undefined && entry.rating !== undefined) repeated++;
    kept.set(key, before === undefined ? entry : later(before, entry));
  }
  noteRepeated(repeated, notes);
  return [...kept.values()];
}

export function noteRepeated(count: number, notes: Notes): void {
  if (count === 0) return;
  const titles = count === 1 ? 'One rating is replaced' : `${count} ratings are replaced`;
  notes.add('repeated-titles', `${titles} by a later one of the same title`);
}

/** A rating counts more than none, then the later date, then the later line. */
export function later<T extends Pick<Entry, 'rating' | 'time'>>(first: T, second: T): T {
  if ((first.rating === undefined) !== (second.rating === undefined))
    return first.rating === undefined ? second : first;
  return first.time > second.time ? first : second;
}

const KINDS: OutsideId[] = ['imdb', 'tmdb', 'goodreads', 'isbn'];

function identityOf({ ids, item, title, year, author }: Entry): string {
  for (const kind of KINDS) if (ids[kind] !== undefined) return `${kind} ${ids[kind]}`;
  const divided = divideTitle(title);
  const name = divided.names[0] === undefined ? title : keyOf(divided.names[0]);
  return JSON.stringify([item, name, year ?? divided.year, author]);
}
