#include "model/feature_means.h"

namespace matfac {

void AddFeatureMeans(const FactorMatrix& weights, const FeaturesRow& features, float scale, float* to) {
  for (std::size_t j = 0; j < features.columns.size(); ++j) {
    const float* const row = RowOf(weights, features.columns[j]);
    const float value = scale * features.values[j];
    for (Index d = 0; d < weights.cols(); ++d) to[d] += value * row[d];
  }
}

std::vector<float> FeatureMeans(const FactorMatrix& weights, const FeaturesRow& features) {
  std::vector<float> means(static_cast<std::size_t>(weights.cols()));
  AddFeatureMeans(weights, features, 1.0F, means.data());
  return means;
}

}  // namespace matfac
