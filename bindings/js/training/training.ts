import { invalid } from '../base/errors.js';
import { show } from '../base/show.js';
import type { Engine } from '../core/load.js';
import type { EpochReport } from '../core/options.js';
import type { Model } from '../model/model.js';
import { TrainingControl } from './control.js';
import { Snapshots } from './snapshots.js';

/** Of whoever trains: where what happens is told, and what the caller wishes meanwhile. */
export interface Listener<Snapshot> {
  onReport: (report: EpochReport) => void;
  onEngine: (engine: Engine) => void;
  control: TrainingControl;
  signal: AbortSignal;
  snapshots: Snapshots<Snapshot>;
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
  readonly #control = new TrainingControl();
  #engine: Engine | undefined;
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
    const listener = {
      onReport,
      onEngine,
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

  /**
   * Rests within a tenth of a second, in the midst of an epoch if need be, until `resume`, `step` or `cancel`. What is
   * learned afterwards is what would have been learned without, and no time is counted meanwhile.
   */
  pause(): void {
    this.#control.set(0);
  }

  /** Goes on after `pause()` or `step()`, to the end. */
  resume(): void {
    this.#control.set(Number.POSITIVE_INFINITY);
  }

  /**
   * Goes on until so many epochs have ended, then rests; one that was paused midway is ended first and counts.
   * @throws MatfacError `invalid-argument`: epochs is a whole number from 1.
   */
  step(epochs = 1): void {
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw invalid(`step: epochs is ${show(epochs)}; it must be a whole number from 1`);
    }
    this.#control.set(epochs);
  }

  /** Whether it rests, or is about to; false once it is over. */
  get paused(): boolean {
    return !this.#isOver && this.#control.epochs === 0;
  }

  /** The build of the core and the threads that it learns with; undefined until both are known. */
  get engine(): Engine | undefined {
    return this.#engine && { ...this.#engine };
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
