/**
 * How the page learns that a worker has ended without a word, by `self.close()` or by the system: Worker has no event for it.
 * A worker holds a Web Lock for as long as it lives, and at its end the page is granted the lock. No clock is involved, so
 * neither a page that is frozen nor a long step of the worker is taken for an end. Where there are no locks, in pages without a
 * secure context, the page asks the worker for a sign of life.
 */

interface Locks {
  request(name: string, options: { signal?: AbortSignal }, granted: () => unknown): Promise<unknown>;
}

function locksHere(): Locks | undefined {
  return (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
}

/** In the worker: takes a lock for the worker's life, and resolves with its name; undefined where there are no locks. */
export function holdLock(): Promise<string | undefined> {
  const name = `matfac worker ${performance.timeOrigin} ${Math.random()}`;
  return new Promise((resolve) => {
    const holding = locksHere()?.request(name, {}, () => {
      resolve(name);
      return new Promise(() => {});
    });
    if (!holding) resolve(undefined);
    // Sandboxed frames may not use locks.
    else holding.catch(() => resolve(undefined));
  });
}

const ASK_MILLISECONDS = 1_000;
/** Timers of a page that is hidden or frozen wait with it, so questions are counted, and not seconds. */
const MOST_UNANSWERED = 20;

/** In the page: watches over a worker. */
export class Watch {
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;

  constructor(readonly onEnd: () => void) {}

  /** Begins when the worker holds its lock, if it has one; `ask` asks for a sign of life. */
  begin(lock: string | undefined, ask: () => void): void {
    const locks = locksHere();
    const { signal } = this.#stop;
    if (lock !== undefined && locks) {
      // Rejects when the watch is over.
      locks.request(lock, { signal }, () => this.#ended()).catch(() => {});
      return;
    }
    this.#timer = setInterval(() => {
      if (this.#unanswered++ < MOST_UNANSWERED) ask();
      else this.#ended();
    }, ASK_MILLISECONDS);
  }

  /** To be called with each message of the worker. */
  sawLife(): void {
    this.#unanswered = 0;
  }

  stop(): void {
    this.#stop.abort();
    clearInterval(this.#timer);
  }

  #ended(): void {
    // What the worker sent before its end comes first.
    setTimeout(() => {
      if (!this.#stop.signal.aborted) this.onEnd();
    });
  }
}
