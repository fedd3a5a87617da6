import type { TensorFile } from '../../base/safetensors.js';
import { TENSORS } from '../../core/catalogue.js';
import type { CoreOptions, CoreTensors, TensorName } from '../../core/core.js';
import { noTensors } from '../../core/tensors.js';
import type { Ids } from '../../ratings/ids.js';
import { addFloats, codesOf, type Dtype, floatsOf } from './float-tensors.js';

type Rule = (typeof TENSORS)[number];

/** A model as far as its tensors depend on it. */
interface ModelTensors {
  tensors: CoreTensors;
  users: Ids;
  items: Ids;
  options: Required<CoreOptions>;
}

/** The sizes that determine the shapes of the tensors. */
interface Sizes {
  users: number;
  items: number;
  factors: number;
  samples: number;
  preferenceFactors: number;
  /** The numbers of columns of the features. */
  userFeatures: number;
  itemFeatures: number;
  /** The number of samples that a posterior has. */
  drawn: number;
}

/** userFactors → user_factors. */
const fileName = (name: TensorName) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const ROWS = {
  users: 'users',
  items: 'items',
  samplesDrawn: 'drawn',
  userFeatures: 'userFeatures',
  itemFeatures: 'itemFeatures',
} as const;

/** `length` is that of a tensor whose rows stand for nothing else. */
function shapeOf({ rows, columns }: Rule, sizes: Sizes, length: number): number[] {
  const { factors, samples, preferenceFactors } = sizes;
  const count = rows === 'any' ? length : rows === 'anyOfUsers' ? sizes.users && length : sizes[ROWS[rows]];
  const widths = {
    factors: factors * samples,
    samples,
    prior: 3 + 3 * factors,
    preferenceFactors,
    factorsAndBias: (factors + 1) * samples,
  };
  return columns === 'one' ? [count] : [count, widths[columns]];
}

/** Adds every tensor that is not empty. */
export function addTensors(
  file: TensorFile['tensors'],
  { tensors, users, items, options }: ModelTensors,
  dtype: Dtype,
): void {
  const { factors, samples, preferenceFactors } = options;
  const drawn = tensors.posteriorPriors.length / (3 + 3 * factors);
  const columnsOf = (name: TensorName) => tensors[name].length / ((factors + 1) * samples);
  const features = { userFeatures: columnsOf('userFeatureWeights'), itemFeatures: columnsOf('itemFeatureWeights') };
  const sizes = { users: users.size, items: items.size, factors, samples, preferenceFactors, ...features, drawn };
  for (const tensor of TENSORS) {
    const numbers = tensors[tensor.name];
    const shape = shapeOf(tensor, sizes, numbers.length);
    if (numbers.length === 0 || shape[0] === 0) continue;
    addFloats(file, fileName(tensor.name), numbers, shape, tensor.staysFloat32 ? 'float32' : dtype);
  }
}

/** Reads the tensors of a model file and checks their shapes, with `keep` those in codes as they are. @throws as `codesOf`. */
export function tensorsOf(
  file: TensorFile,
  options: Required<CoreOptions>,
  { users, items, keep }: { users: number; items: number; keep: boolean },
): Pick<CoreTensors, TensorName | 'codes'> {
  const rowsIn = (name: TensorName) => file.tensors.get(fileName(name))?.shape[0] ?? 0;
  const { factors, samples, preferenceFactors } = options;
  const features = { userFeatures: rowsIn('userFeatureWeights'), itemFeatures: rowsIn('itemFeatureWeights') };
  const drawn = rowsIn('posteriorPriors');
  const sizes = { users, items, factors, samples, preferenceFactors, ...features, drawn };
  const tensors = noTensors();
  const codes: CoreTensors['codes'] = {};
  for (const tensor of TENSORS) {
    const shape = shapeOf(tensor, sizes, rowsIn(tensor.name));
    // Whether a model of these options has to have it, the core knows.
    if (!file.tensors.has(fileName(tensor.name)) || shape.includes(0)) continue;
    if (keep && tensor.inCodes) codes[tensor.name] = codesOf(file, fileName(tensor.name), shape);
    else tensors[tensor.name] = floatsOf(file, fileName(tensor.name), shape);
  }
  return { ...tensors, codes };
}
