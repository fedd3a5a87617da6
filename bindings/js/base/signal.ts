import { invalid, MatfacError } from './errors.js';
import { show } from './show.js';

/** @throws MatfacError `invalid-argument` for what is no signal, `aborted` for one that was given already. */
export function checkSignal(what: string, signal: unknown): void {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) {
    throw invalid(`${what}: signal is ${show(signal)}; it must be an AbortSignal`);
  }
  checkAborted(what, signal);
}

export function checkAborted(what: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MatfacError('aborted', `${what} was cancelled`, { cause: signal.reason });
}
