import type { Solver } from 'matfac';
import type { SettingName, Settings, SettingValue } from './settings.js';

interface SolverWords {
  title: string;
  words: string;
  /** Where the page starts from, good on MovieLens and the sample; the rest is the library's default. */
  values: Settings['values'];
}

/** In the order in which they are offered. */
export const solverGroups: readonly { title: string; solvers: readonly Solver[] }[] = [
  { title: 'From ratings', solvers: ['als', 'sgd', 'svd++', 'bayesian', 'nmf', 'gradient-descent'] },
  { title: 'From interactions, ignoring ratings', solvers: ['implicit-als', 'bpr'] },
  { title: 'Baselines', solvers: ['bias', 'popularity'] },
];

export const solvers: Record<Solver, SolverWords> = {
  als: {
    title: 'Alternating least squares',
    words: 'Solves exactly for every user, then for every item, in turn. Needs few epochs and little tuning.',
    values: { factors: 16, epochs: 15, regularization: 1.4, biases: true },
  },
  sgd: {
    title: 'Stochastic gradient descent',
    words: 'Takes a small step after each rating, in random order.',
    values: { factors: 16, epochs: 40, regularization: 0.1, learningRate: 0.007, biases: true },
  },
  'svd++': {
    title: 'SVD++',
    words: 'Also learns from which items a user chose to rate at all. Often more accurate, and slower.',
    values: { factors: 64, epochs: 35, regularization: 0.06, learningRate: 0.02, biases: true },
  },
  bayesian: {
    title: 'Bayesian, by Gibbs sampling',
    words: 'Averages many models that all fit. Learns its own regularization, and knows how certain it is.',
    values: { factors: 8, epochs: 300, biases: true },
  },
  nmf: {
    title: 'Non-negative factors',
    words: 'Users and items are sums of parts, never differences, which makes the factors easier to interpret.',
    values: { factors: 16, epochs: 15, regularization: 0.12 },
  },
  'gradient-descent': {
    title: 'Batch gradient descent',
    words: 'One step per epoch, down the gradient of the total error. The textbook method, and the slowest.',
    values: { factors: 8, epochs: 300, regularization: 5, learningRate: 0.0005, biases: true },
  },
  'implicit-als': {
    title: 'Implicit least squares',
    words:
      'Every pair counts: an interaction is 1, no interaction is 0 with less weight. For clicks, plays and purchases.',
    values: { factors: 64, epochs: 15, regularization: 0.007, confidence: 1 },
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
export const learnsFromSeen = (solver: Solver): boolean =>
  solver === 'implicit-als' || solver === 'bpr' || solver === 'popularity';

export const settingsFor = (solver: Solver, validation: number): Settings => ({
  solver,
  validation,
  values: { ...solvers[solver].values, seed: 1 },
});

type Choice = readonly [value: SettingValue, label: string];

export interface Setting {
  name: SettingName;
  label: string;
  words: string;
  fits: readonly Solver[];
  /** A number with these bounds, a choice, or else yes and no. */
  number?: { min: number; step: string };
  choices?: readonly Choice[];
  /** Shown with those that few need. */
  isFine?: boolean;
}

const withFactors: Solver[] = ['als', 'sgd', 'svd++', 'bayesian', 'nmf', 'gradient-descent', 'implicit-als', 'bpr'];
const withSteps: Solver[] = ['sgd', 'svd++', 'gradient-descent', 'bpr'];
const all: Solver[] = [...withFactors, 'bias', 'popularity'];
const whole = { min: 1, step: '1' };
const real = { min: 0, step: 'any' };

export const settings: readonly Setting[] = [
  {
    name: 'factors',
    label: 'Factors',
    words: 'How many numbers describe each user and item. More capture finer tastes, but fit noise sooner.',
    fits: withFactors,
    number: whole,
  },
  {
    name: 'epochs',
    label: 'Epochs',
    words: 'How many passes over all ratings.',
    fits: [...withFactors, 'bias'],
    number: whole,
  },
  {
    name: 'regularization',
    label: 'Regularization',
    words: 'Pulls the factors towards zero. Too little memorizes noise; too much learns nothing.',
    fits: ['als', 'sgd', 'svd++', 'nmf', 'gradient-descent', 'implicit-als', 'bpr', 'bias'],
    number: real,
  },
  {
    name: 'learningRate',
    label: 'Learning rate',
    words: 'The size of a step. Too small takes forever; too large, and the loss grows.',
    fits: withSteps,
    number: real,
  },
  {
    name: 'confidence',
    label: 'Confidence',
    words: 'How much more an interaction weighs than a pair without one.',
    fits: ['implicit-als'],
    number: real,
  },
  {
    name: 'seed',
    label: 'Seed',
    words: 'Starts the random number generator. The same seed gives the same model, bit for bit.',
    fits: all,
    number: { min: 0, step: '1' },
  },
  {
    name: 'biases',
    label: 'Biases',
    words: 'Learn separately who rates high and what is rated high.',
    fits: ['als', 'sgd', 'svd++', 'bayesian', 'gradient-descent', 'bpr'],
    isFine: true,
  },
  {
    name: 'patience',
    label: 'Patience',
    words: 'Stop after this many epochs without a better validation score, and keep the best. 0 runs all epochs.',
    fits: withFactors,
    number: { min: 0, step: '1' },
    isFine: true,
  },
  {
    name: 'learningRateDecay',
    label: 'Learning rate decay',
    words: 'Multiplies the rate after each epoch: large steps first, small ones later.',
    fits: withSteps,
    number: real,
    isFine: true,
  },
  {
    name: 'biasRegularization',
    label: 'Bias regularization',
    words: 'Leave it empty to use the same as for the factors.',
    fits: ['als', 'sgd', 'svd++', 'gradient-descent', 'bias'],
    number: real,
    isFine: true,
  },
  {
    name: 'biasLearningRate',
    label: 'Bias learning rate',
    words: 'Biases that learn more slowly than the factors often predict better. 0 uses the same rate.',
    fits: ['sgd', 'svd++'],
    number: real,
    isFine: true,
  },
  {
    name: 'initialScale',
    label: 'Initial length',
    words: 'How long the random vectors are at the start.',
    fits: withFactors,
    number: real,
    isFine: true,
  },
  {
    name: 'samples',
    label: 'Samples kept',
    words: 'How many draws predictions average over. More give smoother predictions and a larger model.',
    fits: ['bayesian'],
    number: whole,
    isFine: true,
  },
  {
    name: 'implicit',
    label: 'Implicit feedback',
    words: 'Also learn from which items were rated at all, whatever the stars, as SVD++ does.',
    fits: ['bayesian'],
    choices: [
      ['none', 'None'],
      ['user', 'For users'],
      ['both', 'For users and items'],
    ],
    isFine: true,
  },
  {
    name: 'sweep',
    label: 'How rows are solved',
    words: 'Exactly, or improved step by step, which is cheaper with many factors.',
    fits: ['als', 'implicit-als'],
    choices: [
      ['auto', 'Automatic, by the number of factors'],
      ['exact', 'Exactly'],
      ['conjugate-gradient', 'Conjugate gradient'],
      ['blocks', 'Blocks of coordinates'],
    ],
    isFine: true,
  },
  {
    name: 'adaptive',
    label: 'Adaptive steps',
    words: 'Rows that have already moved far take smaller steps, so rare items learn faster.',
    fits: ['sgd'],
    isFine: true,
  },
  {
    name: 'threads',
    label: 'Threads',
    words: 'The model does not depend on it. Automatic uses all of them from 500,000 ratings on.',
    fits: withFactors,
    choices: [['auto', 'Automatic'], ...[1, 2, 4, 8].map((n) => [n, String(n)] as const)],
    isFine: true,
  },
];

/** The options of `train` that these settings stand for: those that the solver reads. */
export function optionsOf({ solver, validation, values }: Settings) {
  const names = settings.filter(({ fits }) => fits.includes(solver)).map(({ name }) => name);
  const chosen = Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
  // Patience without anything to watch is an error of the library's; here the field is hidden.
  if (validation === 0) delete chosen.patience;
  return { solver, ...chosen, ...(validation > 0 && { validation }) };
}
