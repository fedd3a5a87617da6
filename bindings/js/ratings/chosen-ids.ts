import { SLICE_ROWS } from './columns.js';
import { type Id, Ids } from './ids.js';

/** A selection of other ids, in their order, by index: no id is compared or copied. */
export class ChosenIds extends Ids {
  readonly #all: Ids;
  /** The index among all ids, by index here. */
  readonly #chosen: Int32Array;
  /** The index here or −1, by index among all ids. */
  readonly #indexOf: Int32Array;
  #list: readonly Id[] | undefined;

  private constructor(all: Ids, chosen: Int32Array, indexOf: Int32Array) {
    super();
    this.#all = all;
    this.#chosen = chosen;
    this.#indexOf = indexOf;
  }

  /** The ids that the indices refer to. */
  static *of(all: Ids, indices: Int32Array): Generator<void, ChosenIds> {
    const indexOf = new Int32Array(all.size).fill(-1);
    for (let row = 0; row < indices.length; row++) {
      if (row % SLICE_ROWS === 0) yield;
      indexOf[indices[row]!] = 0;
    }
    const chosen = new Int32Array(all.size);
    let size = 0;
    for (let index = 0; index < indexOf.length; index++) {
      if (index % SLICE_ROWS === 0) yield;
      if (indexOf[index] === -1) continue;
      indexOf[index] = size;
      chosen[size++] = index;
    }
    return new ChosenIds(all, chosen.slice(0, size), indexOf);
  }

  get size(): number {
    return this.#chosen.length;
  }

  get list(): readonly Id[] {
    this.#list ??= Object.freeze(Array.from(this.#chosen, (index) => this.#all.at(index)));
    return this.#list;
  }

  at(index: number): Id {
    return this.#all.at(this.#chosen[index]!);
  }

  exact(id: Id): number {
    const index = this.#all.exact(id);
    return index < 0 ? -1 : this.#indexOf[index]!;
  }

  override *indicesOf(others: Ids): Generator<void, Int32Array> {
    if (!(others instanceof ChosenIds) || others.#all !== this.#all) return yield* super.indicesOf(others);
    return others.#chosen.map((index) => this.#indexOf[index]!);
  }

  /** Replaces indices among all ids by indices here, in place. */
  *renumber(indices: Int32Array): Generator<void, void> {
    for (let row = 0; row < indices.length; row++) {
      if (row % SLICE_ROWS === 0) yield;
      indices[row] = this.#indexOf[indices[row]!]!;
    }
  }
}
