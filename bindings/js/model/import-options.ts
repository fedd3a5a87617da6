import type { ReadLimits } from '../base/limits.js';
import type { FileSource } from '../base/source.js';
import type { Id } from '../ratings/ids.js';
import type { FactorsOptions } from './from-factors.js';

/** A file of another library, or its bytes. */
export type ModelFileSource = FileSource | Uint8Array | ArrayBuffer;

/** The files of the items' vectors and, optionally, of the users'; a list of files where one is in parts. */
export interface VectorFiles {
  items: ModelFileSource | readonly ModelFileSource[];
  users?: ModelFileSource | readonly ModelFileSource[];
}

/**
 * - `spark`: the Parquet files in `itemFactors` and `userFactors` of a saved ALSModel (columns `id`, `features`), as
 *   {items, users}. Default: `solver: 'sgd'`, whose fold-in weights the penalty by λ n as Spark does, and regularization 0.1,
 *   the default of Spark. For a model of implicit feedback, set `solver: 'implicit-als'`.
 * - `implicit`: the .npz file that `save` of Python's implicit writes, of ALS or BPR. Ids are row numbers unless `items` and
 *   `users` are given. Default: the confidence in the file. Visitors are folded in with the objective of `implicit-als`, which
 *   weights regularization differently, so choose `regularization`.
 * - `libmf`: the text model of LIBMF, with a squared, absolute or KL loss. Ids as for `implicit`, of the trained rows.
 *   Default: `solver: 'sgd'`, whose fold-in weights the penalty by λ n as LIBMF does, and regularization 0.1.
 * - `safetensors`: matrices of another program, in F64, F32, F16 or BF16. Names contain "item" for items, "user" for users and
 *   "bias" for biases (PyTorch: `item_embedding.weight`, `item_bias.weight`), or `tensors` names the tensors. Ids as for
 *   `implicit`. `Model.load` opens the models that `save` writes.
 * - `csv`: one vector per line, the id first: `id,0.1,-0.2,…`; also with tabs, semicolons or spaces, or with a header. As
 *   {items, users}. Ids become numbers if all of them are whole numbers.
 */
export type ModelFileFormat = 'spark' | 'implicit' | 'libmf' | 'safetensors' | 'csv';

/** What the file does not contain; see `FactorsOptions`. */
export interface ImportOptions extends Omit<FactorsOptions, 'itemFactors' | 'userFactors' | 'items' | 'users'> {
  format: ModelFileFormat;
  /** implicit, libmf and safetensors: the ids of the items, row by row. */
  items?: ArrayLike<Id>;
  /** implicit, libmf and safetensors: the ids of the users, row by row. */
  users?: ArrayLike<Id>;
  /** safetensors: which tensor is which, when their names do not tell. */
  tensors?: TensorNames;
  /** spark and implicit: the most bytes after decompression, as in `Ratings.fromFile`. */
  limits?: Pick<ReadLimits, 'bytes'>;
}

/** The names of the tensors in a safetensors file. */
export interface TensorNames {
  /** Items × factors. */
  itemFactors?: string;
  /** Users × factors. */
  userFactors?: string;
  /** One number per item, in one or two dimensions. */
  itemBias?: string;
  /** One number per user. */
  userBias?: string;
}
