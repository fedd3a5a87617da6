import type { Id } from '../../ratings/ids.js';
import type { Notes } from '../../ratings/notes.js';
import type { Entry } from './entries.js';
import { later, noteRepeated } from './repeated-entries.js';
import type { Sureness } from './title-matching.js';

/** An entry and the item that it means. */
export interface Pair {
  entry: Entry;
  item: Id;
  /** The title of the item. */
  matched: string;
  sure: Sureness;
}

/** Of several entries for one item, the surest. Entries that are only close do not confirm each other. */
export function oneForEachItem(pairs: readonly Pair[], notes: Notes) {
  const byItem = new Map<Id, Pair[]>();
  for (const pair of pairs) {
    const list = byItem.get(pair.item);
    if (list) list.push(pair);
    else byItem.set(pair.item, [pair]);
  }
  const kept: Pair[] = [];
  const unmatched: { entry: Entry; reason: string }[] = [];
  let repeated = 0;
  for (const list of byItem.values()) {
    const certain = list.filter(({ sure }) => sure !== 'close');
    const reason =
      certain.length > 0 ? `another entry is ${list[0]!.matched}` : `several entries may be ${list[0]!.matched}`;
    if (list.length > 1) {
      for (const { entry, sure } of list) if (sure === 'close') unmatched.push({ entry, reason });
    }
    const [first, ...others] = list.length === 1 ? list : certain;
    if (!first) continue;
    repeated += others.filter(({ entry }) => entry.rating !== undefined).length;
    kept.push(others.reduce((best, next) => (later(best.entry, next.entry) === best.entry ? best : next), first));
  }
  noteRepeated(repeated, notes);
  return { pairs: kept.sort((a, b) => a.entry.line - b.entry.line), unmatched };
}
