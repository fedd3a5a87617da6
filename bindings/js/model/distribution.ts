import { shortestDecimal } from '../base/float32.js';
import type { CoreDistributions } from '../core/core.js';

/** One of the values that ratings have, and how likely it is. */
export interface RatingProbability {
  value: number;
  probability: number;
}

/** The distribution of each rating, one after the other in the core. */
export function distributionsOf({ values, probabilities }: CoreDistributions): RatingProbability[][] {
  const steps = Array.from(values, shortestDecimal);
  return Array.from({ length: probabilities.length / steps.length }, (_, row) =>
    steps.map((value, step) => ({ value, probability: probabilities[row * steps.length + step]! })),
  );
}
