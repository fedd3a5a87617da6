#include "solvers/variational/feature_slopes.h"

#include <algorithm>

#include "base/kernels.h"
#include "base/portable_math.h"

namespace matfac {
namespace {

constexpr float kFirstShrinkage = 1.0F;
constexpr double kMostShrinkage = 0.03;
constexpr int kSweeps = 2;

}  // namespace

FeatureSlopes::FeatureSlopes(const Features& features, int entries)
    : entries_(entries),
      rows_(features.RowCount()),
      weights_(features, StrideOf(entries)),
      learned_(2 * static_cast<std::size_t>(entries) + 1) {
  std::fill_n(learned_.begin(), entries, kFirstShrinkage);
}

void FeatureSlopes::Learn(const FactorMatrix& targets, std::span<const float> precisions) {
  std::vector<float> ridge(StrideOf(entries_), 1.0F);
  for (int d = 0; d < entries_; ++d) ridge[d] = learned_[d] / precisions[d];
  weights_.Improve(targets, ridge, kSweeps);
  const FactorMatrix& weights = weights_.Weights();
  const auto columns = static_cast<double>(weights.rows());
  double energy = 0.0;
  for (int d = 0; d < entries_; ++d) {
    const double precision = precisions[d];
    double squares = 0.0;
    double spread = 0.0;
    double logarithms = 0.0;
    for (Index column = 0; column < weights.rows(); ++column) {
      const double variance = 1.0 / (precision * weights_.Squares()[column] + learned_[d]);
      squares += static_cast<double>(weights(column, d)) * weights(column, d) + variance;
      spread += weights_.Squares()[column] * variance;
      logarithms += Log(variance);
    }
    learned_[d] = static_cast<float>(std::min(columns / squares, kMostShrinkage * precision * rows_));
    learned_[entries_ + d] = static_cast<float>(spread);
    energy += precision * spread + learned_[d] * squares - columns * (1.0 + Log(learned_[d])) - logarithms;
  }
  learned_.back() = static_cast<float>(0.5 * energy);
}

void FeatureSlopes::AddMeans(Index row, float scale, float* to) const {
  const float* const means = RowOf(weights_.Means(), row);
  for (int d = 0; d < entries_; ++d) to[d] += scale * means[d];
}

void FeatureSlopes::AddSpread(std::vector<double>& variances) const {
  for (int d = 0; d < entries_; ++d) variances[d] += learned_[entries_ + d];
}

}  // namespace matfac
