import { exact } from '../base/format.js';
import { epochsFrom, factorsOf, lossOf, orderOf, startOf, stepOnPair } from '../compute/descent.js';
import type { Walk } from '../state/state.js';
import { problemAt, type Store } from '../state/store.js';
import { problemOf } from './problem-of.js';

/** Steps are taken one after the other, however fast they are asked for. */
let queue: Promise<void> = Promise.resolve();

function then(store: Store, work: () => Promise<Walk | null>): Promise<void> {
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
  then(store, async () => {
    const model = await startOf();
    const factors = factorsOf(model);
    const [chosen, ...ahead] = orderOf(0);
    return { method, learningRate, model, factors, losses: [lossOf(factors)], chosen: chosen!, ahead, pass: 0 };
  });

export const takeSteps = (store: Store, how: 'one' | 'many'): Promise<void> =>
  then(store, async () => {
    const { walk } = store.state;
    if (!walk) return null;
    const next = walk.method === 'batch' ? await stepsDown(walk, how === 'one' ? 1 : 10) : onPairs(walk, how);
    if (isLost(next)) {
      problemAt(store, 'see', {
        message: `With a learning rate of ${walk.learningRate} the steps lead ever farther away: choose a smaller one.`,
      });
      return null;
    }
    store.set({ announcement: `The loss is ${exact(next.losses.at(-1)!)}` });
    return next;
  });

/** Whether the steps were too long to come back from. */
const isLost = ({ losses }: Walk): boolean => !(losses.at(-1)! < 1000 * losses[0]!);

/** Epochs of the library; it says what the loss is after each. */
async function stepsDown(walk: Walk, count: number): Promise<Walk> {
  const model = await epochsFrom(walk.model, count, walk.learningRate);
  const losses = [...walk.losses, ...model.history.slice(-count).map(({ loss }) => loss)];
  return { ...walk, model, factors: factorsOf(model), losses };
}

/** One pair, or all that this pass has left. */
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
