import { pause } from '../base/pause.js';
import { throwIfAborted } from '../base/signal.js';
import type { CoreModel, CoreRecommendTask, CoreServing } from '../core/core.js';
import type { Handle } from '../core/handle.js';
import { type RatingsByUser, ratingsOf } from '../ratings/by-user.js';
import type { ModelContents } from './file/model-file.js';
import { type Recommendation, type RecommendOptions, recommendationsOf, type recommendTask } from './ranking.js';
import { type OnModel, onThreads, type ThreadsOptions } from './threads.js';

/** Options of `recommendManyAsync`: those of `recommendMany`, threads and a signal. */
export interface RecommendManyAsyncOptions extends RecommendOptions, ThreadsOptions {}

/** Multiply-adds per thread between two turns of other tasks: about 15 ms. */
const SLICE_WORK = 1e8;
/** Users who share the item factors loaded from memory: a slice has this many per thread, or a multiple. */
const BLOCK_USERS = 32;

type Parts = Pick<ModelContents, 'users' | 'items' | 'options' | 'rated'>;

/** What to recommend to whom. */
export interface ManyPlan {
  parts: Parts;
  users: Int32Array;
  task: ReturnType<typeof recommendTask>;
}

/** The recommendations for users `from` … `to` − 1 of the plan. */
export function recommendPart(
  on: Pick<Handle<CoreServing>, 'use'>,
  { parts, users, task }: ManyPlan,
  from: number,
  to: number,
  threads: number,
): Recommendation[][] {
  const { exclude, ...common } = task;
  const part = users.subarray(from, to);
  const { excluded, offsets } =
    exclude === 'rated' ? ratedItemsOf(parts.rated, part) : { excluded: exclude, offsets: [] };
  const asked: CoreRecommendTask = { ...common, excluded };
  const found = on.use((model) => model.recommendMany(part, Int32Array.from(offsets), asked, threads));
  return Array.from(found.ends, (end, index) =>
    recommendationsOf(found, parts.items, index === 0 ? 0 : found.ends[index - 1]!, end),
  );
}

export async function recommendInSlices(
  handle: Handle<CoreModel>,
  plan: ManyPlan,
  { threads, signal }: RecommendManyAsyncOptions,
): Promise<Recommendation[][]> {
  const { parts, users } = plan;
  const work = Math.max(1, parts.items.size * rowLength(parts.options));
  const run = async (on: OnModel, threads: number) => {
    const slice = threads * BLOCK_USERS * Math.ceil(SLICE_WORK / work / BLOCK_USERS);
    const lists: Recommendation[][] = [];
    for (let from = 0; from < users.length; from += slice) {
      if (from > 0) await pause();
      throwIfAborted('recommendManyAsync', signal);
      lists.push(...recommendPart(on, plan, from, Math.min(from + slice, users.length), threads));
    }
    return lists;
  };
  return onThreads(handle, parts.options, { threads, multiplyAdds: users.length * work, run });
}

/** The numbers that a score multiplies. */
const rowLength = ({ factors, samples, preference, preferenceFactors }: Parts['options']) =>
  factors * samples + (preference ? preferenceFactors : 0);

function ratedItemsOf(rated: RatingsByUser | null, users: Int32Array): { excluded: Int32Array; offsets: number[] } {
  if (!rated) return { excluded: new Int32Array(), offsets: [] };
  const lists = Array.from(users, (user) => ratingsOf(rated, user).items);
  const offsets = [0];
  for (const list of lists) offsets.push(offsets.at(-1)! + list.length);
  const excluded = new Int32Array(offsets.at(-1)!);
  for (const [index, list] of lists.entries()) excluded.set(list, offsets[index]!);
  return { excluded, offsets };
}
