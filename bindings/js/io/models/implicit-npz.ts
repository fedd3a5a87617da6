import { Allowance } from '../../base/allowance.js';
import { MatfacError } from '../../base/errors.js';
import type { ReadLimits } from '../../base/limits.js';
import { gather, piecesOf, streamOf } from '../../base/source.js';
import type { FactorRows, FactorsSolver } from '../../model/from-factors.js';
import { type NpyArray, readNpy } from '../formats/npy.js';
import { type Numbered, rowNumbers } from './numbered.js';

/** Reads the file that `save` of Python's implicit writes: a zip of .npy arrays. In BPR, the last item factor is the bias. */
export async function readNpz(
  bytes: Uint8Array,
  solver: FactorsSolver | undefined,
  limits?: ReadLimits,
): Promise<Numbered> {
  const files = await arraysOf(bytes, limits);
  const array = (name: string) => (files.has(name) ? readNpy(files.get(name)!, name) : undefined);
  const users = matrixOf(array('user_factors'), 'user_factors');
  const items = matrixOf(array('item_factors'), 'item_factors');
  const numbered = { userRows: rowNumbers(users.rows), itemRows: rowNumbers(items.rows) };
  const number = (name: string) => array(name)?.data[0];
  const isBpr = solver === 'bpr' || (solver === undefined && files.has('learning_rate'));
  if (!isBpr) {
    const confidence = number('alpha') ?? 1;
    return { userFactors: users, itemFactors: items, ...numbered, solver: 'implicit-als', confidence };
  }
  const factors = number('factors');
  if (factors !== items.columns - 1) return { userFactors: users, itemFactors: items, ...numbered, solver: 'bpr' };
  const itemBias = items.data.filter((_, index) => index % items.columns === factors);
  return {
    ...{ userFactors: withoutLast(users), itemFactors: withoutLast(items), itemBias },
    ...{ ...numbered, solver: 'bpr' },
  };
}

/** The bytes of each array in the archive, by name. */
async function arraysOf(bytes: Uint8Array, limits: ReadLimits | undefined): Promise<Map<string, Uint8Array>> {
  const { filesIn, packedIn, unpacked } = await import('../archive/zip.js');
  const archive = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const arrays = new Map<string, Uint8Array>();
  const entries = await filesIn(archive).catch((cause) => {
    throw new MatfacError('parse-error', 'The file must be an .npz archive; it is another file or cut off', { cause });
  });
  const allowance = new Allowance(limits, bytes.length);
  for (const entry of entries) {
    allowance.hold(entry.size);
    const packed = piecesOf(streamOf(await packedIn(archive, entry)));
    const array = await gather(allowance.pieces(unpacked(packed, entry)));
    arrays.set(entry.path.replace(/\.npy$/, ''), new Uint8Array(await array.arrayBuffer()));
  }
  return arrays;
}

type Matrix = Exclude<FactorRows, ArrayLike<unknown>> & { data: Float64Array };

function matrixOf(array: NpyArray | undefined, name: string): Matrix {
  if (!array) throw new MatfacError('parse-error', `The .npz archive must have an array ${name}`);
  const [rows, columns] = array.shape;
  if (array.shape.length !== 2)
    throw new MatfacError('parse-error', `${name} must have two dimensions; its shape is (${array.shape})`);
  return { rows: rows!, columns: columns!, data: array.data };
}

function withoutLast({ rows, columns, data }: Matrix): Matrix {
  return { rows, columns: columns - 1, data: data.filter((_, index) => index % columns < columns - 1) };
}
