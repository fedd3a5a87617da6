#include "rows/feature_weights.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/kernels.h"

namespace matfac {

FeatureWeights::FeatureWeights(const Features& features, int width, std::vector<float> row_weights)
    : offsets_(static_cast<std::size_t>(features.ColumnCount()) + 1),
      row_weights_(std::move(row_weights)),
      squares_(features.ColumnCount()),
      weights_(FactorMatrix::Zero(features.ColumnCount(), width)),
      means_(FactorMatrix::Zero(features.RowCount(), width)),
      step_(width) {
  row_weights_.resize(features.RowCount(), 1.0F);
  for (Index row = 0; row < features.RowCount(); ++row) {
    for (const Index column : features.Row(row).columns) ++offsets_[column + 1];
  }
  std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  rows_.resize(offsets_.back());
  values_.resize(offsets_.back());
  std::vector<Offset> next(offsets_.begin(), offsets_.end() - 1);
  for (Index row = 0; row < features.RowCount(); ++row) {
    const auto [columns, values] = features.Row(row);
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const Offset to = next[columns[j]]++;
      rows_[to] = row;
      values_[to] = values[j];
      squares_[columns[j]] += row_weights_[row] * values[j] * values[j];
    }
  }
}

void FeatureWeights::Improve(const FactorMatrix& targets, std::span<const float> ridge, int sweeps) {
  const int width = static_cast<int>(step_.size());
  const auto columns = static_cast<Index>(squares_.size());
  for (Index turn = 0; turn < sweeps * columns; ++turn) {
    const Index column = turn % columns;
    float* const weights = RowOf(weights_, column);
    for (int d = 0; d < width; ++d) step_[d] = -ridge[d] * weights[d];
    for (Offset at = offsets_[column]; at < offsets_[column + 1]; ++at) {
      const float value = values_[at] * row_weights_[rows_[at]];
      kernels::Axpy(value, RowOf(targets, rows_[at]), step_.data(), width);
      kernels::Axpy(-value, RowOf(means_, rows_[at]), step_.data(), width);
    }
    for (int d = 0; d < width; ++d) step_[d] /= squares_[column] + ridge[d];
    kernels::Axpy(1.0F, step_.data(), weights, width);
    for (Offset at = offsets_[column]; at < offsets_[column + 1]; ++at) {
      kernels::Axpy(values_[at], step_.data(), RowOf(means_, rows_[at]), width);
    }
  }
  SumMeans();
}

void FeatureWeights::SetWeights(const FactorMatrix& weights) {
  weights_ = weights;
  SumMeans();
}

void FeatureWeights::SumMeans() {
  means_.setZero();
  const int width = static_cast<int>(step_.size());
  for (std::size_t column = 0; column < squares_.size(); ++column) {
    for (Offset at = offsets_[column]; at < offsets_[column + 1]; ++at) {
      kernels::Axpy(values_[at], RowOf(weights_, static_cast<Index>(column)), RowOf(means_, rows_[at]), width);
    }
  }
}

}  // namespace matfac
