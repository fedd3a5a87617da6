import type { Settings, SolverName } from './state.js';

interface Solver {
  title: string;
  words: string;
  /** Settings that suit this solver on MovieLens and the sample. */
  settings: Omit<Settings, 'solver' | 'validation'>;
}

export const solvers: Record<SolverName, Solver> = {
  als: {
    title: 'Alternating least squares',
    words: 'Solves for every user exactly, then for every item, in turn. Few epochs, nothing to tune.',
    settings: { factors: 16, regularization: 1.4, epochs: 15, learningRate: 0.01, biases: true },
  },
  sgd: {
    title: 'Stochastic gradient descent',
    words: 'Takes a small step after each single rating, in random order.',
    settings: { factors: 16, regularization: 0.1, epochs: 40, learningRate: 0.007, biases: true },
  },
  'gradient-descent': {
    title: 'Batch gradient descent',
    words: 'One step an epoch, down the slope of the whole error. The textbook’s way, and the slowest.',
    settings: { factors: 8, regularization: 5, epochs: 300, learningRate: 0.0005, biases: true },
  },
};

export const settingsFor = (solver: SolverName, validation: number): Settings => ({
  solver,
  validation,
  ...solvers[solver].settings,
});

type NumberSetting = 'factors' | 'regularization' | 'epochs' | 'learningRate';

export const numberSettings: { name: NumberSetting; label: string; words: string; step: string; min: number }[] = [
  { name: 'factors', label: 'Factors', words: 'Numbers that describe each user and each item.', step: '1', min: 1 },
  { name: 'epochs', label: 'Epochs', words: 'How often all ratings are gone through.', step: '1', min: 1 },
  {
    name: 'regularization',
    label: 'Regularization',
    words: 'Keeps the factors small, so that they do not learn noise.',
    step: 'any',
    min: 0,
  },
  {
    name: 'learningRate',
    label: 'Learning rate',
    words: 'How far a step goes. Too far, and the loss grows.',
    step: 'any',
    min: 0,
  },
];
