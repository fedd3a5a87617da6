import { MatfacError } from './errors.js';
import type { Model } from './model.js';
import type { EpochReport } from './options.js';
import { Snapshots } from './snapshots.js';

declare module './errors.js' {
  interface MatfacError {
    /** Of `aborted`: the model of the epochs done, undefined when there was none. */
    model?: Model;
  }
}

/** `any`, as a Promise's own handlers have it. */
type Failure = Parameters<NonNullable<Parameters<Promise<Model>['catch']>[0]>>[0];

/** A training under way: a promise of the model, and the reports as they come, for any number of readers. */
export class Training implements Promise<Model>, AsyncIterable<EpochReport> {
  readonly [Symbol.toStringTag] = 'Training';
  readonly #stop = new AbortController();
  readonly #reports: EpochReport[] = [];
  readonly #result: Promise<Model>;
  readonly #snapshots = new Snapshots<() => Promise<Model>>();
  #isOver = false;
  #wake: (() => void)[] = [];

  /** Made by `train`. @internal */
  constructor(
    run: (
      report: (report: EpochReport) => void,
      signal: AbortSignal,
      snapshots: Snapshots<() => Promise<Model>>,
    ) => Promise<Model>,
    signal: AbortSignal | undefined,
  ) {
    const stop = () => this.#stop.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    const report = (report: EpochReport) => {
      this.#reports.push(report);
      this.#notify();
    };
    this.#result = run(report, this.#stop.signal, this.#snapshots).finally(() => {
      signal?.removeEventListener('abort', stop);
      this.#isOver = true;
      this.#notify();
    });
  }

  /** Stops within a tenth of a second; the promise then rejects with `aborted`, and `error.model` is what was learned. */
  cancel(): void {
    this.#result.catch(() => {});
    this.#stop.abort();
  }

  /**
   * A model of the whole epochs done so far (under `patience`, of the best of them), while the training goes on; the first
   * epoch is waited for. It is the caller's to dispose. Once the training is over this is the training's own model, or
   * throws what it failed with.
   */
  async snapshot(): Promise<Model> {
    this.#result.catch(() => {});
    if (this.#isOver) return this.#result;
    return Promise.race([this.#snapshots.next().then((make) => make()), this.#result]);
  }

  // biome-ignore lint/suspicious/noThenProperty: a training is awaited like a promise
  then<A = Model, B = never>(
    onModel?: ((model: Model) => A | PromiseLike<A>) | null,
    onFailure?: ((failure: Failure) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onModel, onFailure);
  }

  catch<B = never>(onFailure?: ((failure: Failure) => B | PromiseLike<B>) | null): Promise<Model | B> {
    return this.#result.catch(onFailure);
  }

  finally(onEnd?: (() => void) | null): Promise<Model> {
    return this.#result.finally(onEnd);
  }

  /** Every report from the first on, also for who comes late; throws what the training failed with. */
  [Symbol.asyncIterator](): AsyncGenerator<EpochReport, void, void> {
    // Whoever iterates hears of a failure there.
    this.#result.catch(() => {});
    return this.#read();
  }

  async *#read(): AsyncGenerator<EpochReport, void, void> {
    for (let next = 0; ; ) {
      while (next < this.#reports.length) yield { ...this.#reports[next++]! };
      if (this.#isOver) break;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    await this.#result;
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** The error of a training that was stopped. */
export function aborted(model: Model | undefined): MatfacError {
  const left = model
    ? `; error.model is the model of the ${model.history.length} epochs done`
    : ' before its first epoch was done';
  const error = new MatfacError('aborted', `Training was cancelled${left}`);
  if (model) error.model = model;
  return error;
}
