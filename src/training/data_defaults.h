#pragma once

#include "data/ratings.h"
#include "model/options.h"

namespace matfac {

/// The defaults that depend on the data. An option is left open where its default says so (factors 0, confidence 0);
/// the trainer fills it in before anything else, so that models, reports and files hold the numbers.

/// F of implicit feedback: √min(users, items) to the nearest multiple of 8, from 8 to 256. The smaller side bounds the
/// rank, and the number of tastes that the data can tell apart grows more slowly than it.
int DefaultFactors(const Ratings& ratings);

/// The confidence of implicit-als: 0.7 / √(observed share of all pairs) for pairs of weight 1, divided by the mean
/// weight of the observed pairs, so that their total weight does not depend on the unit of the ratings. Pairs of weight
/// 0 count as not observed; users and items without observed pairs count for nothing. The published settings of ML-1M,
/// ML-20M and MSD are near it (Rendle, Krichene, Zhang and Koren 2021, arXiv 2110.14037: α₀ = 1 / confidence).
double DefaultConfidence(const Ratings& ratings, Weights weights);

/// Fills in what `options` leave open with the values of another model.
void FillOpen(const ModelOptions& from, ModelOptions& options);
/// Fills in what `options` leave open. Needs valid options.
void FillFromData(const Ratings& ratings, ModelOptions& options);

}  // namespace matfac
