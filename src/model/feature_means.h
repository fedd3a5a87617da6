#pragma once

#include <vector>

#include "base/factors.h"
#include "data/features.h"

namespace matfac {

/// to ← to + scale · Σ_j x_j W_j for the row x of features: what its features add to the prior mean of a row. W has a
/// row for each column of features, and `to` the length of these. Needs columns within W.
inline void AddFeatureMeans(const FactorMatrix& weights, const FeaturesRow& features, float scale, float* to) {
  for (std::size_t j = 0; j < features.columns.size(); ++j) {
    const float* const row = RowOf(weights, features.columns[j]);
    const float value = scale * features.values[j];
    for (Index d = 0; d < weights.cols(); ++d) to[d] += value * row[d];
  }
}

/// That alone, in as many numbers as W has columns; zeros without features.
inline std::vector<float> FeatureMeans(const FactorMatrix& weights, const FeaturesRow& features) {
  std::vector<float> means(static_cast<std::size_t>(weights.cols()));
  AddFeatureMeans(weights, features, 1.0F, means.data());
  return means;
}

}  // namespace matfac
