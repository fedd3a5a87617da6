import type { ItemRating } from '../../model/profile.js';
import type { Note } from '../../ratings/notes.js';
import type { Compression } from '../../ratings/ratings-source.js';

/** Whose export a list is; `list` is any other list of titles. */
export type ListService = 'letterboxd' | 'imdb' | 'goodreads' | 'trakt' | 'netflix' | 'list';

/** An entry of a person's list, and the item that it means. */
export interface MatchedRating extends ItemRating {
  /**
   * How sure the match is. `id`: the list and the titles have the same IMDb, TMDB, Goodreads or ISBN number, or the list has the
   * id of the item. `exact`: the same title, and the same year (of a book, author) where both have one. `close`: nearly that; the year
   * is one off, the subtitle or the article is missing, a letter is wrong, or an alternative title has no year to confirm it.
   */
  sure: 'id' | 'exact' | 'close';
  /** The title in the list. */
  title: string;
  /** The title of the item. */
  matched: string;
  /** The line of the text, 1 for the first; in JSON, which entry. */
  line: number;
}

/** An entry of a person's list that no item is known for. */
export interface UnmatchedRating {
  title: string;
  year?: number;
  /** On the scale of the list. */
  rating?: number;
  /** The line of the text, 1 for the first; in JSON, which entry. */
  line: number;
  /** Why, in words: no such title, another year, several titles, not in the model, or a rating that is none. */
  reason: string;
}

/** One person's list, as `readProfile` reads it. */
export interface OwnRatings {
  /** For `model.foldIn`, one per item, in the order of the list. */
  ratings: MatchedRating[];
  /**
   * What was taken but is not among `ratings`: without a rating, or with a low one in a model of implicit feedback. For
   * `exclude` of `recommend`.
   */
  unrated: MatchedRating[];
  unmatched: UnmatchedRating[];
  /** How the file was read. */
  source: {
    service: ListService;
    format: 'csv' | 'tsv' | 'json';
    compression: Compression;
    /** The paths of the files in a zip archive. */
    files?: string[];
    /** The names of the columns, if the file has them. */
    columns?: { title?: string; year?: string; rating?: string };
    /** The scale of the list; undefined for a list without ratings. */
    scale?: readonly [least: number, most: number];
    /** What was guessed, ignored or odd. */
    notes: readonly Note[];
  };
}
