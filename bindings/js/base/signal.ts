import { requireSignal } from './checks.js';
import { MatfacError } from './errors.js';

/** @throws MatfacError `invalid-argument` for a value that is not an AbortSignal, `aborted` for one that is aborted. */
export function checkSignal(what: string, signal: AbortSignal | undefined): void {
  requireSignal(`${what}: signal`, signal);
  throwIfAborted(what, signal);
}

export function throwIfAborted(what: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MatfacError('aborted', `${what} was cancelled`, { cause: signal.reason });
}
