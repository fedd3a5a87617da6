/**
 * For pages that only recommend: models that were trained elsewhere, from a download a third the size. It shares no code with
 * the whole library, so that a page asks for one file less; where both are loaded, tell errors by `name` and `code`.
 *
 * @packageDocumentation
 */
export { MatfacError, type MatfacErrorCode } from './errors.js';
export type { Id } from './ids.js';
export type { MapOptions, MapPoint, SpacePoint } from './item-map.js';
export { type Configuration, configure } from './load.js';
export type { ModelSource } from './open-model.js';
export type { Solver } from './options.js';
export type { ItemRating, Profile } from './profile.js';
export type { Contribution, Recommendation, RecommendOptions } from './ranking.js';
export type { Recommender } from './recommender.js';
export { Model } from './serve-model.js';
