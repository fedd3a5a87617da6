import { MatfacError } from './errors.js';

/** Lets timers, messages and painting have their turn: a macrotask passes. */
export function pause(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  // A message is not held back as a nested setTimeout is (4 ms each).
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Says when a loop has kept the thread long enough. */
export class Turn {
  #began = performance.now();

  constructor(readonly milliseconds = 12) {}

  /** Pauses when the time is over. */
  async rest(): Promise<void> {
    if (performance.now() - this.#began < this.milliseconds) return;
    await pause();
    this.#began = performance.now();
  }
}

/** Work that yields every few milliseconds: done here and now … */
export function atOnce<T>(work: Generator<void, T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** … or with pauses in between. */
export async function inTurns<T>(work: Generator<void, T>, turn = new Turn()): Promise<T> {
  let step = work.next();
  while (!step.done) {
    await turn.rest();
    step = work.next();
  }
  return step.value;
}

/** Work that ends with `aborted` at the first yield after the signal. */
export function* heeding<T>(signal: AbortSignal | undefined, work: Generator<void, T>): Generator<void, T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    if (signal?.aborted) throw new MatfacError('aborted', 'The work was cancelled', { cause: signal.reason });
    yield;
  }
}
