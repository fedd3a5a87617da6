#include "rows/dual_ridge.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/kernels.h"
#include "base/positive_definite.h"
#include "base/row_panel.h"

namespace matfac {
namespace {

using kernels::Float4;
using kernels::kWidth;

/// The greatest trace of B Bᵀ, and so about the condition of K, of which float32 leaves three digits.
constexpr float kMostCondition = 1e4F;

Float4 Root(Float4 x) { return Float4{std::sqrt(x[0]), std::sqrt(x[1]), std::sqrt(x[2]), std::sqrt(x[3])}; }

RowPanel PanelOf(const std::vector<float>& rows, int first, int length) {
  const float* row = rows.data() + first * length;
  return {row, row + length, row + 2 * length, row + 3 * length};
}

}  // namespace

DualRidge::DualRidge(int stride, bool biases)
    : stride_(stride),
      biases_(biases),
      width_(biases ? stride + kWidth : stride),
      scales_(width_),
      point_(width_),
      normals_(width_) {}

bool DualRidge::Build(const FactorMatrix& others, const RidgeRatings& ratings, const RidgePrior& prior) {
  padded_ = StrideOf(static_cast<int>(ratings.rows.size()));
  is_about_zero_ = prior.mean.empty() && prior.bias_mean == 0.0F;
  SetScales(prior);
  Gather(others, ratings);
  gram_.assign(static_cast<std::size_t>(padded_) * padded_, 0.0F);
  kernels::AddOuterProducts(gram_.data(), columns_.data(), biases_ ? stride_ + 1 : stride_, padded_);
  float trace = 0.0F;
  for (int i = 0; i < padded_; ++i) {
    trace += gram_[i * padded_ + i];
    gram_[i * padded_ + i] += 1.0F;
  }
  return trace <= kMostCondition && kernels::Factorize(gram_.data(), padded_);
}

void DualRidge::SetScales(const RidgePrior& prior) {
  for (int f = 0; f < stride_; f += kWidth) {
    const Float4 root = Root(kernels::Load(prior.strength.data() + f));
    kernels::Store(&scales_[f], kernels::Splat(1.0F) / root);
    kernels::Store(&point_[f], prior.mean.empty() ? Float4{} : root * kernels::Load(prior.mean.data() + f));
  }
  if (!biases_) return;
  const float root = std::sqrt(prior.bias_strength);
  scales_[stride_] = 1.0F / root;
  point_[stride_] = root * prior.bias_mean;
}

void DualRidge::Gather(const FactorMatrix& others, const RidgeRatings& ratings) {
  const std::size_t count = ratings.rows.size();
  columns_.resize(static_cast<std::size_t>(width_) * padded_);
  roots_.assign(padded_, 0.0F);
  right_.assign(padded_, 0.0F);
  for (std::size_t j = 0; j < count; ++j) {
    roots_[j] = ratings.weights.empty() ? 1.0F : std::sqrt(ratings.weights[j]);
    right_[j] = roots_[j] * ratings.targets[j];
  }
  const auto store = [&](int f, int j, Float4 column) {
    kernels::Store(&columns_[f * padded_ + j], kernels::Load(&roots_[j]) * (kernels::Splat(scales_[f]) * column));
  };
  ForEachPanel(others, ratings.rows, [&](std::size_t first, const RowPanel& rows) {
    const int j = static_cast<int>(first);
    for (int f = 0; f < stride_; f += kWidth) {
      const Float4 a = kernels::Load(rows[0] + f);
      const Float4 b = kernels::Load(rows[1] + f);
      const Float4 c = kernels::Load(rows[2] + f);
      const Float4 d = kernels::Load(rows[3] + f);
      for (int k = 0; k < kWidth; ++k) store(f + k, j, Float4{a[k], b[k], c[k], d[k]});
    }
    for (int f = stride_; f < width_; ++f) store(f, j, kernels::Splat(1.0F));
  });
}

double DualRidge::Solve(float* x, float* bias) {
  if (!is_about_zero_) Subtract(point_, right_);
  kernels::SolveTransposed(gram_.data(), right_.data(), padded_);
  kernels::SolveUpper(gram_.data(), right_.data(), padded_);
  Write(x, bias);
  // K⁻¹ (W^½ t − B μ) = W^½ t − B y
  return kernels::Dot(right_.data(), right_.data(), padded_);
}

void DualRidge::Draw(const float* z, float bias_z, float* x, float* bias) {
  Subtract(point_, right_);
  kernels::SolveTransposed(gram_.data(), right_.data(), padded_);
  std::copy_n(z, stride_, normals_.begin());
  if (biases_) normals_[stride_] = bias_z;
  noise_.assign(padded_, 0.0F);
  diagonal_.resize(padded_);
  Subtract(normals_, noise_);
  for (int i = 0; i < padded_; ++i) diagonal_[i] = std::exchange(gram_[i * padded_ + i], gram_[i * padded_ + i] + 1.0F);
  kernels::SolveTransposed(gram_.data(), noise_.data(), padded_);
  for (int i = 0; i < padded_; ++i) gram_[i * padded_ + i] = diagonal_[i];
  kernels::Axpy(1.0F, noise_.data(), right_.data(), padded_);
  kernels::SolveUpper(gram_.data(), right_.data(), padded_);
  kernels::Axpy(1.0F, normals_.data(), point_.data(), width_);
  Write(x, bias);
}

void DualRidge::Subtract(const std::vector<float>& y, std::vector<float>& r) const {
  for (int f = 0; f < width_; f += kWidth) {
    AddRows(-kernels::Load(&y[f]), PanelOf(columns_, f, padded_), r.data(), padded_);
  }
}

void DualRidge::Write(float* x, float* bias) const {
  for (int f = 0; f < width_; f += kWidth) {
    const Float4 y = kernels::Load(&point_[f]) + Dots(PanelOf(columns_, f, padded_), right_.data(), padded_);
    const Float4 unscaled = kernels::Load(&scales_[f]) * y;
    if (f < stride_) {
      kernels::Store(x + f, unscaled);
    } else {
      *bias = unscaled[0];
    }
  }
}

}  // namespace matfac
