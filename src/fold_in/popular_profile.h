#pragma once

#include "fold_in/profile.h"
#include "model/model.h"

namespace matfac {

/// The visitor without ratings of implicit-als: the mean of the items' vectors, each
/// weighted by its squared length,
///   u = Σ_m ‖v_m‖² v_m / Σ_m ‖v_m‖²
/// Factors of items that are observed often are longer, so that u points to what most users take. It needs nothing but
/// the item factors. NDCG@10 for the held-out items of every user, and that of a ranking by the counts:
///   MovieLens 100K 0.033, 0.032; latest-small 0.028, 0.030; MovieLens 1M 0.253, 0.254; Last.fm HetRec 0.065, 0.083
/// where the plain mean of the items has 0.026, 0.026, 0.233 and 0.059.
Profile PopularProfile(const Model& model);

}  // namespace matfac
