import { guard } from '../base/errors.js';
import type { CoreModel, CoreModule } from '../core/core.js';
import type { Handle } from '../core/handle.js';
import { whenShort } from '../core/room.js';
import { withoutState } from '../core/tensors.js';
import type { ModelContents } from './file/model-file.js';

/** A copy that nobody asks for so long gives its memory back, in milliseconds. */
const IDLE = 10_000;

/** A model that can be called into: the caller's, or its copy in the build with threads. */
export type OnModel = Pick<Handle<CoreModel>, 'use'>;

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

whenShort(forget);

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

/** Runs the work on the model's copy in the build with threads, which is kept for the next. */
export async function onCopy<R>(
  handle: Handle<CoreModel>,
  options: ModelContents['options'],
  core: CoreModule,
  work: (on: OnModel) => Promise<R>,
): Promise<R> {
  try {
    return await copyOf(handle, options, core).lend(work);
  } finally {
    clearTimeout(idle);
    idle = setTimeout(forget, IDLE);
    // A program that has nothing else to do ends.
    (idle as { unref?: () => void }).unref?.();
  }
}
