import { Turn } from '../../base/pause.js';
import { throwIfAborted } from '../../base/signal.js';
import type { FileSource } from '../../base/source.js';
import type { Id } from '../../ratings/ids.js';
import { Notes } from '../../ratings/notes.js';
import type { Title } from '../../ratings/title-columns.js';
import type { Entry } from './entries.js';
import { ratedOnScale } from './entry-ratings.js';
import { entriesOf, type ListEntries } from './list-entries.js';
import { type ListFile, needed, openList } from './list-files.js';
import type { OwnRatings, UnmatchedRating } from './own-ratings.js';
import { oneForEachItem, type Pair } from './pairs.js';
import { checkedProfile, type ProfileModel, type ReadProfileOptions } from './profile-options.js';
import { withoutRepeated } from './repeated-entries.js';
import { TitleIndex } from './title-index.js';
import { matchTitle } from './title-matching.js';

/** How many titles are taken between two looks at the clock. */
const AT_ONCE = 64;

/** See `readProfile`. */
export async function readOwnList(
  source: FileSource,
  options: ReadProfileOptions,
  isImplicit: (solver: ProfileModel['solver']) => boolean,
): Promise<OwnRatings> {
  const { titles, model, signal } = checkedProfile(options);
  const notes = new Notes();
  const { files, compression, isArchive } = await openList(source, signal);
  noteEncoding(files, notes);
  const lists = files.map((file) => entriesOf(file, notes));
  const faulty = lists.flatMap((list) => list.faulty);
  const entries = withoutRepeated(
    lists.flatMap((list) => list.entries),
    notes,
  );
  const turn = new Turn();
  const index = await indexOf(titles ?? titlesOf(model!), turn, signal);
  const { pairs, unmatched } = await pairsOf(entries, index, model && itemsOf(model), turn, signal);
  const [first] = lists as [ListEntries];
  // Without a header, only what fits some title is a list.
  if (pairs.length === 0 && (entries.length + faulty.length === 0 || !first.header)) {
    throw needed(
      entries.length === 0 ? 'it has no entries' : `none of its ${entries.length} lines is one of the titles`,
    );
  }
  const found = oneForEachItem(pairs, notes);
  const { scale, ...rated } = ratedOnScale(
    found.pairs,
    entries,
    { ...options, own: first.scale, isWeight: model !== undefined && isImplicit(model.solver) },
    notes,
  );
  const unread = faulty.map(({ entry, reason }) => unmatchedOf(entry, reason));
  return {
    ...rated,
    unmatched: [
      ...unmatched,
      ...found.unmatched.map(({ entry, reason }) => unmatchedOf(entry, reason)),
      ...unread,
    ].sort((a, b) => a.line - b.line),
    source: {
      service: first.service,
      format: files[0]!.table.format,
      compression,
      ...(isArchive ? { files: files.map(({ name }) => name) } : {}),
      ...(first.header ? { columns: namesOf(first.header, first) } : {}),
      ...(scale ? { scale } : {}),
      notes: notes.list,
    },
  };
}

function noteEncoding(files: readonly ListFile[], notes: Notes): void {
  if (!files.some(({ isEncodingGuessed }) => isEncodingGuessed)) return;
  notes.add('encoding-guessed', 'The text is not UTF-8; it is read as Windows-1252');
}

function namesOf(header: readonly string[], { columns }: ListEntries): NonNullable<OwnRatings['source']['columns']> {
  const name = (role: 'title' | 'year' | 'rating') =>
    columns[role] === undefined ? {} : { [role]: header[columns[role]]! };
  return { ...name('title'), ...name('year'), ...name('rating') };
}

/** The ids of the items as their titles. */
function titlesOf({ items }: ProfileModel): Map<Id, Title> {
  return new Map(items.map((item) => [item, { title: String(item) }]));
}

/** The model's own form of an id: 7 where the titles have '7'. */
function itemsOf({ items }: ProfileModel): (item: Id) => Id | undefined {
  const exact = new Set(items);
  const byText = new Map(items.map((item) => [String(item), item]));
  return (item) => (exact.has(item) ? item : byText.get(String(item)));
}

async function indexOf(
  titles: ReadonlyMap<Id, Title>,
  turn: Turn,
  signal: AbortSignal | undefined,
): Promise<TitleIndex> {
  const index = new TitleIndex();
  let count = 0;
  for (const [item, title] of titles) {
    index.add(item, title);
    if (++count % AT_ONCE > 0) continue;
    await turn.rest();
    throwIfAborted('Reading', signal);
  }
  return index;
}

async function pairsOf(
  entries: readonly Entry[],
  index: TitleIndex,
  items: ((item: Id) => Id | undefined) | undefined,
  turn: Turn,
  signal: AbortSignal | undefined,
) {
  const pairs: Pair[] = [];
  const unmatched: UnmatchedRating[] = [];
  const ownId = items ?? ((item: Id) => item);
  const isThere = (item: Id) => ownId(item) !== undefined;
  for (const [count, entry] of entries.entries()) {
    const match = matchTitle(entry, index, isThere);
    if ('reason' in match) unmatched.push(unmatchedOf(entry, match.reason));
    else {
      const item = ownId(match.candidate.item);
      if (item === undefined) unmatched.push(unmatchedOf(entry, 'the model does not have it'));
      else pairs.push({ entry, item, matched: match.candidate.title, sure: match.sure });
    }
    if (count % AT_ONCE > 0) continue;
    await turn.rest();
    throwIfAborted('Reading', signal);
  }
  return { pairs, unmatched };
}

function unmatchedOf({ title, item, year, rating, line }: Entry, reason: string): UnmatchedRating {
  const name = title === '' && item !== undefined ? String(item) : title;
  return {
    title: name,
    ...(year === undefined ? {} : { year }),
    ...(rating === undefined ? {} : { rating }),
    line,
    reason,
  };
}
