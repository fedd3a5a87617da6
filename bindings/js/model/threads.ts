import { requireThreads } from '../base/checks.js';
import { guard } from '../base/errors.js';
import { checkSignal } from '../base/signal.js';
import type { CoreModel } from '../core/core.js';
import type { Handle } from '../core/handle.js';
import { loadForTraining, threadsFor } from '../core/load.js';
import { withoutState } from '../core/tensors.js';
import type { ModelContents } from './file/model-file.js';

/** The threads and the signal of work on a model. */
export interface ThreadsOptions {
  /** The number of threads, where they are available (as in `train`); `auto` (default) uses all of them for long work. */
  threads?: number | 'auto';
  /** Cancels the work within a tenth of a second; the promise then rejects with code `aborted`. */
  signal?: AbortSignal;
}

/** A model that can be called into: the caller's, or its copy in the build with threads. */
export type OnModel = Pick<Handle<CoreModel>, 'use'>;

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

/** Runs the work on the model, or on more than one thread on a copy of it in the build with threads. */
export async function onThreads<R>(
  handle: Handle<CoreModel>,
  options: ModelContents['options'],
  { threads: wanted, multiplyAdds, run }: ThreadedWork<R>,
): Promise<R> {
  const { core, threads } = await loadForTraining(threadsFor(wanted, multiplyAdds >= WORK_WORTH_THREADS));
  if (threads === 1) return run(handle, threads);
  const tensors = withoutState(handle.use((model) => model.tensors()));
  const copy = guard(() => core.createModel(tensors, options));
  try {
    return await run({ use: (call) => guard(() => call(copy)) }, threads);
  } finally {
    copy.delete();
  }
}
