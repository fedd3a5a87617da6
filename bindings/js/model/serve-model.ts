import { corrupt } from '../base/safetensors.js';
import { Handle } from '../core/handle.js';
import { checkEngine, detectEngine, instantiate } from '../core/load.js';
import { withRoom } from '../core/room.js';
import { createServing } from '../core/serve-core.js';
import { createModule, type ServeModule } from '../core/serve-module.js';
import { contentsOf, type LoadOptions, type ModelSource, madeOfFile } from './file/open-model.js';
import { Recommender, rangeOf } from './recommender.js';

let loading: Promise<ServeModule> | undefined;

function loadModule(): Promise<ServeModule> {
  loading ??= load().catch((failure) => {
    loading = undefined;
    throw failure;
  });
  return loading;
}

async function load(): Promise<ServeModule> {
  checkEngine(detectEngine());
  const name = 'matfac-serve.wasm';
  return instantiate(name, ({ locateFile }) => createModule(locateFile?.(name)));
}

/**
 * A trained model that recommends, from a file that `save` of the whole library wrote: the same results, bit for bit, with a
 * smaller download. It neither trains nor saves.
 */
export class Model extends Recommender {
  /**
   * A model from a file: its bytes, a Blob or Response of them, or their address. Checks every field.
   * @throws MatfacError `corrupt-model`; `invalid-argument` when it cannot be fetched, and for `keep` with a file of another dtype.
   */
  static async load(source: ModelSource, options?: LoadOptions): Promise<Model> {
    const { tensors, ...parts } = await contentsOf(source, options);
    const encoders = parts.features && (await import('./encoders.js')).encodersOf(parts.features, tensors, corrupt);
    const module = await loadModule();
    const serving = await madeOfFile(() => withRoom(() => createServing(module, tensors, parts.options)));
    return new Model(new Handle(serving, 'model', tensors), {
      ...parts,
      range: rangeOf(tensors),
      ...(encoders && { encoders }),
    });
  }
}
