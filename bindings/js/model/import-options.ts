import type { FileSource } from '../base/source.js';
import type { Id } from '../ratings/ids.js';
import type { FactorsOptions } from './from-factors.js';

/** A file of another library: its bytes too. */
export type ModelFileSource = FileSource | Uint8Array | ArrayBuffer;

/** The vectors of items, and of users if they are wanted, in files of their own; a list of files where there are parts. */
export interface VectorFiles {
  items: ModelFileSource | readonly ModelFileSource[];
  users?: ModelFileSource | readonly ModelFileSource[];
}

/**
 * - `spark`: the Parquet files in `itemFactors` and `userFactors` of a saved ALSModel (columns `id`, `features`), as
 *   {items, users}. Default: `solver: 'sgd'`, whose fold-in takes λ n as Spark does, and regularization 0.1, which is Spark's.
 *   For one of implicit feedback say `solver: 'implicit-als'`.
 * - `implicit`: the .npz file that `save` of Python's implicit wrote, of ALS or BPR. Ids are row numbers unless `items` and
 *   `users` say others. Default: confidence as in the file; visitors are folded in by the
 *   objective of `implicit-als` here, which weighs regularization in another way, so choose `regularization`.
 * - `libmf`: the text model of LIBMF, of a squared, absolute or KL loss. Ids as for implicit, of the rows that were trained.
 *   Default: `solver: 'sgd'`, whose fold-in takes λ n as LIBMF does, and regularization 0.1.
 * - `safetensors`: matrices that another program saved, in F64, F32, F16 or BF16. What is of the items has "item" in its
 *   name and what is of the users "user", biases "bias" (PyTorch: `item_embedding.weight`, `item_bias.weight`), or `tensors`
 *   names them. Ids as for implicit. A model that `save` wrote goes to `Model.load`.
 * - `csv`: a line a vector, the id first: `id,0.1,-0.2,…`; also with tabs, semicolons or spaces, also with a header. As
 *   {items, users}. Ids that are all whole numbers become numbers.
 */
export type ModelFileFormat = 'spark' | 'implicit' | 'libmf' | 'safetensors' | 'csv';

/** What the file does not say; see `FactorsOptions`. */
export interface ImportOptions extends Omit<FactorsOptions, 'itemFactors' | 'userFactors' | 'items' | 'users'> {
  format: ModelFileFormat;
  /** implicit, libmf and safetensors: the ids of the items, row by row. */
  items?: ArrayLike<Id>;
  /** implicit, libmf and safetensors: the ids of the users, row by row. */
  users?: ArrayLike<Id>;
  /** safetensors: which tensor is what, where names do not say it. */
  tensors?: TensorNames;
}

/** The names of tensors in a safetensors file, for those whose own do not say which they are. */
export interface TensorNames {
  /** Items × factors. */
  itemFactors?: string;
  /** Users × factors. */
  userFactors?: string;
  /** A number an item, in one or two dimensions. */
  itemBias?: string;
  /** A number a user. */
  userBias?: string;
}
