/** Opens a model file from any source. */

import { fetched } from '../../base/address.js';
import { mustBe, plainOptions, requireOneOf, unreadable } from '../../base/checks.js';
import { guard, MatfacError } from '../../base/errors.js';
import { corrupt } from '../../base/safetensors.js';
import { bytesOf } from '../../base/source.js';
import { decodeModel, type ModelContents } from './model-file.js';

/** The bytes of a model file, a Blob or Response of them, or their address. */
export type ModelSource = Uint8Array | ArrayBuffer | Blob | Response | URL;

/** Options of `load` and `restore`. */
export interface LoadOptions {
  /**
   * `int8`: the vectors of the items stay in memory as a file saved with `dtype: 'int8'` has them, in a quarter of the bytes. The
   * results are the same. Default: as float32.
   */
  keep?: 'int8';
}

/** Reads a file and checks every field. @throws MatfacError `corrupt-model`; `invalid-argument` when it cannot be fetched. */
export async function contentsOf(source: ModelSource, options: LoadOptions = {}): Promise<ModelContents> {
  const { keep } = plainOptions('load', options, ['keep']);
  requireOneOf('keep', keep, ['int8']);
  if (typeof source === 'string')
    throw mustBe('The source', 'bytes, a Blob, a Response, or an address as new URL(…)', source);
  let bytes: Uint8Array;
  try {
    bytes = await bytesOf(source instanceof URL ? await fetched(source) : source);
  } catch (cause) {
    throw unreadable('The source', cause);
  }
  // A view of a buffer that was transferred has no length, and none can be taken of it.
  return guard(() => decodeModel(bytes.length === 0 ? new Uint8Array() : bytes, !!keep));
}

/** Calls `make` on the contents of a file; what the core rejects is a fault of the file. @throws MatfacError `corrupt-model`. */
export async function madeOfFile<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (failure) {
    if (failure instanceof MatfacError && failure.code === 'invalid-argument') throw corrupt(failure.message, failure);
    throw failure;
  }
}
