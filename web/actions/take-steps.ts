import { exact } from '../base/format.js';
import { epochsFrom, factorsOf, lossOf, orderOf, startOf, stepOnPair } from '../compute/descent.js';
import type { Walk } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

/** Steps run one after another, however quickly they are requested. */
let queue: Promise<void> = Promise.resolve();

function enqueue(store: Store, work: () => Promise<Walk | null>): Promise<void> {
  queue = queue.then(async () => {
    try {
      const walk = await work();
      if (!walk) return;
      const { walk: before } = store.state;
      store.set({ walk });
      if (before && before.model !== walk.model) before.model.dispose();
      problemAt(store, 'see');
    } catch (error) {
      problemAt(store, 'see', problemOf(error));
    }
  });
  return queue;
}

/** From the factors that the library draws. */
export const startWalk = (store: Store, method: Walk['method'], learningRate: number): Promise<void> =>
  enqueue(store, async () => {
    const model = await startOf();
    const factors = factorsOf(model);
    const [chosen, ...ahead] = orderOf(0);
    return { method, learningRate, model, factors, losses: [lossOf(factors)], chosen: chosen!, ahead, pass: 0 };
  });

export const takeSteps = (store: Store, how: 'one' | 'many'): Promise<void> =>
  enqueue(store, async () => {
    const { walk } = store.state;
    if (!walk) return null;
    const next = walk.method === 'batch' ? await stepsDown(walk, how === 'one' ? 1 : 10) : onPairs(walk, how);
    if (hasDiverged(next)) {
      problemAt(store, 'see', {
        message: `With a learning rate of ${walk.learningRate} the steps diverge. Choose a smaller one.`,
      });
      return null;
    }
    store.set({ announcement: `The loss is ${exact(next.losses.at(-1)!)}` });
    return next;
  });

/** True if the steps were so large that the loss exploded, NaN included. */
const hasDiverged = ({ losses }: Walk): boolean => !(losses.at(-1)! < 1000 * losses[0]!);

/** Epochs of the library, which reports the loss after each. */
async function stepsDown(walk: Walk, count: number): Promise<Walk> {
  const model = await epochsFrom(walk.model, count, walk.learningRate);
  const losses = [...walk.losses, ...model.history.slice(-count).map(({ loss }) => loss)];
  return { ...walk, model, factors: factorsOf(model), losses };
}

/** Steps on one pair, or on all pairs left in this pass. */
function onPairs(walk: Walk, how: 'one' | 'many'): Walk {
  let { factors, chosen, ahead, pass } = walk;
  const losses = [...walk.losses];
  let left = how === 'one' ? 1 : ahead.length + 1;
  for (; left > 0; left--) {
    factors = stepOnPair(factors, chosen, walk.learningRate);
    losses.push(lossOf(factors));
    if (ahead.length === 0) ahead = orderOf(++pass);
    [chosen, ahead] = [ahead[0]!, ahead.slice(1)];
  }
  return { ...walk, factors, losses, chosen, ahead, pass };
}
