import { requireThreads } from '../base/checks.js';
import { guard } from '../base/errors.js';
import { checkSignal } from '../base/signal.js';
import type { CoreModel, CoreModule } from '../core/core.js';
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
/** A copy that nobody asks for so long gives its memory back, in milliseconds. */
const IDLE = 10_000;

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

/** A copy of a model in the build with threads. It is deleted once it is released and no work on it is under way. */
class Copy {
  #works = 0;
  #isReleased = false;

  constructor(
    readonly original: Handle<CoreModel>,
    readonly model: CoreModel,
  ) {}

  async lend<R>(work: (on: OnModel) => Promise<R>): Promise<R> {
    ++this.#works;
    try {
      return await work({ use: (call) => guard(() => call(this.model)) });
    } finally {
      if (--this.#works === 0 && this.#isReleased) this.model.delete();
    }
  }

  /** Called once, by `forget`. */
  release(): void {
    this.#isReleased = true;
    if (this.#works === 0) this.model.delete();
  }
}

/** Of the model that was asked last. Copying takes as long as scoring all items for a few dozen users. */
let last: Copy | undefined;
let idle: ReturnType<typeof setTimeout> | undefined;

function forget(): void {
  clearTimeout(idle);
  last?.release();
  last = undefined;
}

function copyOf(handle: Handle<CoreModel>, options: ModelContents['options'], core: CoreModule): Copy {
  clearTimeout(idle);
  if (last?.original === handle) return last;
  forget();
  const tensors = withoutState(handle.use((model) => model.tensors()));
  const copy = new Copy(
    handle,
    guard(() => core.createModel(tensors, options)),
  );
  handle.whenDisposed = () => {
    if (last === copy) forget();
  };
  last = copy;
  return copy;
}

/** Runs the work on the model, or on more than one thread on its copy in the build with threads, which is kept for the next. */
export async function onThreads<R>(
  handle: Handle<CoreModel>,
  options: ModelContents['options'],
  { threads: wanted, multiplyAdds, run }: ThreadedWork<R>,
): Promise<R> {
  const { core, threads } = await loadForTraining(threadsFor(wanted, multiplyAdds >= WORK_WORTH_THREADS));
  if (threads === 1) return run(handle, threads);
  try {
    return await copyOf(handle, options, core).lend((on) => run(on, threads));
  } finally {
    clearTimeout(idle);
    idle = setTimeout(forget, IDLE);
    // A program that has nothing else to do ends.
    (idle as { unref?: () => void }).unref?.();
  }
}
