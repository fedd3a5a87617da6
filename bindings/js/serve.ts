/**
 * For pages that only recommend, with models that were trained elsewhere: a download a third the size. It shares no code with
 * the whole library, so that a page loads one file less; where both are loaded, recognize errors by `name` and `code`.
 *
 * @packageDocumentation
 */
export { MatfacError, type MatfacErrorCode } from './base/errors.js';
export { type Configuration, configure } from './core/load.js';
export type { Solver } from './core/options.js';
export type { FeatureContribution, FeatureFields, FoldInOptions } from './model/described.js';
export type { RatingProbability } from './model/distribution.js';
export type { LoadOptions, ModelSource } from './model/file/open-model.js';
export type { MapOptions, MapPoint, SpacePoint } from './model/item-map.js';
export type { ItemRating, Profile } from './model/profile.js';
export type {
  Contribution,
  ExplainOptions,
  RankBy,
  Recommendation,
  RecommendOptions,
  Scored,
} from './model/ranking.js';
export type { Recommender } from './model/recommender.js';
export { Model } from './model/serve-model.js';
export type { Id } from './ratings/ids.js';
