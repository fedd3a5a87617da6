// Written by npm run catalogue, from the tables of the C++ core (src/model, src/solvers).
// A test fails when it is out of date.

/** What a solver is: what it learns from, and whether its model has factors. */
export const SOLVERS = {
  variational: { feedback: 'ratings', hasFactors: true },
  als: { feedback: 'ratings', hasFactors: true },
  sgd: { feedback: 'ratings', hasFactors: true },
  'gradient-descent': { feedback: 'ratings', hasFactors: true },
  'svd++': { feedback: 'ratings', hasFactors: true },
  nmf: { feedback: 'ratings', hasFactors: true },
  bayesian: { feedback: 'ratings', hasFactors: true },
  'implicit-als': { feedback: 'implicit', hasFactors: true },
  bpr: { feedback: 'implicit', hasFactors: true },
  popularity: { feedback: 'implicit', hasFactors: false },
  bias: { feedback: 'ratings', hasFactors: false },
} as const;

/** The options that each solver reads. */
export const SOLVER_OPTIONS = {
  variational: ['factors', 'epochs', 'seed', 'preference', 'preferenceFactors', 'time', 'threads', 'patience'],
  als: ['factors', 'epochs', 'regularization', 'biasRegularization', 'biases', 'seed', 'initialScale', 'preference', 'preferenceFactors', 'threads', 'sweep', 'patience'],
  sgd: ['factors', 'epochs', 'regularization', 'biasRegularization', 'learningRate', 'learningRateDecay', 'biasLearningRate', 'adaptive', 'biases', 'seed', 'initialScale', 'preference', 'preferenceFactors', 'threads', 'patience'],
  'gradient-descent': ['factors', 'epochs', 'regularization', 'biasRegularization', 'learningRate', 'learningRateDecay', 'biasLearningRate', 'biases', 'seed', 'initialScale', 'preference', 'preferenceFactors', 'threads', 'patience'],
  'svd++': ['factors', 'epochs', 'regularization', 'biasRegularization', 'learningRate', 'learningRateDecay', 'biasLearningRate', 'biases', 'seed', 'initialScale', 'preference', 'preferenceFactors', 'threads', 'patience'],
  nmf: ['factors', 'epochs', 'regularization', 'seed', 'initialScale', 'preference', 'preferenceFactors', 'threads', 'patience'],
  bayesian: ['factors', 'epochs', 'biases', 'seed', 'initialScale', 'implicitTerms', 'samples', 'preference', 'preferenceFactors', 'time', 'likelihood', 'threads', 'patience'],
  'implicit-als': ['factors', 'epochs', 'regularization', 'seed', 'initialScale', 'confidence', 'weights', 'discount', 'threads', 'sweep', 'patience'],
  bpr: ['factors', 'epochs', 'regularization', 'learningRate', 'learningRateDecay', 'biases', 'seed', 'initialScale', 'threads', 'patience'],
  popularity: ['epochs', 'seed', 'threads', 'patience'],
  bias: ['epochs', 'regularization', 'biasRegularization', 'seed', 'preference', 'preferenceFactors', 'threads', 'patience'],
} as const;

/** The defaults of the options that each solver reads; of others, what follows from the ratings or from other options. */
export const DEFAULTS = {
  variational: { epochs: 40, seed: 1, preference: true, time: 'none', threads: 1, patience: 0 },
  als: { factors: 16, epochs: 15, regularization: 1.25, biases: true, seed: 1, initialScale: 0.28, preference: true, threads: 1, sweep: 'auto', patience: 0 },
  sgd: { factors: 4, epochs: 30, regularization: 0, learningRateDecay: 1, biasLearningRate: 0, adaptive: false, biases: false, seed: 1, preference: false, threads: 1, patience: 0 },
  'gradient-descent': { factors: 4, epochs: 300, regularization: 0, learningRateDecay: 1, biasLearningRate: 0, biases: false, seed: 1, preference: false, threads: 1, patience: 0 },
  'svd++': { factors: 64, epochs: 35, regularization: 0.053, biasRegularization: 0.02, learningRate: 0.0225, learningRateDecay: 0.95, biasLearningRate: 0.002, biases: true, seed: 1, initialScale: 0.094, preference: true, threads: 1, patience: 0 },
  nmf: { factors: 16, epochs: 15, regularization: 0.105, seed: 1, initialScale: 0.5, preference: true, threads: 1, patience: 0 },
  bayesian: { factors: 8, epochs: 300, biases: true, seed: 1, initialScale: 1, implicitTerms: 'none', samples: 64, preference: true, time: 'none', likelihood: 'gaussian', threads: 1, patience: 0 },
  'implicit-als': { epochs: 15, seed: 1, initialScale: 0.1, weights: 'log', discount: 0, threads: 1, sweep: 'auto', patience: 0 },
  bpr: { epochs: 60, regularization: 0.01, learningRate: 0.2, learningRateDecay: 0.95, biases: true, seed: 1, initialScale: 0.1, threads: 1, patience: 0 },
  popularity: { epochs: 1, seed: 1, threads: 1, patience: 0 },
  bias: { epochs: 15, regularization: 5, seed: 1, preference: true, threads: 1, patience: 0 },
} as const;

/** The kinds of the options. A model is made of those `ofModel`, and trained by the others. */
export const OPTIONS = {
  factors: { kind: 'whole', ofModel: true },
  epochs: { kind: 'whole', ofModel: false },
  regularization: { kind: 'real', ofModel: true },
  biasRegularization: { kind: 'real', ofModel: true },
  learningRate: { kind: 'real', ofModel: false },
  learningRateDecay: { kind: 'real', ofModel: false },
  biasLearningRate: { kind: 'real', ofModel: false },
  adaptive: { kind: 'switch', ofModel: false },
  biases: { kind: 'switch', ofModel: true },
  seed: { kind: 'whole', ofModel: false },
  initialScale: { kind: 'real', ofModel: true },
  confidence: { kind: 'real', ofModel: true },
  weights: { kind: 'choice', choices: ['raw', 'log', 'none'], ofModel: true },
  discount: { kind: 'real', ofModel: true },
  implicitTerms: { kind: 'choice', choices: ['none', 'user', 'both'], ofModel: true },
  samples: { kind: 'whole', ofModel: true },
  preference: { kind: 'switch', ofModel: true },
  preferenceFactors: { kind: 'whole', ofModel: true },
  time: { kind: 'choice', choices: ['none', 'mood', 'days', 'all'], ofModel: true },
  likelihood: { kind: 'choice', choices: ['gaussian', 'ordinal'], ofModel: true },
  threads: { kind: 'whole', ofModel: false },
  sweep: { kind: 'choice', choices: ['auto', 'exact', 'conjugate-gradient', 'blocks'], ofModel: false },
  patience: { kind: 'whole', ofModel: false },
} as const;

/** The numbers that an option takes, ends included but for `above`. */
export const OPTION_RANGES = {
  factors: { least: 1, most: 1024 },
  epochs: { least: 1, most: 1000000 },
  regularization: { least: 0 },
  biasRegularization: { least: 0 },
  learningRate: { above: 0 },
  learningRateDecay: { above: 0, most: 1 },
  biasLearningRate: { least: 0 },
  seed: { least: 0, most: 2 ** 53 },
  initialScale: { above: 0 },
  confidence: { above: 0 },
  discount: { least: 0, most: 1 },
  samples: { least: 1, most: 1024 },
  preferenceFactors: { least: 1, most: 256 },
  threads: { least: 1, most: 64 },
  patience: { least: 0, most: 2147483647 },
} as const;

/** What each option does, in one sentence. */
export const OPTION_WORDS = {
  factors: "How many numbers describe a user or an item",
  epochs: "Passes over the ratings",
  regularization: "How strongly factors are held near zero (λ), counted on ratings divided by their standard deviation; with sgd and gradient-descent on the ratings as they are",
  biasRegularization: "How strongly biases are held near zero",
  learningRate: "The length of a step in the first epoch; with svd++ on ratings divided by their standard deviation",
  learningRateDecay: "The learning rate is multiplied by this after each epoch",
  biasLearningRate: "The length of the biases' steps, which does not decay",
  adaptive: "Steps shrink, row by row, with the gradients so far (Adagrad with one number per row: Chin, Zhuang, Juan and Lin 2015)",
  biases: "Whether users and items have a bias: r̂ = mean + user bias + item bias + u·v",
  seed: "Where random numbers start: the same seed gives the same model, bit for bit",
  initialScale: "About how long each vector of factors is at the start, on ratings divided by their standard deviation",
  confidence: "The weight of an observed pair with rating 1, where every other pair has weight 1",
  weights: "How a rating weighs in implicit feedback",
  discount: "How much less a pair weighs whose item many take: with n pairs of the item, 1 / n to this power, where the mean weight stays",
  implicitTerms: "Also learn from which items a user rated, whatever the ratings are",
  samples: "How many samples of the posterior the model keeps",
  preference: "Also learn who takes what, which is what recommendations go by: what a user will take and like",
  preferenceFactors: "How many numbers describe what a user takes",
  time: "Also learn from when each rating was made: `mood`, how a user rates in a sitting (variational); `days`, how a user rates on a day (bayesian); `all`, whatever the solver has",
  likelihood: "What a rating is given the score: `gaussian`, a number about it; `ordinal`, a step on an ordered scale whose cut points are learned, so that the model tells how likely each step is",
  threads: "How many threads train",
  sweep: "How a row is solved: exactly by Cholesky, or improved by conjugate gradient or blocks of coordinates",
  patience: "Stop after this many epochs without an improvement on the validation ratings, and keep the best epoch",
} as const;

/** The options of the core; what is left out takes the default of its solver. */
export interface SolverOptions {
  /**
   * How many numbers describe a user or an item. More factors see finer tastes, cost more time and memory, and overfit sooner. Left out, variational takes 8, or from 500,000 ratings on 16; implicit-als and bpr take 6 ∛(the smaller number of users and items), from 64 to 256.
   *
   * Read by variational, als, sgd, gradient-descent, svd++, nmf, bayesian, implicit-als, bpr. A whole number from 1 to 1024.
   */
  factors?: number;
  /**
   * Passes over the ratings. With a warm start, passes on top of the model's own.
   *
   * A whole number from 1 to 1000000.
   */
  epochs?: number;
  /**
   * How strongly factors are held near zero (λ), counted on ratings divided by their standard deviation; with sgd and gradient-descent on the ratings as they are. `src/solvers/` has the penalty of each solver; variational and bayesian learn their own. Left out, implicit-als takes 0.075 / ∛(the smaller number of users and items).
   *
   * Read by als, sgd, gradient-descent, svd++, nmf, implicit-als, bpr, bias. A finite number of 0 or more.
   */
  regularization?: number;
  /**
   * How strongly biases are held near zero. Left out: `regularization`.
   *
   * Read by als, sgd, gradient-descent, svd++, bias. A finite number of 0 or more.
   */
  biasRegularization?: number;
  /**
   * The length of a step in the first epoch; with svd++ on ratings divided by their standard deviation. Left out, sgd and gradient-descent take one that is stable on any ratings (`src/solvers/learning_rate.h`).
   *
   * Read by sgd, gradient-descent, svd++, bpr. A finite number above 0.
   */
  learningRate?: number;
  /**
   * The learning rate is multiplied by this after each epoch.
   *
   * Read by sgd, gradient-descent, svd++, bpr. A finite number above 0 and at most 1.
   */
  learningRateDecay?: number;
  /**
   * The length of the biases' steps, which does not decay. 0: that of the factors, decayed like theirs; without a `learningRate`, sgd and gradient-descent choose this one too.
   *
   * Read by sgd, gradient-descent, svd++. A finite number of 0 or more.
   */
  biasLearningRate?: number;
  /**
   * Steps shrink, row by row, with the gradients so far (Adagrad with one number per row: Chin, Zhuang, Juan and Lin 2015).
   *
   * Read by sgd. True or false.
   */
  adaptive?: boolean;
  /**
   * Whether users and items have a bias: r̂ = mean + user bias + item bias + u·v.
   *
   * Read by als, sgd, gradient-descent, svd++, bayesian, bpr. True or false.
   */
  biases?: boolean;
  /**
   * Where random numbers start: the same seed gives the same model, bit for bit.
   *
   * A whole number from 0 to 9007199254740992.
   */
  seed?: number;
  /**
   * About how long each vector of factors is at the start, on ratings divided by their standard deviation. Left out, sgd and gradient-descent, which take it as it is, choose one by the size of the ratings.
   *
   * Read by als, sgd, gradient-descent, svd++, nmf, bayesian, implicit-als, bpr. A finite number above 0.
   */
  initialScale?: number;
  /**
   * The weight of an observed pair with rating 1, where every other pair has weight 1. Left out: 0.7 / √(observed share of all pairs), divided by the mean weight of the observed pairs.
   *
   * Read by implicit-als. A finite number above 0.
   */
  confidence?: number;
  /**
   * How a rating weighs in implicit feedback. `log`: log₂(1 + rating), so that a count of 1000 weighs 10 times a count of 1; `raw`: the rating itself; `none`: 1, whatever the rating. All are the same for pairs without ratings.
   *
   * Read by implicit-als. 'raw', 'log' or 'none'.
   */
  weights?: 'raw' | 'log' | 'none';
  /**
   * How much less a pair weighs whose item many take: with n pairs of the item, 1 / n to this power, where the mean weight stays. 0: all weigh the same; 0.3 is worth a try on data with many rare items.
   *
   * Read by implicit-als. A finite number from 0 to 1.
   */
  discount?: number;
  /**
   * Also learn from which items a user rated, whatever the ratings are. `user`: from the items of each user; `both`: also from the users of each item (Koren 2008).
   *
   * Read by bayesian. 'none', 'user' or 'both'.
   */
  implicitTerms?: 'none' | 'user' | 'both';
  /**
   * How many samples of the posterior the model keeps. Its size grows with them.
   *
   * Read by bayesian. A whole number from 1 to 1024.
   */
  samples?: number;
  /**
   * Also learn who takes what, which is what recommendations go by: what a user will take and like. Without it, items are ranked by their predicted rating, and variational learns from the ratings alone.
   *
   * Read by variational, als, sgd, gradient-descent, svd++, nmf, bayesian, bias. True or false.
   */
  preference?: boolean;
  /**
   * How many numbers describe what a user takes. Left out: 16, or from 10,000 ratings on 32.
   *
   * Read by variational, als, sgd, gradient-descent, svd++, nmf, bayesian, bias. A whole number from 1 to 256.
   */
  preferenceFactors?: number;
  /**
   * Also learn from when each rating was made: `mood`, how a user rates in a sitting (variational); `days`, how a user rates on a day (bayesian); `all`, whatever the solver has. It needs ratings with timestamps.
   *
   * Read by variational, bayesian. 'none', 'mood', 'days' or 'all'.
   */
  time?: 'none' | 'mood' | 'days' | 'all';
  /**
   * What a rating is given the score: `gaussian`, a number about it; `ordinal`, a step on an ordered scale whose cut points are learned, so that the model tells how likely each step is. It needs ratings of 2 to 64 distinct values.
   *
   * Read by bayesian. 'gaussian' or 'ordinal'.
   */
  likelihood?: 'gaussian' | 'ordinal';
  /**
   * How many threads train. The model does not depend on it.
   *
   * A whole number from 1 to 64.
   */
  threads?: number;
  /**
   * How a row is solved: exactly by Cholesky, or improved by conjugate gradient or blocks of coordinates. Those two cost less with many factors; `auto` chooses by their number. The users of the last epoch are solved exactly in any case.
   *
   * Read by als, implicit-als. 'auto', 'exact', 'conjugate-gradient' or 'blocks'.
   */
  sweep?: 'auto' | 'exact' | 'conjugate-gradient' | 'blocks';
  /**
   * Stop after this many epochs without an improvement on the validation ratings, and keep the best epoch. 0: never. It watches RMSE, or NDCG with implicit feedback; it needs `validation`.
   *
   * A whole number from 0 to 2147483647.
   */
  patience?: number;
}

/** The arrays of numbers of a model, in the order of their dependence: rows, what stands in a row, and which models have it. */
export const TENSORS = [
  { name: 'userFactors', rows: 'users', columns: 'factors', staysFloat32: false, inCodes: false },
  { name: 'itemFactors', rows: 'items', columns: 'factors', staysFloat32: false, inCodes: true },
  { name: 'itemImplicit', rows: 'items', columns: 'factors', staysFloat32: false, inCodes: true },
  { name: 'userBias', rows: 'users', columns: 'one', staysFloat32: false, inCodes: false },
  { name: 'itemBias', rows: 'items', columns: 'one', staysFloat32: false, inCodes: false },
  { name: 'posteriorPriors', rows: 'samplesDrawn', columns: 'prior', staysFloat32: true, inCodes: false },
  { name: 'posteriorItemPriors', rows: 'samplesDrawn', columns: 'prior', staysFloat32: true, inCodes: false },
  { name: 'posteriorUserBias', rows: 'users', columns: 'samples', staysFloat32: false, inCodes: false },
  { name: 'posteriorItemBias', rows: 'items', columns: 'samples', staysFloat32: false, inCodes: false },
  { name: 'posteriorItemImplicitBias', rows: 'items', columns: 'samples', staysFloat32: false, inCodes: false },
  { name: 'posteriorUserNoise', rows: 'users', columns: 'one', staysFloat32: true, inCodes: false },
  { name: 'userVariances', rows: 'users', columns: 'factorsAndBias', staysFloat32: true, inCodes: false },
  { name: 'itemVariances', rows: 'items', columns: 'factorsAndBias', staysFloat32: true, inCodes: false },
  { name: 'rowPriors', rows: 'any', columns: 'one', staysFloat32: true, inCodes: false },
  { name: 'itemWeights', rows: 'items', columns: 'one', staysFloat32: true, inCodes: false },
  { name: 'takenItems', rows: 'items', columns: 'preferenceFactors', staysFloat32: false, inCodes: true },
  { name: 'likedUsers', rows: 'users', columns: 'preferenceFactors', staysFloat32: false, inCodes: false },
  { name: 'likedItems', rows: 'items', columns: 'preferenceFactors', staysFloat32: false, inCodes: true },
  { name: 'preferenceTerms', rows: 'any', columns: 'one', staysFloat32: true, inCodes: false },
  { name: 'userFeatureWeights', rows: 'userFeatures', columns: 'factorsAndBias', staysFloat32: true, inCodes: false },
  { name: 'itemFeatureWeights', rows: 'itemFeatures', columns: 'factorsAndBias', staysFloat32: true, inCodes: false },
  { name: 'userFeatureLiked', rows: 'userFeatures', columns: 'preferenceFactors', staysFloat32: true, inCodes: false },
  { name: 'itemFeatureLiked', rows: 'itemFeatures', columns: 'preferenceFactors', staysFloat32: true, inCodes: false },
  { name: 'featureRidges', rows: 'any', columns: 'one', staysFloat32: true, inCodes: false },
  { name: 'userTimes', rows: 'anyOfUsers', columns: 'one', staysFloat32: true, inCodes: false },
  { name: 'ordinalTerms', rows: 'any', columns: 'one', staysFloat32: true, inCodes: false },
  { name: 'trainingState', rows: 'any', columns: 'one', staysFloat32: true, inCodes: false },
] as const;

/** The metrics of a ranking. */
export const RANKING_METRICS = ['precision', 'recall', 'ndcg', 'map', 'mrr', 'auc', 'hitRate', 'coverage', 'diversity', 'novelty'] as const;
