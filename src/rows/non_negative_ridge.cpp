#include "rows/non_negative_ridge.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/kernels.h"

namespace matfac {
namespace {

using kernels::Float4;
using kernels::kWidth;
using Four = std::array<float, kWidth>;

/// e·c for each of four columns c.
Four DotFour(const float* e, const float* columns, int length) {
  std::array<Float4, kWidth> sums{};
  for (int j = 0; j < length; j += kWidth) {
    const Float4 e4 = kernels::Load(e + j);
    for (int k = 0; k < kWidth; ++k)
      sums[k] += e4 * kernels::Load(columns + static_cast<std::ptrdiff_t>(k) * length + j);
  }
  return {kernels::Sum(sums[0]), kernels::Sum(sums[1]), kernels::Sum(sums[2]), kernels::Sum(sums[3])};
}

/// e ← e − Σ scale · c over four columns c.
void SubtractFour(const Four& scales, const float* columns, float* e, int length) {
  const Float4 a = kernels::Splat(scales[0]);
  const Float4 b = kernels::Splat(scales[1]);
  const Float4 c = kernels::Splat(scales[2]);
  const Float4 d = kernels::Splat(scales[3]);
  const auto size = static_cast<std::ptrdiff_t>(length);
  for (std::ptrdiff_t j = 0; j < size; j += kWidth) {
    const Float4 first = a * kernels::Load(columns + j) + b * kernels::Load(columns + size + j);
    const Float4 second = c * kernels::Load(columns + 2 * size + j) + d * kernels::Load(columns + 3 * size + j);
    kernels::Store(e + j, kernels::Load(e + j) - (first + second));
  }
}

/// The products of four columns with each other, row by row.
void MultiplyFour(const float* columns, int length, float* products) {
  for (int k = 0; k < kWidth; ++k) {
    const Four row = DotFour(columns + static_cast<std::ptrdiff_t>(k) * length, columns, length);
    std::ranges::copy(row, products + k * kWidth);
  }
}

}  // namespace

NonNegativeRidge::NonNegativeRidge(int stride)
    : stride_(stride), products_(static_cast<std::size_t>(kWidth) * stride), zeros_(stride) {}

void NonNegativeRidge::Build(const FactorMatrix& others, std::span<const Index> rows, std::span<const float> targets,
                             float lambda, const float* x) {
  const int count = static_cast<int>(rows.size());
  length_ = StrideOf(count);
  lambda_ = lambda;
  residuals_.assign(length_, 0.0F);
  std::ranges::copy(targets, residuals_.begin());
  columns_.resize(static_cast<std::size_t>(stride_) * length_);
  for (int j = 0; j < length_; j += kWidth) {
    const float* block[kWidth];
    for (int k = 0; k < kWidth; ++k) block[k] = j + k < count ? RowOf(others, rows[j + k]) : zeros_.data();
    kernels::Transpose(block, columns_.data() + j, length_, stride_);
  }
  for (int f = 0; f < stride_; f += kWidth) {
    MultiplyFour(Columns(f), length_, Products(f));
    SubtractFour({x[f], x[f + 1], x[f + 2], x[f + 3]}, Columns(f), residuals_.data(), length_);
  }
}

float NonNegativeRidge::Sweep(float* x) {
  float largest = 0.0F;
  for (int f = 0; f < stride_; f += kWidth) {
    const float* products = Products(f);
    Four sums = DotFour(residuals_.data(), Columns(f), length_);
    Four changes{};
    for (int k = 0; k < kWidth; ++k) {
      const float curvature = products[k * kWidth + k] + lambda_;
      if (!(curvature > 0.0F)) continue;  // nothing depends on this coordinate
      float& value = x[f + k];
      const float next = std::max(0.0F, value + (sums[k] - lambda_ * value) / curvature);
      changes[k] = next - value;
      value = next;
      largest = std::max(largest, std::abs(changes[k]));
      for (int later = k + 1; later < kWidth; ++later) sums[later] -= changes[k] * products[k * kWidth + later];
    }
    if (changes != Four{}) SubtractFour(changes, Columns(f), residuals_.data(), length_);
  }
  return largest;
}

}  // namespace matfac
