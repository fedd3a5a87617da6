/** Who waits for a model of the epochs done so far: what lies between a training and the job that it runs. */
export class Snapshots<T> {
  #waiting: ((snapshot: T) => void)[] = [];
  #onWanted = () => {};

  /** Whether anyone waits. */
  get wanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** Called when someone begins to wait, at once if someone does already. */
  set onWanted(tell: () => void) {
    this.#onWanted = tell;
    if (this.wanted) tell();
  }

  /** The next snapshot; never, if the training ends before it. */
  next(): Promise<T> {
    const next = new Promise<T>((resolve) => this.#waiting.push(resolve));
    if (this.#waiting.length === 1) this.#onWanted();
    return next;
  }

  give(snapshot: T): void {
    for (const resolve of this.#waiting.splice(0)) resolve(snapshot);
  }
}
