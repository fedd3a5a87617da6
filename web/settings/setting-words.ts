/** What the page calls the options of a training, and how it explains them. */
import type { OptionName } from 'matfac';

export interface SettingWords {
  label: string;
  words: string;
  /** Labels of the choices, by name. */
  choices?: { readonly [choice: string]: string };
  /** Shown among the settings that few visitors need. */
  isFine?: boolean;
}

export const settingWords: { readonly [name in OptionName]?: SettingWords } = {
  factors: {
    label: 'Factors',
    words: 'How many numbers describe each user and item. More capture finer tastes, but fit noise sooner.',
    isFine: false,
  },
  epochs: {
    label: 'Epochs',
    words: 'How many passes over all ratings.',
    isFine: false,
  },
  regularization: {
    label: 'Regularization',
    words: 'Pulls the factors towards zero. Too little memorizes noise; too much learns nothing.',
    isFine: false,
  },
  learningRate: {
    label: 'Learning rate',
    words: 'The size of a step. Too small takes forever; too large, and the loss grows.',
    isFine: false,
  },
  confidence: {
    label: 'Confidence',
    words: 'How much more an interaction weighs than a pair without one.',
    isFine: false,
  },
  seed: {
    label: 'Seed',
    words: 'Starts the random number generator. The same seed gives the same model, bit for bit.',
    isFine: false,
  },
  biases: {
    label: 'Biases',
    words: 'Learn separately who rates high and what is rated high.',
    isFine: true,
  },
  preference: {
    label: 'Recommend what people take and like',
    words: 'Also learn who takes what. Without it, recommendations go by the expected rating alone.',
    isFine: true,
  },
  patience: {
    label: 'Patience',
    words: 'Stop after this many epochs without a better validation score, and keep the best. 0 runs all epochs.',
    isFine: true,
  },
  learningRateDecay: {
    label: 'Learning rate decay',
    words: 'Multiplies the rate after each epoch: large steps first, small ones later.',
    isFine: true,
  },
  biasRegularization: {
    label: 'Bias regularization',
    words: 'Leave it empty to use the same as for the factors.',
    isFine: true,
  },
  biasLearningRate: {
    label: 'Bias learning rate',
    words: 'Biases that learn more slowly than the factors often predict better. 0 uses the same rate.',
    isFine: true,
  },
  initialScale: {
    label: 'Initial length',
    words: 'How long the random vectors are at the start.',
    isFine: true,
  },
  samples: {
    label: 'Samples kept',
    words: 'How many draws predictions average over. More give smoother predictions and a larger model.',
    isFine: true,
  },
  implicitTerms: {
    label: 'Implicit feedback',
    words: 'Also learn from which items were rated at all, whatever the stars, as SVD++ does.',
    choices: { none: 'None', user: 'For users', both: 'For users and items' },
    isFine: true,
  },
  likelihood: {
    label: 'Ratings are',
    words: 'As steps on a scale, each recommendation shows how likely each number of stars is. Takes longer.',
    choices: { gaussian: 'Numbers', ordinal: 'Steps on a scale' },
    isFine: true,
  },
  sweep: {
    label: 'How rows are solved',
    words: 'Exactly, or improved step by step, which is cheaper with many factors.',
    choices: {
      auto: 'Automatic, by the number of factors',
      exact: 'Exactly',
      'conjugate-gradient': 'Conjugate gradient',
      blocks: 'Blocks of coordinates',
    },
    isFine: true,
  },
  adaptive: {
    label: 'Adaptive steps',
    words: 'Rows that have already moved far take smaller steps, so rare items learn faster.',
    isFine: true,
  },
  threads: {
    label: 'Threads',
    words: 'The model does not depend on it. Automatic uses all of them from 500,000 ratings on.',
    isFine: true,
  },
};
