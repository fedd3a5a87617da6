import { SOLVERS, type Solver } from 'matfac';
import { settings } from './setting-list.js';
import type { Settings } from './settings.js';

interface SolverWords {
  title: string;
  words: string;
  /** The page's initial settings, good on MovieLens and the sample; other options have the library's defaults. */
  values: Settings['values'];
}

/** The solvers in the order in which the page offers them. */
export const solverGroups: readonly { title: string; solvers: readonly Solver[] }[] = [
  { title: 'From ratings', solvers: ['variational', 'als', 'sgd', 'svd++', 'bayesian', 'nmf', 'gradient-descent'] },
  { title: 'From interactions, ignoring ratings', solvers: ['implicit-als', 'bpr'] },
  { title: 'Baselines', solvers: ['bias', 'popularity'] },
];

export const solvers: Record<Solver, SolverWords> = {
  variational: {
    title: 'Variational Bayes',
    words: 'The default. Learns what people take, then how they like it, and chooses its own settings.',
    values: { epochs: 40 },
  },
  als: {
    title: 'Alternating least squares',
    words: 'Solves exactly for every user, then for every item, in turn. Needs few epochs and little tuning.',
    values: { factors: 16, epochs: 15, regularization: 1.25, biases: true },
  },
  sgd: {
    title: 'Stochastic gradient descent',
    words: 'Takes a small step after each rating, in random order.',
    values: { factors: 16, epochs: 40, regularization: 0.1, biases: true },
  },
  'svd++': {
    title: 'SVD++',
    words: 'Also learns from which items a user chose to rate at all. Often more accurate, and slower.',
    values: { factors: 64, epochs: 35, regularization: 0.053, learningRate: 0.0225, biases: true },
  },
  bayesian: {
    title: 'Bayesian, by Gibbs sampling',
    words: 'Averages many models that all fit. Learns its own regularization, and knows how certain it is.',
    values: { factors: 8, epochs: 300, biases: true },
  },
  nmf: {
    title: 'Non-negative factors',
    words: 'Users and items are sums of parts, never differences, which makes the factors easier to interpret.',
    values: { factors: 16, epochs: 15, regularization: 0.105 },
  },
  'gradient-descent': {
    title: 'Batch gradient descent',
    words: 'One step per epoch, down the gradient of the total error. The textbook method, and the slowest.',
    values: { factors: 8, epochs: 300, regularization: 5, biases: true },
  },
  'implicit-als': {
    title: 'Implicit least squares',
    words:
      'Every pair counts: an interaction is 1, no interaction is 0 with less weight. For clicks, plays and purchases.',
    values: { factors: 64, epochs: 15, regularization: 0.007 },
  },
  bpr: {
    title: 'Bayesian personalized ranking',
    words: 'Learns the order: items that a user chose should rank above items they did not.',
    values: { factors: 64, epochs: 60, regularization: 0.01, learningRate: 0.2, biases: true },
  },
  bias: {
    title: 'Biases alone',
    words: 'The mean, who rates high, and what is rated high. No factors: compare with it to see what factors add.',
    values: { epochs: 15, regularization: 5 },
  },
  popularity: {
    title: 'Popularity',
    words: 'The same for everyone: what most people rated. Any model should beat it.',
    values: {},
  },
};

/** The solvers for ratings without values. */
export const isImplicit = (solver: Solver): boolean => SOLVERS[solver].feedback === 'implicit';

export const settingsFor = (solver: Solver, validation: number): Settings => ({
  solver,
  validation,
  values: { ...solvers[solver].values, seed: 1 },
});

/** These settings as options of `train`: those that the solver reads. */
export function optionsOf({ solver, validation, values }: Settings) {
  const names = settings.filter(({ fits }) => fits.includes(solver)).map(({ name }) => name);
  const chosen = Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
  // The library rejects patience without validation ratings; the page hides the field instead.
  if (validation === 0) delete chosen.patience;
  return { solver, ...chosen, ...(validation > 0 && { validation }) };
}
