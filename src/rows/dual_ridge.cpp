#include "rows/dual_ridge.h"

#include <algorithm>
#include <cmath>

#include "base/kernels.h"
#include "base/positive_definite.h"
#include "base/row_panel.h"
#include "rows/ridge.h"

namespace matfac {

using kernels::Float4;
using kernels::kWidth;

DualRidge::DualRidge(int stride) : stride_(stride), scale_(stride) {}

bool DualRidge::Pays(Offset count, int stride) { return count < stride && count * (count - 12) <= 4 * stride; }

void DualRidge::Solve(const RidgeRow& row, float* x, float* bias) {
  Resize(row.rated.size());
  std::ranges::copy(row.targets, errors_.begin());
  if (row.mean != nullptr) SubtractMean(row.others, row.rated, row.mean);
  std::ranges::fill(scale_, 1.0F / std::sqrt(row.strength.factors));
  Build(row.others, row.rated);
  if (bias != nullptr) {
    ones_ = roots_;
    kernels::SolveTransposed(products_.data(), ones_.data(), width_);
    *bias = kernels::Dot(ones_.data(), errors_.data(), width_) /
            (row.strength.bias + kernels::Dot(ones_.data(), ones_.data(), width_));
    kernels::Axpy(-*bias, ones_.data(), errors_.data(), width_);
  }
  Finish(row.mean, x);
}

double DualRidge::Solve(const ImplicitRow& row, float* x) {
  Resize(row.observed.size());
  for (std::size_t j = 0; j < row.weights.size(); ++j) roots_[j] = errors_[j] = std::sqrt(row.weights[j]);
  for (int f = 0; f < stride_; ++f) scale_[f] = 1.0F / std::sqrt(row.diagonal[f] + row.regularization);
  Build(row.others, row.observed);
  Finish(nullptr, x);
  return kernels::Dot(errors_.data(), errors_.data(), width_);
}

void DualRidge::Resize(std::size_t count) {
  width_ = static_cast<int>((count + kWidth - 1) / kWidth * kWidth);
  roots_.assign(width_, 0.0F);
  std::fill_n(roots_.begin(), count, 1.0F);
  errors_.assign(width_, 0.0F);
}

void DualRidge::SubtractMean(const FactorMatrix& others, std::span<const Index> rated, const float* mean) {
  for (std::size_t j = 0; j < rated.size(); ++j) errors_[j] -= kernels::Dot(RowOf(others, rated[j]), mean, stride_);
}

void DualRidge::Build(const FactorMatrix& others, std::span<const Index> rated) {
  columns_.resize(std::max(columns_.size(), static_cast<std::size_t>(stride_) * width_));
  ForEachPanel(others, rated, [&](std::size_t j, const RowPanel& rows) {
    const Float4 roots = kernels::Load(&roots_[j]);
    for (int f = 0; f < stride_; f += kWidth) {
      const Float4 a = kernels::Load(rows[0] + f);
      const Float4 b = kernels::Load(rows[1] + f);
      const Float4 c = kernels::Load(rows[2] + f);
      const Float4 d = kernels::Load(rows[3] + f);
      float* to = columns_.data() + f * width_ + j;
      for (int k = 0; k < kWidth; ++k) {
        kernels::Store(to + k * width_, Float4{a[k], b[k], c[k], d[k]} * (roots * kernels::Splat(scale_[f + k])));
      }
    }
  });
  products_.assign(static_cast<std::size_t>(width_) * width_, 0.0F);
  for (int j = 0; j < width_; ++j) products_[j * width_ + j] = 1.0F;
  kernels::AddOuterProducts(products_.data(), columns_.data(), stride_, width_);
  if (!kernels::Factorize(products_.data(), width_)) ThrowSingular(rated.size());
  kernels::SolveTransposed(products_.data(), errors_.data(), width_);
}

void DualRidge::Finish(const float* mean, float* x) {
  kernels::SolveUpper(products_.data(), errors_.data(), width_);
  for (int f = 0; f < stride_; f += kWidth) {
    const float* row = columns_.data() + f * width_;
    const Float4 along = Dots({row, row + width_, row + 2 * width_, row + 3 * width_}, errors_.data(), width_);
    const Float4 start = mean == nullptr ? Float4{} : kernels::Load(mean + f);
    kernels::Store(x + f, start + kernels::Load(&scale_[f]) * along);
  }
}

}  // namespace matfac
