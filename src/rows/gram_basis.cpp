#include "rows/gram_basis.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/symmetric_eigen.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

/// Rows turned by one worker at a time, and multiply-adds between two checks of the budget.
constexpr Index kBlockRows = 256;
constexpr std::int64_t kSliceWork = 1 << 24;

}  // namespace

GramBasis::GramBasis(int factors)
    : factors_(factors),
      stride_(StrideOf(factors)),
      basis_(static_cast<std::size_t>(stride_) * stride_),
      diagonal_(stride_),
      inverse_(stride_) {}

bool GramBasis::Work(const float* gram, float regularization, FactorMatrix& factors, Workers& workers, Budget& budget) {
  if (next_row_ == 0) Find(gram, regularization);
  scratch_.resize(workers.Count(), std::vector<float>(stride_));
  const auto rows = static_cast<Index>(factors.rows());
  const std::int64_t block_work = std::int64_t{kBlockRows} * stride_ * stride_;
  const auto slice = static_cast<Index>(std::max(std::int64_t{1}, kSliceWork / block_work) * workers.Count());
  while (next_row_ < rows) {
    const Index first = next_row_;
    const Index blocks = std::min(slice, (rows - first + kBlockRows - 1) / kBlockRows);
    workers.ForEachBlock(blocks, [&](Index block, int worker) {
      const Index begin = first + block * kBlockRows;
      for (Index row = begin; row < std::min(rows, begin + kBlockRows); ++row) {
        Turn(RowOf(factors, row), scratch_[worker].data());
      }
    });
    next_row_ = std::min(rows, first + blocks * kBlockRows);
    if (budget.Spend(blocks * block_work / workers.Count())) break;
  }
  if (next_row_ < rows) return false;
  next_row_ = 0;
  return true;
}

void GramBasis::Find(const float* gram, float regularization) {
  std::vector<double> matrix(static_cast<std::size_t>(factors_) * factors_);
  for (int i = 0; i < factors_; ++i) std::copy_n(gram + i * stride_, factors_, matrix.data() + i * factors_);
  const SymmetricEigen eigen = EigenOf(std::move(matrix), factors_);
  for (int i = 0; i < factors_; ++i) {
    std::copy_n(eigen.vectors.data() + i * factors_, factors_, basis_.data() + i * stride_);
    diagonal_[i] = static_cast<float>(std::max(eigen.values[i], 0.0));
  }
  if (!(diagonal_[factors_ - 1] + regularization > std::numeric_limits<float>::epsilon() * diagonal_[0])) {
    ThrowSingular(0);
  }
  for (int i = 0; i < factors_; ++i) inverse_[i] = 1.0F / (diagonal_[i] + regularization);
}

}  // namespace matfac
