import { show } from '../../base/show.js';
import { wholeNumber } from '../../ratings/ids.js';
import type { EntrySink, LineFormat, LineReader } from './entry-sink.js';

/** Lines of a user and all of its items, as LightGCN and NGCF have them, or of a count and the items, as CiteULike. */
export const adjacency: LineFormat = {
  recognizes: (lines) => {
    const rows = lines.map(fieldsOf);
    if (rows.length < 2 || !haveManyWidths(rows) || !rows.every((row) => row.every(isWhole))) return false;
    return areCounts(rows) || new Set(rows.map(([user]) => user)).size === rows.length;
  },
  reader: (sink, lines) => new AdjacencyReader(sink, areCounts(lines.map(fieldsOf))),
};

function fieldsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}

/** Whether the widths differ more than those of a list of ratings in which a line is bad. */
function haveManyWidths(rows: string[][]): boolean {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const isList = Math.max(...counts.keys()) <= 4 && Math.max(...counts.values()) > rows.length / 2;
  return counts.size > 1 && !isList;
}

function isWhole(field: string): boolean {
  return wholeNumber(field) >= 0 && !field.includes('.');
}

/** Whether each line begins with the number of its items. Users 1, 2, … with so many items each are unlikely. */
function areCounts(rows: string[][]): boolean {
  return rows.length > 2 && rows.every(([count, ...items]) => Number(count) === items.length);
}

class AdjacencyReader implements LineReader {
  #users = 0;

  constructor(
    readonly sink: EntrySink,
    readonly hasCounts: boolean,
  ) {
    sink.begin({ format: 'adjacency', delimiter: ' ', titles: ['user', 'items'], columns: { user: 0, item: 1 } });
    const first = hasCounts
      ? 'Each line is a user, numbered from 1, and has the number of its items first, then the items.'
      : 'Each line has a user first, then all of its items.';
    sink.note('format-guessed', first);
  }

  line(text: string, number: number): void {
    if (text.trim() === '') return;
    const [first = '', ...items] = fieldsOf(text);
    this.#users++;
    if (this.hasCounts && Number(first) !== items.length) {
      this.sink.bad([number, 1], `the line must have ${show(first)} items, as it says; it has ${items.length}`);
      return;
    }
    const user = this.hasCounts ? this.#users : first;
    for (const [index, item] of items.entries()) {
      if (isWhole(item)) this.sink.add(user, item, 1, [number, index + 2]);
      else this.sink.bad([number, index + 2], `the item must be a whole number; it is ${show(item)}`);
    }
  }

  end(): void {}
}
