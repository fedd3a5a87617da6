/** No engine has a Map of 2²⁴ entries and more. */
const LARGEST = 2 ** 24 - 1;

/** Indices by id, in as many Maps as their number needs. */
export class IdMap {
  readonly #first = new Map<string | number, number>();
  #last = this.#first;
  /** Those after the first. */
  readonly #others: Map<string | number, number>[] = [];

  /** `most` is how many entries a Map has. */
  constructor(readonly most = LARGEST) {}

  get(id: string | number): number | undefined {
    const index = this.#first.get(id);
    if (index !== undefined || this.#last === this.#first) return index;
    return this.#others.find((map) => map.has(id))?.get(id);
  }

  /** Adds an id that is not there. */
  set(id: string | number, index: number): void {
    if (this.#last.size >= this.most) {
      this.#last = new Map();
      this.#others.push(this.#last);
    }
    this.#last.set(id, index);
  }
}
