/** How far a training may proceed: the caller sets it, and the training asks before each slice of work. */
export class TrainingControl {
  #epochs = Number.POSITIVE_INFINITY;
  #isStopped = false;
  #wake: (() => void)[] = [];
  #tell: ((epochs: number) => void) | undefined;

  /** How many more epochs may end before the training rests; 0 is a pause. */
  get epochs(): number {
    return this.#epochs;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  set(epochs: number): void {
    this.#epochs = epochs;
    this.#tell?.(epochs);
    this.#notify();
  }

  /** Ends the training for good, paused or not. */
  stop(): void {
    this.#isStopped = true;
    this.#notify();
  }

  epochDone(): void {
    this.#epochs = Math.max(0, this.#epochs - 1);
  }

  /** Passes each change on to a training in a worker. */
  forward(tell: (epochs: number) => void): void {
    this.#tell = tell;
  }

  /** Wakes a resting training for something other than learning. */
  nudge(): void {
    this.#notify();
  }

  /** Resolves at the next change. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
