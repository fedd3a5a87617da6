/**
 * Matrix factorization for recommender systems, in the browser.
 *
 * @packageDocumentation
 */

export { MatfacError, type MatfacErrorCode } from './base/errors.js';
export type { Matrix } from './base/matrix.js';
export type { ReadProgress } from './base/progress.js';
export type { FileSource } from './base/source.js';
export { DEFAULTS, OPTION_RANGES, OPTIONS, SOLVER_OPTIONS, SOLVERS, type SolverOptions } from './core/catalogue.js';
export { type Configuration, configure, type Engine, type Variant } from './core/load.js';
export type { EpochReport, ModelOptions, OptionName, Solver } from './core/options.js';
export { crossValidate } from './evaluation/cross-validate.js';
export {
  type CrossValidateOptions,
  type CrossValidation,
  CrossValidationCancelledError,
  type FoldProgress,
  type FoldTrainOptions,
} from './evaluation/cross-validate-options.js';
export { type EvaluateAsyncOptions, evaluate, evaluateAsync } from './evaluation/evaluate.js';
export type { Trial } from './evaluation/halving.js';
export type { EvaluateOptions, Metric, Metrics } from './evaluation/metrics.js';
export { search } from './evaluation/search.js';
export {
  SearchCancelledError,
  SearchFailedError,
  type SearchOptions,
  type SearchProgress,
  type SearchResult,
} from './evaluation/search-options.js';
export type { SearchRange, SearchSpace, TrialOptions } from './evaluation/search-space.js';
export type { ListService, MatchedRating, OwnRatings, UnmatchedRating } from './io/profile/own-ratings.js';
export type { ProfileModel, ReadProfileOptions } from './io/profile/profile-options.js';
export { readProfile } from './io/profile/read-profile.js';
export { type TitleOptions, Titles } from './io/read-titles.js';
export type { FeatureContribution, FeatureFields, FoldInOptions } from './model/described.js';
export type { RatingProbability } from './model/distribution.js';
export type { Dtype } from './model/file/float-tensors.js';
export type { LoadOptions, ModelSource } from './model/file/open-model.js';
export type { SaveOptions } from './model/file/save-options.js';
export type { FactorRows, FactorsOptions, FactorsSolver } from './model/from-factors.js';
export type {
  ImportOptions,
  ModelFileFormat,
  ModelFileSource,
  TensorNames,
  VectorFiles,
} from './model/import-options.js';
export type { MapOptions, MapPoint, SpacePoint } from './model/item-map.js';
export { Model, type PredictAtOptions, type PredictOptions } from './model/model.js';
export type { NewItem, NewUser, UserRating } from './model/new-rows.js';
export type { ItemRating, Profile } from './model/profile.js';
export type {
  Contribution,
  ExplainOptions,
  RankBy,
  Recommendation,
  RecommendOptions,
  Scored,
  SimilarItemsOptions,
  SimilarOptions,
} from './model/ranking.js';
export type { RecommendManyAsyncOptions } from './model/recommend-many.js';
export type { Recommender } from './model/recommender.js';
export type { ThreadsOptions } from './model/threads.js';
export type { Time } from './model/times.js';
export type { BadRow, SkippedRows } from './ratings/bad-rows.js';
export type { Duplicates } from './ratings/duplicates.js';
export type { FeatureFileOptions, FeatureOptions } from './ratings/features/feature-options.js';
export type { FeatureColumns, FeatureRow } from './ratings/features/field-table.js';
export { Features } from './ratings/features.js';
export type { FilterOptions } from './ratings/filter.js';
export type { Id } from './ratings/ids.js';
export type { Note, NoteCode } from './ratings/notes.js';
export { type Rating, Ratings, type RatingsOptions, type SampleSize } from './ratings/ratings.js';
export type { ColumnChoice, ColumnIndices, Compression, FileFormat, RatingsSource } from './ratings/ratings-source.js';
export type { ReadLimits, ReadOptions } from './ratings/read-options.js';
export type { RatingColumns, RatingRow } from './ratings/rows.js';
export type { SplitAsyncOptions, SplitOptions } from './ratings/split.js';
export type { Title } from './ratings/title-columns.js';
export { TrainingCancelledError } from './training/cancelled.js';
export { TrainingLostError } from './training/lost.js';
export { type TrainOptions, train } from './training/train.js';
export type { Training } from './training/training.js';
