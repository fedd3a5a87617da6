import { invalid, MatfacError } from '../../base/errors.js';
import { fromFloat16, LARGEST_FLOAT16, toFloat16 } from '../../base/float16.js';
import { corrupt, type Tensor, type TensorFile } from '../../base/safetensors.js';
import { dequantize, fitFloat16, type Quantized, quantize } from './quantize.js';

/** How a model file stores numbers. */
export type Dtype = 'float32' | 'float16' | 'int8';

type Tensors = TensorFile['tensors'];

/** A matrix has one scale per row, and a list has one scale. */
const scalesOf = (shape: readonly number[]) => (shape.length > 1 ? shape[0]! : 1);

/** Adds numbers as `dtype`; int8 adds a second tensor, `name`_scale. @throws MatfacError `unsupported`. */
export function addFloats(tensors: Tensors, name: string, data: Float32Array, shape: number[], dtype: Dtype): void {
  if (dtype === 'float32') {
    tensors.set(name, { dtype: 'F32', shape, data });
  } else if (dtype === 'float16') {
    const halves = toFloat16(data);
    if (halves.some((half) => (half & 0x7c00) === 0x7c00)) throw tooLarge(name);
    tensors.set(name, { dtype: 'F16', shape, data: halves });
  } else {
    const { codes, scale } = quantize(data, scalesOf(shape));
    tensors.set(name, { dtype: 'I8', shape, data: codes });
    const isHalf = fitFloat16(scale);
    const steps = { shape: [scale.length], data: isHalf ? toFloat16(scale) : scale };
    tensors.set(`${name}_scale`, { dtype: isHalf ? 'F16' : 'F32', ...steps });
  }
}

/** The numbers of a tensor of any of these types. @throws MatfacError `corrupt-model`. */
export function floatsOf({ tensors }: TensorFile, name: string, shape: number[]): Float32Array {
  const { dtype, data } = tensorOf(tensors, name, ['F32', 'F16', 'I8'], shape);
  const values = dtype === 'I8' ? dequantize(quantizedOf(tensors, name, shape)) : singlesOf(data);
  if (!values.every(Number.isFinite)) throw corrupt(`its tensor ${name} has values that are not finite`);
  return values;
}

/** Its codes. @throws MatfacError `corrupt-model`; `invalid-argument` for a tensor of another type. */
export function codesOf({ tensors }: TensorFile, name: string, shape: number[]): Quantized {
  const { dtype } = tensorOf(tensors, name, ['F32', 'F16', 'I8'], shape);
  if (dtype !== 'I8')
    throw invalid(`keep: 'int8' needs a file saved with dtype: 'int8'; this one has ${name} in ${dtype}`);
  return quantizedOf(tensors, name, shape);
}

/** @throws MatfacError `corrupt-model` for a tensor that is missing, of another type or of another shape. */
export function tensorOf(tensors: Tensors, name: string, dtypes: readonly string[], shape: number[]): Tensor {
  const found = tensors.get(name);
  if (!found) throw corrupt(`it has no tensor ${name}`);
  if (!dtypes.includes(found.dtype) || `${found.shape}` !== `${shape}`) {
    const needed = `${dtypes.join(' or ')} [${shape}]`;
    throw corrupt(`its tensor ${name} is ${found.dtype} [${found.shape}], not ${needed}`);
  }
  return found;
}

function quantizedOf(tensors: Tensors, name: string, shape: number[]): Quantized {
  const codes = tensorOf(tensors, name, ['I8'], shape).data as Int8Array<ArrayBuffer>;
  const scale = singlesOf(tensorOf(tensors, `${name}_scale`, ['F32', 'F16'], [scalesOf(shape)]).data);
  if (!scale.every((step) => Number.isFinite(step) && step >= 0)) {
    throw corrupt(`its tensor ${name}_scale has values that are not finite or below 0`);
  }
  return { codes, scale };
}

function singlesOf(data: Tensor['data']): Float32Array<ArrayBuffer> {
  return data instanceof Uint16Array ? fromFloat16(data) : (data as Float32Array<ArrayBuffer>);
}

function tooLarge(name: string): MatfacError {
  const message = `${name} has values beyond ${LARGEST_FLOAT16}, which float16 does not hold`;
  return new MatfacError('unsupported', `${message}; dtype: 'float32' and 'int8' do`);
}
