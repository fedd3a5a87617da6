import { defined } from '../base/checks.js';
import type { TrainOptions } from '../index.js';
import type { Flag, Given } from './command.js';

/** The options of `train` that are numbers or words. */
export const TRAINING_FLAGS: readonly Flag[] = [
  {
    name: 'solver',
    value: 'NAME',
    help: 'als (default), svd++, bayesian, sgd, gradient-descent, nmf, bias; implicit-als, bpr, popularity',
  },
  { name: 'factors', value: 'N', help: 'how many numbers describe a user or an item' },
  { name: 'epochs', value: 'N', help: 'passes over the ratings' },
  { name: 'regularization', value: 'X', help: 'how strongly factors are held back' },
  { name: 'biasRegularization', value: 'X', help: 'the same of the biases' },
  { name: 'learningRate', value: 'X', help: 'sgd, gradient-descent, svd++, bpr: how long a step is' },
  { name: 'learningRateDecay', value: 'X', help: 'by which it is multiplied after each epoch' },
  { name: 'biasLearningRate', value: 'X', help: 'sgd, svd++: the step of the biases' },
  { name: 'initialScale', value: 'X', help: 'how long the vectors are at the start' },
  { name: 'confidence', value: 'X', help: 'implicit-als: the weight of an observed pair' },
  { name: 'samples', value: 'N', help: 'bayesian: draws from the posterior that the model keeps' },
  { name: 'implicit', value: 'WHICH', help: 'bayesian: none, user or both' },
  { name: 'sweep', value: 'NAME', help: 'als, implicit-als: auto, exact, conjugate-gradient or blocks' },
];

const WORDS = ['solver', 'implicit', 'sweep'];

/** What was given of them. The library checks names and ranges. */
export function trainingOptions(given: Given): TrainOptions {
  const entries = TRAINING_FLAGS.map(({ name }) => [
    name,
    WORDS.includes(name) ? given.text(name) : given.number(name),
  ]);
  return defined(Object.fromEntries(entries)) as TrainOptions;
}
