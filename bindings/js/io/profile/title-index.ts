import { mustBe } from '../../base/checks.js';
import type { Id } from '../../ratings/ids.js';
import type { Title } from '../../ratings/title-columns.js';
import { type OutsideId, type OutsideIds, outsideId } from './ids-of-titles.js';
import { divideTitle, keyOf, looseKeysOf, partsOf } from './title-forms.js';

/** A title that entries are matched to. */
export interface Candidate {
  item: Id;
  title: string;
  year: number | undefined;
  /** The words of its authors. */
  author: ReadonlySet<string> | undefined;
  ids: OutsideIds;
  names: string[];
  /** Of each name. */
  keys: string[];
  /** How many of the names are the title itself. */
  own: number;
}

/** Most keys are of one title, which needs no list. */
type Lists = Map<string, Candidate | Candidate[]>;

const NONE: readonly Candidate[] = [];
const NO_IDS: OutsideIds = Object.freeze({});

const OUTSIDE: OutsideId[] = ['imdb', 'tmdb', 'isbn', 'goodreads'];

/** The titles by their ids and by each form of their names; the looser forms are made when they are first needed. */
export class TitleIndex {
  readonly candidates: Candidate[] = [];
  readonly #byItem = new Map<string, Candidate>();
  readonly #byOutsideId: Lists = new Map();
  readonly #whole: Lists = new Map();
  #words: Set<string> | undefined;
  readonly #made: { [form in 'own' | 'added' | 'loose' | 'part']?: Lists } = {};

  /** Adds a title; all of them come before the first search. */
  add(item: Id, title: Title): void {
    if (typeof title?.title !== 'string') throw mustBe('readProfile: titles', 'a Map of ids and {title}', title);
    const candidate = candidateOf(item, title);
    this.candidates.push(candidate);
    this.#byItem.set(String(item), candidate);
    for (const kind of OUTSIDE) {
      const id = candidate.ids[kind];
      if (id !== undefined) add(this.#byOutsideId, `${kind} ${id}`, candidate);
    }
    if (candidate.keys[0] !== undefined) add(this.#whole, candidate.keys[0], candidate);
  }

  item(id: Id): Candidate | undefined {
    return this.#byItem.get(String(id));
  }

  outside(kind: OutsideId, id: string): readonly Candidate[] {
    return listIn(this.#byOutsideId, `${kind} ${id}`);
  }

  /** By the key of the whole name. */
  whole(key: string): readonly Candidate[] {
    return listIn(this.#whole, key);
  }

  /** By the key of the name without its parentheses. */
  own(key: string): readonly Candidate[] {
    this.#made.own ??= this.#index(({ keys, own }) => keys.slice(1, own));
    return listIn(this.#made.own, key);
  }

  /** By the key of an alternative title in parentheses. */
  added(key: string): readonly Candidate[] {
    this.#made.added ??= this.#index(({ keys, own }) => keys.slice(own));
    return listIn(this.#made.added, key);
  }

  /** By the loose key of any name. */
  loose(key: string): readonly Candidate[] {
    this.#made.loose ??= this.#index(({ keys }) => keys.flatMap(looseKeysOf));
    return listIn(this.#made.loose, key);
  }

  /** By the loose key of a name without its subtitle, or of the subtitle. */
  part(key: string): readonly Candidate[] {
    this.#made.part ??= this.#index(({ names }) => partKeysOf(names));
    return listIn(this.#made.part, key);
  }

  /** Whether a word is in any title. */
  hasWord(word: string): boolean {
    this.#words ??= new Set(this.candidates.flatMap(({ keys }) => keys.flatMap((key) => key.split(' '))));
    return this.#words.has(word);
  }

  #index(keysOf: (candidate: Candidate) => string[]): Lists {
    const lists: Lists = new Map();
    for (const candidate of this.candidates) for (const key of keysOf(candidate)) add(lists, key, candidate);
    return lists;
  }
}

/** The loose keys of the parts of names. */
export function partKeysOf(names: readonly string[]): string[] {
  return names.flatMap(partsOf).flatMap((part) => looseKeysOf(keyOf(part)));
}

function candidateOf(item: Id, title: Title): Candidate {
  const { names, own, year } = divideTitle(title.title);
  const author = title.author === undefined ? undefined : wordsOf(title.author);
  const keys = names.map(keyOf);
  return { item, title: title.title, year: year ?? title.year, author, ids: idsOf(item, title), names, keys, own };
}

function idsOf(item: Id, title: Title): OutsideIds {
  const found: OutsideIds = {};
  let count = 0;
  const keep = (kind: OutsideId, value: unknown) => {
    const id = value === undefined ? undefined : outsideId(kind, value);
    if (id === undefined) return;
    found[kind] = id;
    count++;
  };
  // Items may be called by such an id themselves.
  if (typeof item === 'string' && /^tt\d{5,}$/.test(item)) keep('imdb', item);
  if (typeof item === 'string' && /^(?:97[89])?\d{9}[\dX]$/i.test(item)) keep('isbn', item);
  keep('imdb', title.imdbId);
  keep('tmdb', title.tmdbId);
  keep('isbn', title.isbn);
  keep('goodreads', title.goodreadsId);
  return count > 0 ? found : NO_IDS;
}

/** The words of a name that are long enough to tell people apart. */
export function wordsOf(author: string): ReadonlySet<string> | undefined {
  const words = keyOf(author.slice(0, 500)).split(' ');
  const long = words.filter((word) => word.length > 2);
  return words[0] === '' ? undefined : new Set(long.length > 0 ? long : words);
}

function add(lists: Lists, key: string, candidate: Candidate): void {
  if (key === '') return;
  const list = lists.get(key);
  if (list === undefined) lists.set(key, candidate);
  else if (Array.isArray(list)) list.push(candidate);
  else lists.set(key, [list, candidate]);
}

function listIn(lists: Lists, key: string): readonly Candidate[] {
  const list = lists.get(key);
  return list === undefined ? NONE : Array.isArray(list) ? list : [list];
}
