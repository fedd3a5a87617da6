/** What a file from outside may take, and the error beyond it; base/allowance.ts counts. */

import { MatfacError } from './errors.js';

/** What a file may take at most; reading ends with an error that names the limit. */
export interface ReadLimits {
  /**
   * Bytes after decompression. Default: 100 times the bytes of the file as it is stored, but at least 256 MB; ratings compress
   * less, and an archive that compresses more is made to fill the memory.
   */
  bytes?: number;
  /** Rows. Default: 134,217,728 (2²⁷); with the option `storage` there is room for up to 2³¹ − 1. */
  rows?: number;
  /** Different users, and different items. Default: 16,777,216 (2²⁴). */
  ids?: number;
  /** Seconds. Default: no limit. */
  seconds?: number;
}

/** The error for a file with more than `most`, which is in words. */
export function beyond(name: 'bytes' | 'rows' | 'ids', most: string): MatfacError {
  return new MatfacError(
    'out-of-memory',
    `The file must have ${most}, which is limits.${name}; it has more: raise limits.${name} if there is memory for it`,
  );
}
