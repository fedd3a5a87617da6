import { throwIfAborted } from './signal.js';

/** Resolves after a macrotask, so that timers, messages and painting have their turn. */
export function pause(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  // Browsers delay nested timeouts by 4 ms each, and messages not at all.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Pauses a loop that has held the thread long enough. */
export class Turn {
  #began = performance.now();

  constructor(readonly milliseconds = 12) {}

  /** Pauses when the time is up. */
  async rest(): Promise<void> {
    if (performance.now() - this.#began < this.milliseconds) return;
    await pause();
    this.#began = performance.now();
  }
}

/** Runs work that yields every few milliseconds to its end without a pause. */
export function atOnce<T>(work: Generator<void, T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** Runs such work with pauses. */
export async function inTurns<T>(work: Generator<void, T>, turn = new Turn()): Promise<T> {
  let step = work.next();
  while (!step.done) {
    await turn.rest();
    step = work.next();
  }
  return step.value;
}

/** The same work; it throws `aborted` at the first yield after the signal. */
export function* abortable<T>(
  signal: AbortSignal | undefined,
  work: Generator<void, T>,
  what = 'The work',
): Generator<void, T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    throwIfAborted(what, signal);
    yield;
  }
}
