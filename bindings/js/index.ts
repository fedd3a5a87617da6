/**
 * Matrix factorization for recommender systems, in the browser.
 *
 * @packageDocumentation
 */
export {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  type FoldProgress,
  type FoldTrainOptions,
} from './cross-validate.js';
export type { Duplicates } from './duplicates.js';
export { MatfacError, type MatfacErrorCode } from './errors.js';
export { type EvaluateAsyncOptions, evaluate, evaluateAsync } from './evaluate.js';
export type { Dtype } from './float-tensors.js';
export type { FactorRows, FactorsOptions, FactorsSolver } from './from-factors.js';
export type { Trial } from './halving.js';
export type { Id } from './ids.js';
export type { BadRow, SkippedRows } from './io/bad-rows.js';
export type { ImportOptions, ModelFileFormat, ModelFileSource, VectorFiles } from './io/import-model.js';
export type { ReadProgress } from './io/progress.js';
export type { ColumnChoice, ColumnPlaces, Compression, FileFormat, RatingsSource } from './io/ratings-source.js';
export type { ReadOptions } from './io/read.js';
export type { TensorNames } from './io/safetensors-factors.js';
export type { FileSource } from './io/source.js';
export type { Title } from './io/title-columns.js';
export type { MapOptions, MapPoint, SpacePoint } from './item-map.js';
export { type Configuration, configure, type Engine, type Variant } from './load.js';
export type { Matrix } from './matrix.js';
export type { EvaluateOptions, Metric, Metrics } from './metrics.js';
export { Model, type ModelOptions } from './model.js';
export type { ModelSource } from './open-model.js';
export type { EpochReport, Solver } from './options.js';
export type { ItemRating, Profile } from './profile.js';
export type { Contribution, Recommendation, RecommendOptions } from './ranking.js';
export { type Rating, Ratings, type RatingsOptions, type SampleSize } from './ratings.js';
export type { RecommendManyAsyncOptions } from './recommend-many.js';
export type { Recommender } from './recommender.js';
export type { RatingColumns, RatingRow } from './rows.js';
export type { SaveOptions } from './save-options.js';
export { type SearchOptions, type SearchProgress, type SearchResult, search } from './search.js';
export type { SearchRange, SearchSpace, TrialOptions } from './search-space.js';
export type { SplitAsyncOptions, SplitOptions } from './split.js';
export { Titles } from './titles.js';
export { type TrainOptions, train } from './train.js';
export type { Training } from './training.js';
export type { ThreadsOptions } from './twin.js';
