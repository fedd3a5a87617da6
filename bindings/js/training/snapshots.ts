/** The requests for snapshots of a training, from its callers to the code that trains. */
export class Snapshots<T> {
  #waiting: ((snapshot: T) => void)[] = [];
  #onWanted = () => {};

  /** Whether a snapshot is wanted. */
  get wanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** Called when a snapshot becomes wanted; at once if it is already. */
  set onWanted(tell: () => void) {
    this.#onWanted = tell;
    if (this.wanted) tell();
  }

  /** Resolves with the next snapshot, or never if the training ends before. */
  next(): Promise<T> {
    const next = new Promise<T>((resolve) => this.#waiting.push(resolve));
    if (this.#waiting.length === 1) this.#onWanted();
    return next;
  }

  give(snapshot: T): void {
    for (const resolve of this.#waiting.splice(0)) resolve(snapshot);
  }
}
