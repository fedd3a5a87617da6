import { exact } from '../base/format.js';
import {
  type Factors,
  lossOf,
  type Method,
  orderOf,
  otherSide,
  solveSide,
  startOf,
  stepDown,
  stepOnPair,
} from '../compute/descent.js';
import type { Walk } from '../state/state.js';
import type { Store } from '../state/store.js';

/** Rates at which the small matrix learns quickly, and a ridge that shows. */
const rates: Record<Method, number> = { batch: 0.03, stochastic: 0.05, regularized: 0.03, als: 0.03 };
const ridge = 0.3;

let drawn: Promise<Factors> | null = null;

/** From the factors that the library draws. */
export async function startWalk(store: Store, method: Method): Promise<void> {
  drawn ??= startOf();
  const factors = await drawn;
  const { walk } = store.state;
  const [first, ...ahead] = orderOf(0);
  const chosen = walk && method !== 'stochastic' ? walk.chosen : first!;
  const numbers = { learningRate: rates[method], lambda: walk?.lambda ?? ridge };
  const losses = [lossOf(factors, method, numbers.lambda)];
  const side = 'v' as const;
  store.set({ walk: { method, ...numbers, factors, losses, chosen, ahead, pass: 0, side, diverged: false } });
}

/** Takes other numbers from here on; the losses so far were those of another objective if λ changes, and start anew. */
export function changeWalk(store: Store, change: Partial<Pick<Walk, 'learningRate' | 'lambda' | 'chosen'>>): void {
  const { walk } = store.state;
  if (!walk) return;
  const changed = { ...walk, ...change, diverged: false };
  const losses = change.lambda === undefined ? walk.losses : [lossOf(walk.factors, walk.method, change.lambda)];
  store.set({ walk: { ...changed, losses } });
}

/** How many steps "many" are: to the end of the pass, or a round number. */
export const manySteps = ({ method, ahead }: Walk): number => (method === 'stochastic' ? ahead.length + 1 : 10);

/** Takes steps; false when they diverge, and the factors stay as they were. */
export function takeSteps(store: Store, count: number): boolean {
  const { walk } = store.state;
  if (!walk) return false;
  let next = walk;
  for (let step = 0; step < count; step++) next = stepped(next);
  // NaN included.
  const diverged = !(next.losses.at(-1)! < 1000 * next.losses[0]!);
  store.set({
    walk: diverged ? { ...walk, diverged } : { ...next, diverged },
    announcement: diverged ? '' : `The loss is ${exact(next.losses.at(-1)!)}`,
  });
  return !diverged;
}

function stepped(walk: Walk): Walk {
  const { method, factors, learningRate, lambda, chosen, ahead, pass, side } = walk;
  const after = (next: Factors, change: Partial<Walk> = {}): Walk => ({
    ...walk,
    ...change,
    factors: next,
    losses: [...walk.losses, lossOf(next, method, lambda)],
  });
  switch (method) {
    case 'batch':
      return after(stepDown(factors, learningRate));
    case 'regularized':
      return after(stepDown(factors, learningRate, lambda));
    case 'als':
      return after(solveSide(factors, side, lambda), { side: otherSide(side) });
    case 'stochastic': {
      const [nextPair, ...left] = ahead.length > 0 ? ahead : orderOf(pass + 1);
      const place = { chosen: nextPair!, ahead: left, pass: ahead.length > 0 ? pass : pass + 1 };
      return after(stepOnPair(factors, chosen, learningRate), place);
    }
  }
}
