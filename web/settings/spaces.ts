/** The page's search spaces: for each solver, settings around those that the page starts from. */
import type { SearchSpace, Solver } from 'matfac';
import { type Setting, settings } from './setting-list.js';
import { isImplicit, solvers } from './solvers.js';

/** Round numbers, spaced about evenly on a logarithmic scale. */
function scale(from: number, to: number): number[] {
  const all: number[] = [];
  for (let power = -5; power <= 3; power++) {
    for (const digits of [1, 1.5, 2, 3, 5, 7]) all.push(Number(`${digits}e${power}`));
  }
  return all.filter((value) => value >= from && value <= to);
}

const spaces = {
  als: { factors: [4, 8, 16, 32], regularization: scale(0.3, 7) },
  sgd: {
    factors: [8, 16, 32, 64],
    regularization: scale(0.02, 0.3),
    learningRate: scale(0.002, 0.02),
    learningRateDecay: [0.95, 0.98, 1],
  },
  'svd++': {
    factors: [16, 32, 64],
    regularization: scale(0.02, 0.2),
    learningRate: scale(0.005, 0.03),
    learningRateDecay: [0.9, 0.95, 1],
  },
  bayesian: { factors: [4, 8, 16, 32], implicitTerms: ['none', 'user', 'both'], biases: [true, false] },
  nmf: { factors: [4, 8, 16, 32], regularization: scale(0.02, 0.7) },
  'gradient-descent': { factors: [4, 8, 16], regularization: scale(1, 15), learningRate: scale(0.0001, 0.001) },
  'implicit-als': { factors: [16, 32, 64], regularization: scale(0.001, 0.1), confidence: scale(0.3, 10) },
  bpr: { factors: [16, 32, 64], regularization: scale(0.001, 0.1), learningRate: scale(0.03, 0.5) },
  bias: { regularization: scale(0.5, 30), biasRegularization: scale(0.5, 30) },
} satisfies { readonly [solver in Solver]?: SearchSpace };

export type Searchable = keyof typeof spaces;

export const isSearchable = (solver: Solver): solver is Searchable => solver in spaces;

/** The solvers with a search space, among those that fit the ratings. */
export const searchable = (implicit: boolean): Searchable[] =>
  (Object.keys(spaces) as Searchable[]).filter((solver) => !implicit || isImplicit(solver));

/** The settings that differ between the trials. */
export const searched = (solver: Searchable): Setting[] => settings.filter(({ name }) => name in spaces[solver]);

/** All options of a trial: those that the search draws, and the page's initial settings for the rest. */
export const spaceOf = (solver: Searchable): SearchSpace => ({
  solver,
  ...(solvers[solver].values as SearchSpace),
  ...spaces[solver],
});
