/**
 * What the WebAssembly module offers (registered in bindings/core/embind.cpp), as TypeScript sees it.
 *
 * Everything here speaks of dense indices: users 0…N−1, items 0…M−1, and −1 for one that the model does not know.
 * Arrays that go in are copied; arrays that come out are copies. A failure is thrown as a {@link CoreFailure}.
 */

import type { RANKING_METRICS, SolverOptions, TENSORS } from './catalogue.js';

/** Thrown by every function of the module; `errors.ts` makes a MatfacError of it. */
export interface CoreFailure {
  code: 'invalid-argument' | 'out-of-memory' | 'unsupported';
  message: string;
}

/** An object in the module's memory, held until `delete()`. */
export interface CoreHandle {
  delete(): void;
}

/** Ratings frozen in memory: by user and by item. Each pair at most once. */
export type CoreRatings = CoreHandle;

/**
 * Bytes outside of memory, such as a file, by whole offsets below 2⁵³. Both functions work at once, on all of the bytes that
 * they are given, which are views of the module's memory and not to be kept. What they throw leaves the call that needed
 * them as it is; a training then has no other step.
 */
export interface CoreStore {
  /** Fills `into` with the bytes from `offset` on; throws where some of them were never written. */
  read(offset: number, into: Uint8Array): void;
  /** Writes over what is there, or after its end. */
  write(offset: number, from: Uint8Array): void;
}

/** What to learn and how; what is left out takes the default of its solver. An unknown name is an error. */
export interface CoreOptions extends SolverOptions {
  solver?: string;
}

export interface CoreReport {
  epoch: number;
  epochs: number;
  loss: number;
  /** NaN for implicit feedback. */
  trainRmse: number;
  /** NaN when there is no validation part, and for implicit feedback. */
  validationRmse: number;
  /** NaN but for implicit feedback with a validation part. */
  validationNdcg: number;
  seconds: number;
  ratingsPerSecond: number;
}

/** A model to go on from. */
export interface CoreWarmStart {
  tensors: CoreTensors;
  /** Its own, as resolved. */
  options: CoreOptions;
  /** For each user and each item of the ratings its row in `tensors`; −1 for a new one. */
  users: Int32Array;
  items: Int32Array;
  epochsDone: number;
  /** Whether the trained model keeps what it knows of `tensors`. */
  keep: boolean;
  /** With `keep`: for each user and each item of the ratings the share of its row in `tensors`, 0 to 1; empty for zeros. */
  userShares: Float32Array;
  itemShares: Float32Array;
}

/** Sparse rows: row r has the columns and values from offsets[r] to offsets[r + 1] − 1. */
export interface CoreRows {
  offsets: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

/** The features of the users and of the items of ratings, in `width` columns; null without. */
export type CoreSideFeatures = Record<'userFeatures' | 'itemFeatures', (CoreRows & { width: number }) | null>;

/** Users or items to add to a model: their ratings, whose columns are rows of the other side, and their features. */
export interface CoreNewRows {
  ofItems: boolean;
  ratings: CoreRows;
  features: CoreRows;
}

export interface CoreTrainer extends CoreHandle {
  /** With every default filled in, those that follow from the ratings too; epochs are counted with those of the start. */
  options(): Required<CoreOptions>;
  /** Works for about so many seconds; the report of the epoch that ended with it, or null when one is still under way. */
  advance(seconds: number): CoreReport | null;
  /** True after the last epoch, or when `patience` stopped it. */
  finished(): boolean;
  /**
   * The model: of the best epoch under early stopping, else of the last whole one. With the start of the training, it keeps
   * what that knows.
   */
  tensors(kept: CoreWarmStart | null): CoreTensors;
}

/** The name of a tensor. */
export type TensorName = (typeof TENSORS)[number]['name'];

/** A matrix of whole numbers, row-major, with a scale for each row. */
export interface CoreCodes {
  codes: Int8Array;
  scale: Float32Array;
}

/**
 * A model's numbers: the tensors of the catalogue, row-major and without padding, each empty in a model that has none.
 * Factors have `columns` = factors × samples columns; a Bayesian model's samples stand side by side, those of items divided
 * by the number of samples drawn. The columns of samples not drawn, because training was cut short, are zeros.
 * A row of `posteriorPriors` is one sample drawn: the level that scores start from, the precision of the noise, the precision
 * of the users' biases; then factor by factor the users' means, the users' precisions, the items' means; one of
 * `posteriorItemPriors` is the same with users and items changed.
 * `userVariances`, `itemVariances` and `rowPriors` are those of variational, on standardized ratings. `takenItems`,
 * `likedUsers`, `likedItems` and `preferenceTerms` are what recommendations go by (docs/model-format.md).
 * `ordinalTerms` are the levels, the cut points and two variances of the likelihood 'ordinal' (docs/model-format.md).
 * `posteriorUserNoise` is the variance of each user's ratings about their predictions. `trainingState` is what the solver
 * needs beside the rest to continue the training to the bit.
 */
export interface CoreTensors extends Record<TensorName, Float32Array> {
  factors: number;
  columns: number;
  mean: number;
  /** The standard deviation of the ratings trained on, by which the options count; 1 where they are in units of a rating. */
  scale: number;
  /** Predictions are clipped to these; −∞ and ∞ where there is no range. */
  minimum: number;
  maximum: number;
  /** The tensors that the core keeps as whole numbers, which are empty among the others. */
  codes?: Partial<Record<TensorName, CoreCodes>>;
}

export interface CoreRanking {
  items: Int32Array;
  scores: Float32Array;
}

/** What is recommended, with the predicted rating of each item, clipped to the range; empty for implicit feedback. */
export interface CoreRecommendations extends CoreRanking {
  ratings: Float32Array;
}

/** The rankings of several users, end to end; that of user u ends before ends[u]. */
export interface CoreRankings extends CoreRecommendations {
  ends: Int32Array;
}

/** What to recommend: n items at most by score (not clipped), best first, ties by index. */
export interface CoreRecommendTask {
  n: number;
  /** Whether scores are predicted ratings; else what the user takes and likes, in a model that has learned it. */
  byRating: boolean;
  excluded: Int32Array;
  /** Null: all items. */
  included: Int32Array | null;
  /** 0 to 1. */
  diversity: number;
  /** Whether to look for the best by factors rounded to 8 bits, which are made at first use. */
  approximate: boolean;
}

/** A user's side of the model: what a fold-in finds. The factors, the vector of preference, then the bias. */
export type CoreProfile = Float32Array;

/** The values that ratings have, and the probability of each, of one rating after the other. */
export interface CoreDistributions {
  values: Float32Array;
  probabilities: Float32Array | Float64Array;
}

/** What to judge a ranking by; −1 is allowed as user or item. */
export interface CoreRankingTask {
  /** The test pairs; those with at least this value are relevant, all of them when `relevance` is null. */
  users: Int32Array;
  items: Int32Array;
  values: Float32Array;
  relevance: number | null;
  /** Pairs that are not ranked. */
  excludedUsers: Int32Array;
  excludedItems: Int32Array;
  k: number;
  auc: boolean;
  diversity: boolean;
  /** For novelty, or null: how many users rated each item, of so many. */
  ratingCounts: Int32Array | null;
  raters: number;
  threads: number;
}

/** NaN for what was not asked for, and for what no user has. */
export type CoreRankingMetrics = Record<(typeof RANKING_METRICS)[number], number>;

/** A judgement under way, of the model as it was. */
export interface CoreRankingPass extends CoreHandle {
  /** Works for about so many seconds, or makes one of the lists of the pass; true when every user is judged. */
  advance(seconds: number): boolean;
  /** How many users were judged. These two are there after the whole pass. */
  users(): number;
  result(): CoreRankingMetrics;
}

export interface CoreModel extends CoreHandle {
  tensors(): CoreTensors;
  /** One of them, in floats: the others are not copied. */
  tensor<Name extends Exclude<keyof CoreTensors, 'codes'>>(name: Name): CoreTensors[Name];
  /** At a time in seconds since 1970, or for NaN at the last time of the user; serving knows that one alone. */
  predict(user: number, item: number, time: number): number;
  /** At `times`, in seconds since 1970; empty for the last time of each user. */
  predictMany(users: Int32Array, items: Int32Array, times: Float64Array): Float32Array;
  /** At a time as above; −1 is allowed as user or item. `unsupported` in a model of another likelihood than 'ordinal'. */
  distribution(user: number, item: number, time: number): CoreDistributions;
  recommend(user: number, task: CoreRecommendTask): CoreRecommendations;
  /**
   * What `recommend` gives each of the users. User u leaves out `excluded` from offsets[u] to offsets[u + 1], or all of it
   * when `offsets` is empty.
   */
  recommendMany(users: Int32Array, offsets: Int32Array, task: CoreRecommendTask, threads: number): CoreRankings;
  /**
   * The n nearest items by cosine times `trust` (one number per item, or none for 1), the item itself left out; of `included`
   * alone unless it is null.
   */
  similarItems(
    item: number,
    n: number,
    excluded: Int32Array,
    included: Int32Array | null,
    trust: Float32Array,
  ): CoreRanking;
  /** The same of users, by cosine. */
  similarUsers(user: number, n: number, excluded: Int32Array, included: Int32Array | null): CoreRanking;
  /** The user's side that fits these ratings best, items fixed, about what the features tell: their columns and values. */
  foldIn(items: Int32Array, values: Float32Array, columns: Int32Array, numbers: Float32Array): CoreProfile;
  /** A new model with these rows after its own. */
  withRows(rows: CoreNewRows): CoreModel;
  profilePredict(profile: CoreProfile, item: number): number;
  profileRecommend(profile: CoreProfile, task: CoreRecommendTask): CoreRecommendations;
  /** What each rating adds to the fold-in score of `item`, in the order of `items`; they sum to the score less biases. */
  explain(
    items: Int32Array,
    values: Float32Array,
    columns: Int32Array,
    numbers: Float32Array,
    item: number,
    byRating: boolean,
  ): Float32Array;
  /** Items × dimensions, row-major: the places of the items on the first principal axes of their directions. */
  map(dimensions: number, trust: Float32Array): Float32Array;
  /** Posterior standard deviation of a rating; `unsupported` in a model without a posterior. */
  uncertainty(user: number, item: number): number;
  /** The same of a visitor with these ratings, for each item asked; `unsupported` as above. */
  visitorUncertainty(
    items: Int32Array,
    values: Float32Array,
    columns: Int32Array,
    numbers: Float32Array,
    asked: Int32Array,
  ): Float32Array;
  /** The probabilities of each item asked; `unsupported` as `distribution`. */
  visitorDistributions(
    items: Int32Array,
    values: Float32Array,
    columns: Int32Array,
    numbers: Float32Array,
    asked: Int32Array,
  ): CoreDistributions;
  /** Of clipped predictions, at `times` as above; −1 is allowed as user or item. */
  evaluate(
    users: Int32Array,
    items: Int32Array,
    values: Float32Array,
    times: Float64Array,
  ): { rmse: number; mae: number };
  /** Takes a copy of the model. */
  rankingPass(task: CoreRankingTask): CoreRankingPass;
}

/** What serving needs of a model, which the module of matfac/serve has too. */
export type CoreServing = Pick<
  CoreModel,
  | 'delete'
  | 'predict'
  | 'recommend'
  | 'recommendMany'
  | 'similarItems'
  | 'foldIn'
  | 'profilePredict'
  | 'profileRecommend'
  | 'explain'
  | 'visitorUncertainty'
  | 'visitorDistributions'
  | 'map'
>;

export interface CoreModelMaker {
  /** True once the model has all of its tensors. */
  advance(): boolean;
  made(): CoreModel;
  delete(): void;
}

export interface CoreModule {
  /** `times` may be empty. */
  createRatings(
    users: Int32Array,
    items: Int32Array,
    values: Float32Array,
    times: Float64Array,
    userCount: number,
    itemCount: number,
  ): CoreRatings;
  /** The options with every default filled in, checked; without what sgd and gradient-descent choose by the ratings. */
  resolveOptions(options: CoreOptions): Required<CoreOptions>;
  /** The same with what follows from these ratings, but not with what sgd and gradient-descent choose. */
  resolveForRatings(ratings: CoreRatings, options: CoreOptions): Required<CoreOptions>;
  /** Validation columns are empty for none; −1 is allowed in them. The ratings may be deleted after this. */
  createTrainer(
    ratings: CoreRatings,
    options: CoreOptions,
    validationUsers: Int32Array,
    validationItems: Int32Array,
    validationValues: Float32Array,
    validationTimes: Float64Array,
    start: CoreWarmStart | null,
    features: CoreSideFeatures,
  ): CoreTrainer;
  /**
   * Ratings that stay in a store, for the solvers `sgd`, `als` and `implicit-als`; a trainer works on one thread. In the store
   * are, one after the other and in little-endian order, the items as Int32, the values as Float32 and, with an origin (in
   * seconds since 1970, NaN without), the times as Uint32: by user, those of user u from offsets[u] to offsets[u + 1] − 1,
   * with the items of a user in ascending order. Behind them the core writes another 20 bytes a rating, so two of these may
   * not share a store.
   */
  createStoredRatings(store: CoreStore, offsets: Int32Array, itemCount: number, timeOrigin: number): CoreRatings;
  /** `options` (as resolved when it was trained) say how a fold-in is regularized. */
  createModel(tensors: CoreTensors, options: CoreOptions): CoreModel;
  /** The same, tensor by tensor. */
  createModelMaker(tensors: CoreTensors, options: CoreOptions): CoreModelMaker;
  /** Made-up ratings of MovieLens's shape. `size`: tiny, ml100k, ml1m, ml10m, ml20m. */
  generate(
    size: string,
    seed: number,
  ): { users: Int32Array; items: Int32Array; values: Float32Array; userCount: number; itemCount: number };
  /** The factors planted in the items of those ratings, row-major. */
  plantedItemFactors(size: string, seed: number): { columns: number; data: Float32Array };
}

/** The default export of the Emscripten glue. */
export type CoreFactory = (options?: {
  locateFile?: (name: string) => string;
  /** Of the build with threads: how many to start, the caller's included. */
  threads?: number;
}) => Promise<CoreModule>;
