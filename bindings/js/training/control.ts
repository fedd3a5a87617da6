/** How far a training may go on: the caller sets it, whoever trains asks before each slice of work. */
export class Pace {
  #epochs = Number.POSITIVE_INFINITY;
  #isStopped = false;
  #wake: (() => void)[] = [];
  #tell: ((epochs: number) => void) | undefined;

  /** How many epochs may still end before it rests; 0 is a pause. */
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

  /** Ends it for good, paused or not. */
  stop(): void {
    this.#isStopped = true;
    this.#notify();
  }

  epochDone(): void {
    this.#epochs = Math.max(0, this.#epochs - 1);
  }

  /** Passes each change on, to a training elsewhere. */
  forward(tell: (epochs: number) => void): void {
    this.#tell = tell;
  }

  /** Wakes whoever rests, for something else than learning. */
  nudge(): void {
    this.#notify();
  }

  /** Comes with the next word of the caller. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
