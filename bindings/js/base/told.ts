/** A caller's function that is told of progress. What it throws, or rejects with if it is async, ends the work. */
export class Told<T> {
  readonly #running = new Set<Promise<void>>();
  #failure: { cause: unknown } | undefined;

  /** `onRefused` is called when an async function rejects, which may be between two calls. */
  constructor(
    readonly tell: ((value: T) => unknown) | undefined,
    readonly onRefused: (cause: unknown) => void = () => {},
  ) {}

  call(value: T): void {
    this.check();
    const answer = this.tell?.(value);
    if (!isThenable(answer)) return;
    const running = Promise.resolve(answer).then(
      () => void this.#running.delete(running),
      (cause) => {
        this.#failure ??= { cause };
        this.onRefused(cause);
      },
    );
    this.#running.add(running);
  }

  /** Throws what the function rejected with. */
  check(): void {
    if (this.#failure) throw this.#failure.cause;
  }

  /** Waits for the calls under way, until the signal is aborted, and throws what one rejects with. */
  async end(signal: AbortSignal | undefined): Promise<void> {
    let onAbort = () => {};
    const aborted = new Promise<void>((resolve) => {
      onAbort = resolve;
    });
    signal?.addEventListener('abort', onAbort);
    while (this.#running.size > 0 && !this.#failure && !signal?.aborted) {
      await Promise.race([...this.#running, aborted]);
    }
    signal?.removeEventListener('abort', onAbort);
    this.check();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
