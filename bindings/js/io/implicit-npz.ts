import { MatfacError } from '../errors.js';
import type { FactorRows, FactorsSolver } from '../from-factors.js';
import { type NpyArray, readNpy } from './npy.js';
import type { Numbered } from './numbered.js';

/** What `save` of Python's implicit wrote: a zip of .npy arrays. Of BPR the last column of the items is their bias. */
export async function readNpz(bytes: Uint8Array, solver: FactorsSolver | undefined): Promise<Numbered> {
  const { unzipSync } = await import('fflate');
  let files: { [name: string]: Uint8Array };
  try {
    files = unzipSync(bytes);
  } catch (cause) {
    throw new MatfacError('parse-error', 'The file is no .npz archive, or it is cut off', { cause });
  }
  const array = (name: string) => (files[`${name}.npy`] ? readNpy(files[`${name}.npy`]!, name) : undefined);
  const users = matrixOf(array('user_factors'), 'user_factors');
  const items = matrixOf(array('item_factors'), 'item_factors');
  const rows = (count: number) => Array.from({ length: count }, (_, row) => row);
  const numbered = { userRows: rows(users.rows), itemRows: rows(items.rows) };
  const number = (name: string) => array(name)?.data[0];
  const isBpr = solver === 'bpr' || (solver === undefined && 'learning_rate.npy' in files);
  if (!isBpr) {
    const confidence = number('alpha') ?? 1;
    return { userFactors: users, itemFactors: items, ...numbered, solver: 'implicit-als', confidence };
  }
  const factors = number('factors');
  if (factors !== items.columns - 1) return { userFactors: users, itemFactors: items, ...numbered, solver: 'bpr' };
  const itemBias = items.data.filter((_, place) => place % items.columns === factors);
  return {
    ...{ userFactors: withoutLast(users), itemFactors: withoutLast(items), itemBias },
    ...{ ...numbered, solver: 'bpr' },
  };
}

type Matrix = Exclude<FactorRows, ArrayLike<unknown>> & { data: Float64Array };

function matrixOf(array: NpyArray | undefined, name: string): Matrix {
  if (!array) throw new MatfacError('parse-error', `The .npz archive has no array ${name}`);
  const [rows, columns] = array.shape;
  if (array.shape.length !== 2)
    throw new MatfacError('parse-error', `${name} has the shape (${array.shape}), not two sides`);
  return { rows: rows!, columns: columns!, data: array.data };
}

function withoutLast({ rows, columns, data }: Matrix): Matrix {
  return { rows, columns: columns - 1, data: data.filter((_, place) => place % columns < columns - 1) };
}
