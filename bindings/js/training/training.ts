import { requireCount } from '../base/checks.js';
import type { Engine } from '../core/load.js';
import type { EpochReport } from '../core/options.js';
import { copyOf, type Model } from '../model/model.js';
import { TrainingControl } from './control.js';
import { Snapshots } from './snapshots.js';

/** What the code that trains gets: callbacks for what happens, and the requests of the caller. */
export interface Listener<Snapshot> {
  onReport: (report: EpochReport) => void;
  onEngine: (engine: Engine) => void;
  onMemory: (bytes: number) => void;
  control: TrainingControl;
  signal: AbortSignal;
  snapshots: Snapshots<Snapshot>;
}

/** `any`, as in the handlers of a Promise. */
type Failure = Parameters<NonNullable<Parameters<Promise<Model>['catch']>[0]>>[0];

/** A running training: a promise of the model, and an async iterable of its reports for any number of readers. */
export class Training implements Promise<Model>, AsyncIterable<EpochReport> {
  readonly [Symbol.toStringTag] = 'Training';
  readonly #stop = new AbortController();
  readonly #reports: EpochReport[] = [];
  readonly #result: Promise<Model>;
  readonly #snapshots = new Snapshots<() => Promise<Model>>();
  readonly #control = new TrainingControl();
  #engine: Engine | undefined;
  #memory: number | undefined;
  #isOver = false;
  #wake: (() => void)[] = [];

  /** Made by `train`. @internal */
  constructor(run: (listener: Listener<() => Promise<Model>>) => Promise<Model>, signal: AbortSignal | undefined) {
    this.#stop.signal.addEventListener('abort', () => this.#control.stop());
    const stop = () => this.#stop.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    const onReport = (report: EpochReport) => {
      this.#reports.push(report);
      this.#notify();
    };
    const onEngine = (engine: Engine) => {
      this.#engine = engine;
    };
    const onMemory = (bytes: number) => {
      this.#memory = bytes;
    };
    const listener = {
      onReport,
      onEngine,
      onMemory,
      control: this.#control,
      signal: this.#stop.signal,
      snapshots: this.#snapshots,
    };
    this.#result = run(listener).finally(() => {
      signal?.removeEventListener('abort', stop);
      this.#isOver = true;
      this.#notify();
    });
  }

  /** Stops within a tenth of a second; the promise then rejects with a `TrainingCancelledError`, which has the model so far. */
  cancel(): void {
    this.#result.catch(() => {});
    this.#stop.abort();
  }

  /**
   * A model of the epochs done so far (with `patience`, of the best of them), while the training continues; waits for the
   * first epoch. The caller disposes it. After the end of the training, this is a copy of the training's model, or rejects with
   * its error.
   */
  async snapshot(): Promise<Model> {
    this.#result.catch(() => {});
    // The caller disposes it, which must leave the training's own model as it is.
    if (this.#isOver) return copyOf(await this.#result);
    const first = await Promise.race([this.#snapshots.next(), this.#result]);
    return typeof first === 'function' ? first() : copyOf(first);
  }

  /**
   * Pauses within a tenth of a second, even within an epoch, until `resume`, `step` or `cancel`. A pause changes neither the
   * model nor the seconds of the reports.
   */
  pause(): void {
    this.#control.set(0);
  }

  /** Continues after `pause()` or `step()`, to the end. */
  resume(): void {
    this.#control.set(Number.POSITIVE_INFINITY);
  }

  /**
   * Continues for a number of epochs, then pauses; an epoch that was paused midway counts as one.
   * @throws MatfacError `invalid-argument` unless epochs is a whole number of at least 1.
   */
  step(epochs = 1): void {
    this.#control.set(requireCount('step: epochs', epochs));
  }

  /** Whether the training is paused, or about to pause; false after its end. */
  get paused(): boolean {
    return !this.#isOver && this.#control.epochs === 0;
  }

  /** The build of the core and the threads of the training; undefined until both are known. */
  get engine(): Engine | undefined {
    return this.#engine && { ...this.#engine };
  }

  /** About how many bytes of WebAssembly's memory the training takes at its peak; undefined until it is known, before the first epoch, and for stored ratings. */
  get memory(): number | undefined {
    return this.#memory;
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

  /** Every report from the first, for late readers too; throws the error of the training. */
  [Symbol.asyncIterator](): AsyncGenerator<EpochReport, void, void> {
    // The iteration throws the error of the training: its promise needs no handler of its own.
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
