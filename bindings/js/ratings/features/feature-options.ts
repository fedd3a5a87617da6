import type { ReadLimits } from '../../base/limits.js';

/** How fields become features; what is left out is guessed from their values and names. */
export interface FeatureOptions {
  /** The field of the ids. Default: `id`, else `user` or `item`, else the first that ends with id, such as movieId. */
  id?: string;
  /** Fields of numbers, which are standardized. */
  numbers?: readonly string[];
  /** Fields of categories: each value is a feature. So are numbers that are codes. */
  categories?: readonly string[];
  /** Fields with several values: lists, or texts that bars, or else commas, divide. */
  lists?: readonly string[];
  /** Fields that are no features. */
  ignore?: readonly string[];
  /** Values that fewer rows have are pooled as `other`. Default: one row in a hundred, but at least 1 and at most 5. */
  minCount?: number;
  /** The most features; the rarest values are pooled. 1 to 4096, default 256. */
  maxColumns?: number;
}

/** How `Features.fromFile` reads a file. */
export interface FeatureFileOptions extends FeatureOptions {
  /** The name or path of the file in a zip archive. */
  file?: string;
  /** What the file may take at most. */
  limits?: Pick<ReadLimits, 'bytes' | 'rows'>;
  /** Cancels the reading. */
  signal?: AbortSignal;
}
