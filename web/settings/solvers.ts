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
  { title: 'From what was seen, whatever the rating', solvers: ['implicit-als', 'bpr'] },
  { title: 'To compare with', solvers: ['bias', 'popularity'] },
];

export const solvers: Record<Solver, SolverWords> = {
  als: {
    title: 'Alternating least squares',
    words: 'Solves for every user exactly, then for every item, in turn. Few epochs, little to tune.',
    values: { factors: 16, epochs: 15, regularization: 1.4, biases: true },
  },
  sgd: {
    title: 'Stochastic gradient descent',
    words: 'Takes a small step after each single rating, in random order.',
    values: { factors: 16, epochs: 40, regularization: 0.1, learningRate: 0.007, biases: true },
  },
  'svd++': {
    title: 'SVD++',
    words: 'Also learns from which items a user chose to rate at all. Often more exact, and slower.',
    values: { factors: 64, epochs: 35, regularization: 0.06, learningRate: 0.02, biases: true },
  },
  bayesian: {
    title: 'Bayesian, by Gibbs sampling',
    words: 'Draws many models that all fit, and averages them. Finds its own regularization, and knows how sure it is.',
    values: { factors: 8, epochs: 300, biases: true },
  },
  nmf: {
    title: 'Non-negative factors',
    words: 'Users and items are sums of parts, never differences, which makes the factors easier to name.',
    values: { factors: 16, epochs: 15, regularization: 0.12 },
  },
  'gradient-descent': {
    title: 'Batch gradient descent',
    words: 'One step an epoch, down the slope of the whole error. The textbook’s way, and the slowest.',
    values: { factors: 8, epochs: 300, regularization: 5, learningRate: 0.0005, biases: true },
  },
  'implicit-als': {
    title: 'Implicit least squares',
    words: 'Every pair counts: seen is 1, not seen is 0 with less weight. For clicks, plays and purchases.',
    values: { factors: 64, epochs: 15, regularization: 0.007, confidence: 1 },
  },
  bpr: {
    title: 'Bayesian personalized ranking',
    words: 'Learns the order: what a user took should stand above what they did not.',
    values: { factors: 64, epochs: 60, regularization: 0.01, learningRate: 0.2, biases: true },
  },
  bias: {
    title: 'Biases alone',
    words: 'The mean, who rates high, and what is rated high. No factors: what they add shows against this.',
    values: { epochs: 15, regularization: 5 },
  },
  popularity: {
    title: 'Popularity',
    words: 'The same for all: what most people rated. Any model should beat it.',
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
    words: 'Numbers for each user and item. More of them see finer tastes, and take noise for taste sooner.',
    fits: withFactors,
    number: whole,
  },
  {
    name: 'epochs',
    label: 'Epochs',
    words: 'How often all ratings are gone through.',
    fits: [...withFactors, 'bias'],
    number: whole,
  },
  {
    name: 'regularization',
    label: 'Regularization',
    words: 'Pulls the factors towards nothing. Too little learns noise by heart, too much learns nothing.',
    fits: ['als', 'sgd', 'svd++', 'nmf', 'gradient-descent', 'implicit-als', 'bpr', 'bias'],
    number: real,
  },
  {
    name: 'learningRate',
    label: 'Learning rate',
    words: 'How far a step goes. Too small takes for ever; too far, and the loss grows.',
    fits: withSteps,
    number: real,
  },
  {
    name: 'confidence',
    label: 'Confidence',
    words: 'How much more a pair that was seen weighs than one that was not.',
    fits: ['implicit-als'],
    number: real,
  },
  {
    name: 'seed',
    label: 'Seed',
    words: 'Where chance starts. The same seed gives the same model, bit for bit.',
    fits: all,
    number: { min: 0, step: '1' },
  },
  {
    name: 'biases',
    label: 'Biases',
    words: 'Learn apart who rates high and what is rated high.',
    fits: ['als', 'sgd', 'svd++', 'bayesian', 'gradient-descent', 'bpr'],
    isFine: true,
  },
  {
    name: 'patience',
    label: 'Patience',
    words: 'Stop after so many epochs without a better validation figure, and keep the best. 0 goes on to the end.',
    fits: withFactors,
    number: { min: 0, step: '1' },
    isFine: true,
  },
  {
    name: 'learningRateDecay',
    label: 'Learning rate decay',
    words: 'The rate is multiplied by this after each epoch: large steps first, careful ones later.',
    fits: withSteps,
    number: real,
    isFine: true,
  },
  {
    name: 'biasRegularization',
    label: 'Regularization of biases',
    words: 'If it is to differ from that of the factors.',
    fits: ['als', 'sgd', 'svd++', 'gradient-descent', 'bias'],
    number: real,
    isFine: true,
  },
  {
    name: 'biasLearningRate',
    label: 'Learning rate of biases',
    words: 'Biases that learn slower than the factors often predict better. 0: the same rate.',
    fits: ['sgd', 'svd++'],
    number: real,
    isFine: true,
  },
  {
    name: 'initialScale',
    label: 'Length at the start',
    words: 'How long the random vectors are at first.',
    fits: withFactors,
    number: real,
    isFine: true,
  },
  {
    name: 'samples',
    label: 'Samples kept',
    words: 'Draws that predictions average over. More are smoother, and make the model larger.',
    fits: ['bayesian'],
    number: whole,
    isFine: true,
  },
  {
    name: 'implicit',
    label: 'Implicit feedback',
    words: 'As SVD++ does: that somebody chose to rate an item says something, whatever the stars.',
    fits: ['bayesian'],
    choices: [
      ['none', 'No'],
      ['user', 'Of users'],
      ['both', 'Of users and items'],
    ],
    isFine: true,
  },
  {
    name: 'sweep',
    label: 'How a row is solved',
    words: 'Exactly, or improved a little, which costs less with many factors.',
    fits: ['als', 'implicit-als'],
    choices: [
      ['auto', 'By the number of factors'],
      ['exact', 'Exactly'],
      ['conjugate-gradient', 'Conjugate gradient'],
      ['blocks', 'Blocks of coordinates'],
    ],
    isFine: true,
  },
  {
    name: 'adaptive',
    label: 'Adaptive steps',
    words: 'Rows that have moved far move less: rare items learn faster.',
    fits: ['sgd'],
    isFine: true,
  },
  {
    name: 'threads',
    label: 'Threads',
    words: 'The model is the same with any number. Automatic takes all once there are 500,000 ratings.',
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
