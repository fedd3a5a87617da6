import { checkNames } from '../../base/checks.js';
import { invalid, MatfacError } from '../../base/errors.js';
import { fromFloat16 } from '../../base/float16.js';
import { decodeTensors, type Tensor } from '../../base/safetensors.js';
import { show } from '../../base/show.js';
import type { TensorNames } from '../../model/import-options.js';
import { type Numbered, rowNumbers } from './numbered.js';

type Role = keyof TensorNames;
type Tensors = ReadonlyMap<string, Tensor>;

const ROLES: readonly Role[] = ['itemFactors', 'userFactors', 'itemBias', 'userBias'];

/**
 * Reads the factors of another program in safetensors, such as PyTorch's `item_embedding.weight` and `user_bias.weight`. Ids
 * are row numbers. @throws MatfacError `parse-error` for a damaged file or one without such tensors.
 */
export function readSafetensors(bytes: Uint8Array, names: TensorNames = {}): Numbered {
  checkNames('tensors', names, ROLES);
  const tensors = opened(bytes);
  const found = (role: Role) => find(tensors, role, names[role]);
  const [items, users] = [found('itemFactors'), found('userFactors')];
  if (!items) {
    const which = 'name the factors of the items with tensors: {itemFactors: …}';
    throw new MatfacError('parse-error', `No item factors found among ${listOf(tensors)}; ${which}`);
  }
  const [itemBias, userBias] = [found('itemBias'), found('userBias')];
  const itemFactors = matrixOf(items);
  const userFactors = users ? matrixOf(users) : { rows: 0, columns: itemFactors.columns, data: new Float64Array() };
  return {
    ...{ itemFactors, itemRows: rowNumbers(itemFactors.rows) },
    ...{ userFactors, userRows: rowNumbers(userFactors.rows) },
    ...(itemBias ? { itemBias: numbersOf(itemBias) } : {}),
    ...(userBias ? { userBias: numbersOf(userBias) } : {}),
  };
}

function opened(bytes: Uint8Array): Tensors {
  try {
    return decodeTensors(bytes).tensors;
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^[^:]*: /, '');
    throw new MatfacError('parse-error', `This is not a complete safetensors file: ${reason}`, { cause });
  }
}

/** The tensor of this name, or else the only one whose name and shape fit its role. */
function find(tensors: Tensors, role: Role, name: string | undefined): [name: string, Tensor] | undefined {
  if (name !== undefined) {
    const tensor = tensors.get(name);
    if (tensor) return [name, tensor];
    throw invalid(`tensors.${role} must be a tensor of the file, which has ${listOf(tensors)}; it is ${show(name)}`);
  }
  const [side, isBias] = [/^user/.test(role) ? /user/i : /item/i, /Bias$/.test(role)];
  const fits = [...tensors].filter(([name, { shape }]) => {
    const isList = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
    return side.test(name) && /bias/i.test(name) === isBias && (isBias ? isList : shape.length === 2);
  });
  if (fits.length <= 1) return fits[0];
  const message = `Several tensors may be the ${role}: ${listOf(new Map(fits))}; name one with tensors: {${role}: …}`;
  throw new MatfacError('parse-error', message);
}

function matrixOf(named: [name: string, Tensor]) {
  const [name, { shape }] = named;
  const [rows, columns] = shape;
  if (shape.length === 2) return { rows: rows!, columns: columns!, data: numbersOf(named) };
  throw new MatfacError('parse-error', `The tensor ${name} must have two dimensions; its shape is [${shape}]`);
}

function numbersOf([name, { dtype, data }]: [name: string, Tensor]): Float32Array | Float64Array {
  if (data instanceof Float32Array) return data;
  if (dtype === 'F16') return fromFloat16(data as Uint16Array);
  // Each tensor is a copy with a buffer of its own, so it is aligned.
  if (dtype === 'F64') return new Float64Array(data.buffer as ArrayBuffer);
  if (dtype === 'BF16') return fromBfloat16(new Uint16Array(data.buffer as ArrayBuffer));
  throw new MatfacError('unsupported', `The tensor ${name} must be F64, F32, F16 or BF16; it is ${dtype}`);
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

function listOf(tensors: Tensors): string {
  const all = [...tensors].map(([name, { shape }]) => `${show(name)} [${shape}]`);
  const more = all.length > 20 ? ` and ${all.length - 20} more` : '';
  return all.length > 0 ? `${all.slice(0, 20).join(', ')}${more}` : 'no tensors';
}
