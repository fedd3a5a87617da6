import { type Id, Ids } from './ids.js';

/** Whole numbers one after another, which take no memory until their list is asked for. */
export class ConsecutiveIds extends Ids {
  #list: readonly Id[] | undefined;

  constructor(
    readonly first: number,
    readonly size: number,
  ) {
    super();
  }

  get list(): readonly Id[] {
    this.#list ??= Object.freeze(Array.from({ length: this.size }, (_, index) => this.first + index));
    return this.#list;
  }

  at(index: number): Id {
    return this.first + index;
  }

  exact(id: Id): number {
    if (typeof id !== 'number') return -1;
    const index = id - this.first;
    return Number.isInteger(index) && index >= 0 && index < this.size ? index : -1;
  }
}
