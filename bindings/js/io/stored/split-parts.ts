import type { UserRows } from '../../ratings/stored/rows-writer.js';
import type { PresentIds } from '../../training/protocol.js';
import type { UsersRead } from './user-blocks.js';

/** What the train part (0) and the test part (1) have: how many rows, and which users and items. */
export class Parts {
  readonly sizes: [train: number, test: number] = [0, 0];
  readonly #present: PresentIds[];

  constructor(userCount: number, itemCount: number) {
    const none = () => ({ users: new Uint8Array(userCount), items: new Uint8Array(itemCount) });
    this.#present = [none(), none()];
  }

  count({ users, items }: UsersRead, marks: Uint8Array): void {
    for (let row = 0; row < marks.length; row++) {
      const part = marks[row] as 0 | 1;
      this.sizes[part]++;
      const present = this.#present[part]!;
      present.users[users[row]!] = 1;
      present.items[items[row]!] = 1;
    }
  }

  presentIn(part: 0 | 1): PresentIds {
    return this.#present[part]!;
  }

  indicesIn(part: 0 | 1): PartIndices {
    return new PartIndices(this.presentIn(part), part);
  }
}

/** The indices that users and items have in a part, by those among all. */
class PartIndices {
  readonly userOf: Int32Array;
  readonly itemOf: Int32Array;
  readonly userCount: number;
  readonly itemCount: number;

  constructor(
    present: PresentIds,
    readonly part: 0 | 1,
  ) {
    [this.userOf, this.userCount] = numbered(present.users);
    [this.itemOf, this.itemCount] = numbered(present.items);
  }

  /** The rows of this part, of its users in the block. */
  take(rows: UsersRead, marks: Uint8Array): UserRows {
    const taken: number[] = [];
    const counts = new Map<number, number>();
    for (let row = 0; row < marks.length; row++) {
      if (marks[row] !== this.part) continue;
      taken.push(row);
      counts.set(rows.users[row]!, (counts.get(rows.users[row]!) ?? 0) + 1);
    }
    return {
      counts: Int32Array.from(counts.values()),
      items: Int32Array.from(taken, (row) => this.itemOf[rows.items[row]!]!),
      values: Float32Array.from(taken, (row) => rows.values[row]!),
      times: rows.times && Uint32Array.from(taken, (row) => rows.times![row]!),
    };
  }
}

/** The marked indices, numbered from 0 in their order. */
function numbered(marks: Uint8Array): [numbers: Int32Array, count: number] {
  const numbers = new Int32Array(marks.length).fill(-1);
  let count = 0;
  for (let index = 0; index < marks.length; index++) if (marks[index] === 1) numbers[index] = count++;
  return [numbers, count];
}
