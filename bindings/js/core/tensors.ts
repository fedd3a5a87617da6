import { TENSORS } from './catalogue.js';
import type { CoreTensors, TensorName } from './core.js';

/** Every tensor, empty. */
export function noTensors(): Record<TensorName, Float32Array> {
  return Object.fromEntries(TENSORS.map(({ name }) => [name, new Float32Array()])) as Record<TensorName, Float32Array>;
}

/** The tensors that are enough for all but continuing the training. */
export const withoutState = (tensors: CoreTensors): CoreTensors => ({ ...tensors, trainingState: new Float32Array() });
