#include "rows/dual_ridge.h"

#include <algorithm>

#include "base/kernels.h"
#include "base/positive_definite.h"
#include "base/row_panel.h"
#include "rows/ridge.h"

namespace matfac {

using kernels::Float4;
using kernels::kWidth;

DualRidge::DualRidge(int stride) : stride_(stride) {}

void DualRidge::Solve(const RidgeRow& row, float* x, float* bias) {
  const std::size_t count = row.rated.size();
  width_ = static_cast<int>((count + kWidth - 1) / kWidth * kWidth);
  errors_.assign(width_, 0.0F);
  std::ranges::copy(row.targets, errors_.begin());
  for (std::size_t j = 0; row.mean != nullptr && j < count; ++j) {
    errors_[j] -= kernels::Dot(RowOf(row.others, row.rated[j]), row.mean, stride_);
  }
  Build(row);
  kernels::SolveTransposed(products_.data(), errors_.data(), width_);
  if (bias != nullptr) {
    ones_.assign(width_, 0.0F);
    std::fill_n(ones_.begin(), count, 1.0F);
    kernels::SolveTransposed(products_.data(), ones_.data(), width_);
    *bias = kernels::Dot(ones_.data(), errors_.data(), width_) /
            (row.strength.bias / row.strength.factors + kernels::Dot(ones_.data(), ones_.data(), width_));
    kernels::Axpy(-*bias, ones_.data(), errors_.data(), width_);
  }
  kernels::SolveUpper(products_.data(), errors_.data(), width_);
  for (int f = 0; f < stride_; f += kWidth) {
    const float* v = columns_.data() + f * width_;
    const Float4 start = row.mean == nullptr ? Float4{} : kernels::Load(row.mean + f);
    kernels::Store(x + f, start + Dots({v, v + width_, v + 2 * width_, v + 3 * width_}, errors_.data(), width_));
  }
}

void DualRidge::Build(const RidgeRow& row) {
  const std::size_t count = row.rated.size();
  columns_.resize(std::max(columns_.size(), static_cast<std::size_t>(stride_) * width_));
  ForEachPanel(row.others, row.rated, [&](std::size_t j, const RowPanel& rows) {
    kernels::Transpose({rows[0], rows[1], rows[2], rows[3]}, columns_.data() + j, width_, stride_);
  });
  for (int f = 0; f < stride_; ++f) std::fill(&columns_[f * width_ + count], &columns_[f * width_] + width_, 0.0F);
  products_.assign(static_cast<std::size_t>(width_) * width_, 0.0F);
  for (int j = 0; j < width_; ++j) products_[j * width_ + j] = row.strength.factors;
  kernels::AddOuterProducts(products_.data(), columns_.data(), stride_, width_);
  if (!kernels::Factorize(products_.data(), width_)) ThrowSingular(count);
}

}  // namespace matfac
