import { TENSORS } from './catalogue.js';
import type { CoreModel, CoreTensors, TensorName } from './core.js';
import type { Handle } from './handle.js';

/** Every tensor, empty. */
export function noTensors(): Record<TensorName, Float32Array> {
  return Object.fromEntries(TENSORS.map(({ name }) => [name, new Float32Array()])) as Record<TensorName, Float32Array>;
}

/** The tensors that are enough for all but continuing the training. */
export const withoutState = (tensors: CoreTensors): CoreTensors => ({ ...tensors, trainingState: new Float32Array() });

/** Those of a model, copied one by one; without `state` the training state stays behind. */
export function* tensorsOf(model: Handle<CoreModel>, state: boolean): Generator<void, CoreTensors> {
  const tensors: Record<string, unknown> = { trainingState: new Float32Array() };
  const names = ['factors', 'columns', 'mean', 'scale', 'minimum', 'maximum', ...TENSORS.map(({ name }) => name)];
  for (const name of names) {
    if (name === 'trainingState' && !state) continue;
    tensors[name] = model.use((inCore) => inCore.tensor(name as TensorName));
    yield;
  }
  return tensors as unknown as CoreTensors;
}
