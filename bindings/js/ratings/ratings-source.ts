import type { Id } from './ids.js';
import type { Title } from './title-columns.js';

/** What a file of ratings can be told to be; `json` is NDJSON too. */
export type FileFormat = 'auto' | 'csv' | 'tsv' | 'movielens' | 'parquet' | 'json';
export type Role = 'user' | 'item' | 'rating' | 'timestamp';
/** What a file was packed with. */
export type Compression = 'gzip' | 'zip' | 'none';

/** Which column is which: its title, or its number from 0. `null` for rating or timestamp: there is none. */
export type ColumnChoice = { [role in Role]?: string | number | null };

/** Numbers of columns, 0 for the first. */
export interface ColumnIndices {
  user: number;
  item: number;
  rating?: number;
  timestamp?: number;
}

/** How the rows of a file are written. */
export interface RowLayout {
  format: Exclude<FileFormat, 'auto'>;
  /** What divides the fields of a line; empty for JSON and Parquet. */
  delimiter: string;
  /** The titles of the columns: of a text the first line, when it is a header; of JSON the keys. */
  titles?: string[];
  columns: ColumnIndices;
}

/** What was understood of a file. */
export interface RatingsSource extends RowLayout {
  compression: Compression;
  /** In a zip archive: the path of the file that the ratings are in. */
  file?: string;
  /** In a zip archive with titles beside the ratings: the path of their file. */
  titleFile?: string;
  /** The titles found there, by the ids of `ratings.items`. */
  itemTitles?: ReadonlyMap<Id, Title>;
}
