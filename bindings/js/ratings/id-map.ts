/** No engine has a Map of 2²⁴ entries and more. */
const LARGEST = 2 ** 24 - 1;

/** Indices by id, in as many Maps as their number needs. */
export class IdMap {
  #last = new Map<string | number, number>();
  readonly #maps = [this.#last];

  /** `most` is how many entries a Map has. */
  constructor(readonly most = LARGEST) {}

  get(id: string | number): number | undefined {
    for (const map of this.#maps) {
      const index = map.get(id);
      if (index !== undefined) return index;
    }
    return undefined;
  }

  /** Adds an id that is not there. */
  set(id: string | number, index: number): void {
    if (this.#last.size >= this.most) {
      this.#last = new Map();
      this.#maps.push(this.#last);
    }
    this.#last.set(id, index);
  }
}
