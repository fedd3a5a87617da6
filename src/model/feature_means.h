#pragma once

#include <vector>

#include "base/factors.h"
#include "data/features.h"

namespace matfac {

/// to ← to + scale · Σ_j x_j W_j for the row x of features: what its features add to the prior mean of a row. W has a
/// row for each column of features, and `to` the length of these. Needs columns within W.
void AddFeatureMeans(const FactorMatrix& weights, const FeaturesRow& features, float scale, float* to);

/// That alone, in as many numbers as W has columns; zeros without features.
std::vector<float> FeatureMeans(const FactorMatrix& weights, const FeaturesRow& features);

}  // namespace matfac
