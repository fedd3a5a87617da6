import type { Id } from './ids.js';
import type { Note } from './notes.js';
import type { Title } from './title-columns.js';

/**
 * The format of a file of ratings: `json` includes NDJSON and nested objects, `libsvm` libFM's text, `adjacency` lines of a user
 * and all of its items (LightGCN), `netflix` the files of the Netflix Prize, `recbole` RecBole's `.inter`, `npz` SciPy's sparse
 * matrices and `npy` a dense matrix of NumPy.
 */
export type FileFormat =
  | 'auto'
  | 'csv'
  | 'tsv'
  | 'movielens'
  | 'parquet'
  | 'json'
  | 'matrix-market'
  | 'npz'
  | 'npy'
  | 'libsvm'
  | 'adjacency'
  | 'netflix'
  | 'recbole'
  | 'xlsx';
export type Role = 'user' | 'item' | 'rating' | 'timestamp' | 'event';
/** How a file is compressed. */
export type Compression = 'gzip' | 'zip' | 'none';

/** Which column is which, by title or by number from 0; `null` for a rating, timestamp or event that the file does not have. */
export type ColumnChoice = { [role in Role]?: string | number | null };

/** The numbers of the columns, 0 for the first. */
export interface ColumnIndices {
  user: number;
  item: number;
  rating?: number;
  timestamp?: number;
  /** What somebody did: view, cart, buy. See `ReadOptions.events`. */
  event?: number;
}

/** The layout of the rows of a file. */
export interface RowLayout {
  format: Exclude<FileFormat, 'auto'>;
  /** For a dense matrix of ratings. */
  layout?: 'matrix';
  /** What separates the fields of a line; empty for JSON, Parquet and binary formats. */
  delimiter: string;
  /** The titles of the columns: the first line of a text, if it is a header, or the keys of JSON; of a matrix, the parts of an entry. */
  titles?: string[];
  columns: ColumnIndices;
}

/** How a file was read. */
export interface RatingsSource extends Omit<RowLayout, 'columns'> {
  /** Without a column of users if the option `user` names the user of every row. */
  columns: Omit<ColumnIndices, 'user'> & { user?: number };
  /** The user of every row, if the option `user` names one. */
  user?: Id;
  /** What was guessed, ignored or odd. */
  notes: readonly Note[];
  compression: Compression;
  /** The path of the file of ratings in a zip archive. */
  file?: string;
  /** The path of the file of titles in a zip archive that has one. */
  titleFile?: string;
  /** The titles in that file, by the ids of `ratings.items`. */
  itemTitles?: ReadonlyMap<Id, Title>;
}
