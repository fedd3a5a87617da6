import { requireThreads } from '../base/checks.js';
import { checkSignal } from '../base/signal.js';
import type { CoreModel } from '../core/core.js';
import type { Handle } from '../core/handle.js';
import { loadForTraining, threadsFor } from '../core/load.js';
import type { ModelContents } from './file/model-file.js';
import type { OnModel } from './threads-copy.js';

/** The threads and the signal of work on a model. */
export interface ThreadsOptions {
  /** The number of threads, where they are available (as in `train`); `auto` (default) uses all of them for long work. */
  threads?: number | 'auto';
  /** Cancels the work within a tenth of a second; the promise then rejects with code `aborted`. */
  signal?: AbortSignal;
}

export type { OnModel };

/** With fewer multiply-adds, threads take longer to start than they save. */
const WORK_WORTH_THREADS = 2e9;

export function checkThreads(what: string, { threads, signal }: ThreadsOptions): void {
  requireThreads(`${what}: threads`, threads);
  checkSignal(what, signal);
}

/** Work on a model that more threads make faster. */
export interface ThreadedWork<R> {
  /** As the caller's options have it. */
  threads: number | 'auto' | undefined;
  multiplyAdds: number;
  run(on: OnModel, threads: number): Promise<R>;
}

/** Runs the work on the model, or on more than one thread on its copy in the build with threads, which is kept for the next. */
export async function onThreads<R>(
  handle: Handle<CoreModel>,
  options: ModelContents['options'],
  { threads: wanted, multiplyAdds, run }: ThreadedWork<R>,
): Promise<R> {
  const { core, threads } = await loadForTraining(threadsFor(wanted, multiplyAdds >= WORK_WORTH_THREADS));
  if (threads === 1) return run(handle, threads);
  const { onCopy } = await import('./threads-copy.js');
  return onCopy(handle, options, core, (on) => run(on, threads));
}
