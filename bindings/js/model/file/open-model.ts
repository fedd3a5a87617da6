/** A model file, from wherever it comes. */

import { fetched } from '../../base/address.js';
import { invalid, MatfacError } from '../../base/errors.js';
import { corrupt } from '../../base/safetensors.js';
import { show } from '../../base/show.js';
import { bytesOf } from '../../base/source.js';
import { decodeModel, type ModelContents } from './model-file.js';

/** The bytes of a model, a Blob or Response of them, or their address. */
export type ModelSource = Uint8Array | ArrayBuffer | Blob | Response | URL;

/** Every field is checked. @throws MatfacError `corrupt-model`; `invalid-argument` when it cannot be fetched. */
export async function contentsOf(source: ModelSource): Promise<ModelContents> {
  if (typeof source === 'string') throw invalid(`The source is ${show(source)}; give an address as new URL(…)`);
  return decodeModel(await bytesOf(source instanceof URL ? await fetched(source) : source));
}

/** What the core refuses to make of the contents of a file is wrong in the file. @throws MatfacError `corrupt-model`. */
export function madeOfFile<T>(make: () => T): T {
  try {
    return make();
  } catch (failure) {
    if (failure instanceof MatfacError && failure.code === 'invalid-argument') throw corrupt(failure.message, failure);
    throw failure;
  }
}
