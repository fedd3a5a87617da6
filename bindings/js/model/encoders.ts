/**
 * The encoders of a model's features; loaded for a model that has some. It imports nothing that its users have already, so that these
 * need no third file for what they share.
 */

import type { CoreTensors } from '../core/core.js';
import { RowEncoder } from '../ratings/features/encoding.js';
import { isEncoding } from '../ratings/features/is-encoding.js';
import type { Encoders } from './described.js';
import { featureContributions } from './explain-features.js';
import type { SideEncodings } from './file/model-file.js';

/** @throws `corrupt`'s error for features of a file that do not fit its weights. */
export function encodersOf(
  features: SideEncodings,
  tensors: CoreTensors,
  corrupt: (message: string) => Error,
): Encoders {
  const samples = tensors.columns / tensors.factors;
  const width = (tensors.factors + 1) * samples;
  const side = (name: 'users' | 'items', weights: Float32Array) => {
    const encoding: unknown = features[name] ?? null;
    const encoder = isEncoding(encoding) ? new RowEncoder(encoding) : null;
    if ((encoding !== null && !encoder) || (encoder?.width ?? 0) * width !== weights.length) {
      throw corrupt(`its features of ${name} do not fit the weights of these`);
    }
    return encoder;
  };
  return {
    explain: featureContributions,
    users: side('users', tensors.userFeatureWeights),
    items: side('items', tensors.itemFeatureWeights),
  };
}
