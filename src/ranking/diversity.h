#pragma once

#include "base/stored_rows.h"
#include "ranking/ranking.h"

namespace matfac {

/// The number of items that compete for n places: 10 n, at least 100. Needs n ≥ 0.
int DiversityPool(int n);

/// Selects n items of a ranking that differ from each other, by maximal marginal relevance (Carbonell and Goldstein
/// 1998): one after the other, the item with the largest
///   (1 − d) (s − s_min) / (s_max − s_min) − d max cos(v, v_chosen)
/// over the scores s of the pool, in which the best comes first; equal ones in the order of the pool. The first is the
/// best of the pool for any d. Scores are those of the pool, in the order of choice; fewer than n when the pool has
/// fewer. Needs items of the pool within the rows of the factors, n ≥ 0 and 0 ≤ d ≤ 1. Costs n × pool × F
/// multiply-adds.
Ranking Diversify(const StoredRows& item_factors, const Ranking& pool, int n, double d);

}  // namespace matfac
