#include "solvers/feature_prior.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/kernels.h"

namespace matfac {
namespace {

/// The weights move little between half-steps.
constexpr int kSweeps = 2;
/// Steps to the ridges, which start at that of so many rows, and stay between that of a tenth of a row and this
/// multiple of all rows.
constexpr int kSteps = 30;
constexpr double kFirstRows = 5.0;
constexpr double kLeastRows = 0.1;
constexpr double kMostSides = 1e4;

}  // namespace

FeaturePrior::FeaturePrior(const Features& features, const ModelOptions& options)
    : features_(features), factors_(options.factors), stride_(StrideOf(options.factors)) {}

void FeaturePrior::Start(std::vector<float> row_weights, const FactorMatrix& factors, const std::vector<float>& bias,
                         const FactorMatrix& weights, std::span<const float> ridges) {
  weights_ = std::make_unique<FeatureWeights>(features_, stride_ + kernels::kWidth, std::move(row_weights));
  targets_ = FactorMatrix::Zero(features_.RowCount(), stride_ + kernels::kWidth);
  if (weights.rows() == features_.ColumnCount() && ridges[0] > 0.0F) {
    SetWeights(weights);
    std::ranges::copy(ridges, ridges_.begin());
  } else {
    SetTargets(factors, bias);
    LearnRidges();
  }
}

void FeaturePrior::SetWeights(const FactorMatrix& weights) {
  FactorMatrix padded = FactorMatrix::Zero(weights.rows(), stride_ + kernels::kWidth);
  padded.leftCols(factors_) = weights.leftCols(factors_);
  padded.col(stride_) = weights.col(factors_);
  weights_->SetWeights(padded);
}

void FeaturePrior::Turn(const GramBasis& basis, FactorMatrix& weights) {
  std::vector<float> row(stride_);
  std::vector<float> scratch(stride_);
  for (Index column = 0; column < weights.rows(); ++column) {
    std::copy_n(RowOf(weights, column), factors_, row.begin());
    basis.Turn(row.data(), scratch.data());
    std::copy_n(row.begin(), factors_, RowOf(weights, column));
  }
  if (HasStarted()) SetWeights(weights);
}

void FeaturePrior::LearnRidges() {
  const std::span<const float> weights = weights_->RowWeights();
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double mean = sum / static_cast<double>(weights.size());
  ridges_.fill(static_cast<float>(kFirstRows * mean));
  const auto limited = [&](float ridge) {
    return std::clamp(ridge, static_cast<float>(kLeastRows * mean), static_cast<float>(kMostSides * sum));
  };
  for (int step = 0; step < kSteps; ++step) {
    Sweep(1);
    ridges_ = {limited(RidgeOf(0, factors_, ridges_[0])), limited(RidgeOf(stride_, 1, ridges_[1]))};
  }
}

float FeaturePrior::RidgeOf(int first, int count, float ridge) const {
  double told = 0.0;
  for (const float squares : weights_->Squares()) told += squares / (squares + ridge);
  double errors = 0.0;
  for (Index row = 0; row < targets_.rows(); ++row) {
    const float* const target = RowOf(targets_, row);
    const float* const mean = RowOf(weights_->Means(), row);
    double squares = 0.0;
    for (int d = first; d < first + count; ++d) squares += (target[d] - mean[d]) * (target[d] - mean[d]);
    errors += weights_->RowWeights()[row] * squares;
  }
  constexpr double kLeast = 1e-30;
  return static_cast<float>(errors / static_cast<double>(targets_.rows()) * told /
                            std::max(SquaredWeights(first, count), kLeast));
}

double FeaturePrior::SquaredWeights(int first, int count) const {
  const FactorMatrix& weights = weights_->Weights();
  double squares = 0.0;
  for (Index column = 0; column < weights.rows(); ++column) {
    for (int d = first; d < first + count; ++d) {
      squares += static_cast<double>(weights(column, d)) * weights(column, d);
    }
  }
  return squares;
}

void FeaturePrior::SetTargets(const FactorMatrix& factors, const std::vector<float>& bias) {
  for (Index row = 0; row < factors.rows(); ++row) {
    std::copy_n(RowOf(factors, row), stride_, RowOf(targets_, row));
    if (!bias.empty()) targets_(row, stride_) = bias[row];
  }
}

void FeaturePrior::Sweep(int sweeps) {
  std::vector<float> ridge(static_cast<std::size_t>(targets_.cols()), ridges_[1]);
  std::fill_n(ridge.begin(), stride_, ridges_[0]);
  weights_->Improve(targets_, ridge, sweeps);
}

void FeaturePrior::Improve(const FactorMatrix& factors, const std::vector<float>& bias) {
  SetTargets(factors, bias);
  Sweep(kSweeps);
}

void FeaturePrior::Write(FactorMatrix& weights, std::span<float> ridges) const {
  weights.resize(features_.ColumnCount(), factors_ + 1);
  weights.leftCols(factors_) = weights_->Weights().leftCols(factors_);
  weights.col(factors_) = weights_->Weights().col(stride_);
  std::ranges::copy(ridges_, ridges.begin());
}

double FeaturePrior::Penalty(double factor_strength, double bias_strength) const {
  if (!weights_) return 0.0;
  return factor_strength * ridges_[0] * SquaredWeights(0, factors_) +
         bias_strength * ridges_[1] * SquaredWeights(stride_, 1);
}

}  // namespace matfac
