import type { Ratings } from '../ratings/ratings.js';
import type { SearchOptions, SearchResult } from './search-options.js';
import type { SearchSpace } from './search-space.js';

/**
 * Finds good options by random search with successive halving (Jamieson and Talwalkar 2016). All trials are trained for a few
 * epochs and evaluated on a validation part (`validation`: a share of the ratings, default 0.2, or other ratings); the best
 * third continues to three times the epochs, and so on, until the best trials have all their epochs. A training continues
 * where it stopped if `warmStart` can do so bit for bit, and otherwise starts over. The same seed and ratings give the same
 * result.
 * @throws MatfacError `invalid-argument` for a bad option or space; `SearchCancelledError`; `SearchFailedError` when every
 * trial fails.
 */
export async function search(ratings: Ratings, space: SearchSpace, options: SearchOptions = {}): Promise<SearchResult> {
  const { runSearch } = await import('./run-search.js');
  return runSearch(ratings, space, options);
}
