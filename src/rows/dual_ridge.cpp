#include "rows/dual_ridge.h"

#include <algorithm>
#include <cmath>

#include "base/kernels.h"
#include "base/positive_definite.h"
#include "base/row_panel.h"

namespace matfac {
namespace {

/// Multiply-adds in the time of one normal.
constexpr std::int64_t kNormalCost = 400;

/// Multiply-adds of the products, the Cholesky decomposition and the solutions.
std::int64_t Cost(std::size_t ratings, int stride) {
  const auto n = static_cast<std::int64_t>(ratings);
  const std::int64_t k = stride;
  return n * (n * (3 * k + n) / 6 + 4 * k + kNormalCost);
}

std::int64_t RidgeCost(std::size_t ratings, int stride) {
  const auto n = static_cast<std::int64_t>(ratings);
  const std::int64_t k = stride;
  return k * k * (3 * n + k + 6) / 6;
}

}  // namespace

DualRidge::DualRidge(int stride, bool biases)
    : stride_(stride), biases_(biases), roots_(stride), mean_(stride), along_(stride) {}

bool DualRidge::Pays(std::size_t ratings, int stride) { return Cost(ratings, stride) < RidgeCost(ratings, stride); }

std::int64_t DualRidge::LeastCost(std::size_t ratings, int stride) {
  return std::min(Cost(ratings, stride), RidgeCost(ratings, stride));
}

bool DualRidge::Build(const FactorMatrix& others, const RidgeRatings& ratings, const RidgePrior& prior) {
  count_ = StrideOf(static_cast<int>(ratings.rows.size()));
  for (int f = 0; f < stride_; ++f) roots_[f] = 1.0F / std::sqrt(prior.strength[f]);
  std::ranges::copy(prior.mean, mean_.begin());
  bias_root_ = biases_ ? 1.0F / std::sqrt(prior.bias_strength) : 0.0F;
  bias_mean_ = biases_ ? prior.bias_mean : 0.0F;
  Gather(others, ratings);
  gram_.assign(static_cast<std::size_t>(count_) * count_, 0.0F);
  for (int j = 0; j < count_; ++j) gram_[j * count_ + j] = 1.0F;
  kernels::AddOuterProducts(gram_.data(), columns_.data(), stride_ + (biases_ ? 1 : 0), count_);
  return kernels::Factorize(gram_.data(), count_);
}

void DualRidge::Gather(const FactorMatrix& others, const RidgeRatings& ratings) {
  const auto count = static_cast<int>(ratings.rows.size());
  weight_roots_.assign(count_, 0.0F);
  targets_.assign(count_, 0.0F);
  rows_.assign(static_cast<std::size_t>(count_) * stride_, 0.0F);
  columns_.resize(static_cast<std::size_t>(count_) * (stride_ + 1));
  for (int j = 0; j < count; ++j) {
    weight_roots_[j] = ratings.weights.empty() ? 1.0F : std::sqrt(ratings.weights[j]);
    targets_[j] = ratings.targets[j];
    const kernels::Float4 root = kernels::Splat(weight_roots_[j]);
    const float* v = RowOf(others, ratings.rows[j]);
    float* row = rows_.data() + j * stride_;
    for (int f = 0; f < stride_; f += kernels::kWidth) {
      kernels::Store(row + f, root * kernels::Load(roots_.data() + f) * kernels::Load(v + f));
    }
  }
  for (int j = 0; j < count_; j += kernels::kWidth) {
    const float* row = rows_.data() + j * stride_;
    kernels::Transpose({row, row + stride_, row + 2 * stride_, row + 3 * stride_}, columns_.data() + j, count_,
                       stride_);
  }
  float* of_bias = columns_.data() + static_cast<std::size_t>(count_) * stride_;
  for (int j = 0; j < count_; ++j) of_bias[j] = weight_roots_[j] * bias_root_;
}

void DualRidge::Draw(const float* z, float bias_z, std::span<const float> ratings_z, float* x, float* bias) {
  const float prior_bias = bias_mean_ + bias_root_ * bias_z;
  for (int f = 0; f < stride_; ++f) along_[f] = z[f] + mean_[f] / roots_[f];
  right_side_.assign(count_, 0.0F);
  std::ranges::copy(ratings_z, right_side_.begin());
  const auto panel = [this](int j) {
    const float* row = rows_.data() + j * stride_;
    return RowPanel{row, row + stride_, row + 2 * stride_, row + 3 * stride_};
  };
  for (int j = 0; j < count_; j += kernels::kWidth) {
    const kernels::Float4 rest = kernels::Load(targets_.data() + j) - kernels::Splat(prior_bias);
    float* to = right_side_.data() + j;
    kernels::Store(to, kernels::Load(weight_roots_.data() + j) * rest - Dots(panel(j), along_.data(), stride_) -
                           kernels::Load(to));
  }
  kernels::SolveTransposed(gram_.data(), right_side_.data(), count_);
  kernels::SolveUpper(gram_.data(), right_side_.data(), count_);
  std::copy_n(z, stride_, along_.data());
  for (int j = 0; j < count_; j += kernels::kWidth) {
    AddRows(kernels::Load(right_side_.data() + j), panel(j), along_.data(), stride_);
  }
  for (int f = 0; f < stride_; ++f) x[f] = mean_[f] + roots_[f] * along_[f];
  if (!biases_) return;
  const float* of_bias = columns_.data() + static_cast<std::size_t>(count_) * stride_;
  *bias = prior_bias + bias_root_ * kernels::Dot(of_bias, right_side_.data(), count_);
}

}  // namespace matfac
