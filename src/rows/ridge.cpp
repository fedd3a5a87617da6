#include "rows/ridge.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/kernels.h"
#include "base/positive_definite.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

/// Rows gathered at a time, so that they stay in the first-level cache while every tile of the Gram matrix visits them.
constexpr int kBlockRows = 64;

struct GatheredBlock {
  int count;
  const float* rows[kBlockRows];
  float targets[kBlockRows];  // w_j t_j
  float weights[kBlockRows];
  float roots[kBlockRows];  // √w_j
};

/// Columns j … j + 4·kVectors − 1 of a block: √w_j v_j into `gathered` (rows of length stride), Σ w_j t_j v_j added to
/// `right_side` and Σ w_j v_j to `row_sum`, both kept in registers.
template <int kVectors>
void GatherColumns(const GatheredBlock& block, int j, float* right_side, float* row_sum, float* gathered, int stride) {
  using namespace kernels;
  Float4 right[kVectors];
  Float4 sums[kVectors];
  for (int c = 0; c < kVectors; ++c) {
    right[c] = Load(right_side + j + c * kWidth);
    sums[c] = Load(row_sum + j + c * kWidth);
  }
  for (int n = 0; n < block.count; ++n) {
    const Float4 target = Splat(block.targets[n]);
    const Float4 weight = Splat(block.weights[n]);
    const Float4 root = Splat(block.roots[n]);
    for (int c = 0; c < kVectors; ++c) {
      const Float4 x = Load(block.rows[n] + j + c * kWidth);
      right[c] = MultiplyAdd(target, x, right[c]);
      sums[c] = MultiplyAdd(weight, x, sums[c]);
      Store(gathered + n * stride + j + c * kWidth, root * x);
    }
  }
  for (int c = 0; c < kVectors; ++c) {
    Store(right_side + j + c * kWidth, right[c]);
    Store(row_sum + j + c * kWidth, sums[c]);
  }
}

}  // namespace

RidgeStrength StrengthOf(const Model& model, Offset count) {
  const SolverTraits& traits = TraitsOf(model.options.solver);
  const double scale = traits.in_rating_units ? 1.0 : model.scale;
  const auto lambda = static_cast<float>(scale * model.options.regularization);
  const auto bias = static_cast<float>(model.options.BiasRegularization());
  const auto weight = static_cast<float>(std::max<Offset>(count, 1));
  switch (traits.ridge) {
    case RidgeWeight::kConstant:
      return {.factors = lambda, .bias = bias};
    case RidgeWeight::kPerRating:
      return {.factors = lambda * weight, .bias = bias * weight};
    case RidgeWeight::kPerVisit:
      return {.factors = lambda * static_cast<float>(count), .bias = bias * static_cast<float>(count)};
    case RidgeWeight::kRootOfRatings:
      return {.factors = lambda * std::sqrt(weight), .bias = bias * std::sqrt(weight)};
    case RidgeWeight::kNone:
      break;
  }
  ThrowInvalid("no ridge for {}", {traits.name});
}

void ThrowSingular(std::size_t ratings) {
  ThrowInvalid("regularization must be larger; the normal equations of a row with {} ratings are singular in float32",
               {ratings});
}

RidgeSystem::RidgeSystem(int stride, bool biases)
    : stride_(stride),
      biases_(biases),
      gram_(static_cast<std::size_t>(stride) * stride),
      row_sum_(stride),
      centre_(stride),
      right_side_(stride),
      block_(static_cast<std::size_t>(kBlockRows) * stride),
      strength_(stride) {}

void RidgeSystem::Build(const FactorMatrix& others, std::span<const Index> rows, std::span<const float> targets,
                        RidgeStrength strength, const float* mean) {
  std::ranges::fill(strength_, strength.factors);
  const RidgePrior prior{.strength = strength_,
                         .mean = {mean, mean == nullptr ? 0 : static_cast<std::size_t>(stride_)},
                         .bias_strength = strength.bias};
  if (!Build(others, {.rows = rows, .targets = targets}, prior)) ThrowSingular(rows.size());
}

bool RidgeSystem::Build(const FactorMatrix& others, const RidgeRatings& ratings, const RidgePrior& prior) {
  Gather(others, ratings);
  if (biases_) EliminateBias(prior.bias_strength, prior.bias_mean);
  for (int i = 0; i < stride_; ++i) {
    gram_[i * stride_ + i] += prior.strength[i];
    if (!prior.mean.empty()) right_side_[i] += prior.strength[i] * prior.mean[i];
  }
  return kernels::Factorize(gram_.data(), stride_);
}

void RidgeSystem::Gather(const FactorMatrix& others, const RidgeRatings& ratings) {
  std::ranges::fill(gram_, 0.0F);
  std::ranges::fill(row_sum_, 0.0F);
  std::ranges::fill(right_side_, 0.0F);
  target_sum_ = 0.0;
  weight_sum_ = 0.0;
  GatheredBlock block;
  for (std::size_t begin = 0; begin < ratings.rows.size(); begin += kBlockRows) {
    block.count = static_cast<int>(std::min<std::size_t>(kBlockRows, ratings.rows.size() - begin));
    for (int n = 0; n < block.count; ++n) {
      const float weight = ratings.weights.empty() ? 1.0F : ratings.weights[begin + n];
      block.rows[n] = RowOf(others, ratings.rows[begin + n]);
      block.weights[n] = weight;
      block.roots[n] = std::sqrt(weight);
      block.targets[n] = weight * ratings.targets[begin + n];
      target_sum_ += block.targets[n];
      weight_sum_ += weight;
    }
    int j = 0;
    for (; j + 16 <= stride_; j += 16)
      GatherColumns<4>(block, j, right_side_.data(), row_sum_.data(), block_.data(), stride_);
    for (; j < stride_; j += 4) GatherColumns<1>(block, j, right_side_.data(), row_sum_.data(), block_.data(), stride_);
    kernels::AddOuterProducts(gram_.data(), block_.data(), block.count, stride_);
  }
}

void RidgeSystem::EliminateBias(float bias_strength, float bias_mean) {
  std::ranges::fill(centre_, 0.0F);
  target_sum_ += static_cast<double>(bias_strength) * bias_mean;
  bias_weight_ = static_cast<float>(weight_sum_ + bias_strength);
  if (!(bias_weight_ > 0.0F)) return;
  kernels::Axpy(1.0F / bias_weight_, row_sum_.data(), centre_.data(), stride_);
  for (int i = 0; i < stride_; ++i) {
    const int begin = i / kernels::kWidth * kernels::kWidth;  // the upper triangle alone
    kernels::Axpy(-row_sum_[i], centre_.data() + begin, gram_.data() + i * stride_ + begin, stride_ - begin);
  }
  kernels::Axpy(static_cast<float>(-target_sum_), centre_.data(), right_side_.data(), stride_);
}

void RidgeSystem::Solve(float* x, float* bias) const {
  std::ranges::copy(right_side_, x);
  Apply(x);
  if (biases_) *bias = BiasAt(x);
}

void RidgeSystem::Draw(const float* z, float bias_z, float* x, float* bias) const {
  std::ranges::copy(right_side_, x);
  kernels::SolveTransposed(gram_.data(), x, stride_);
  kernels::Axpy(1.0F, z, x, stride_);
  kernels::SolveUpper(gram_.data(), x, stride_);
  if (biases_) *bias = BiasAt(x) + bias_z / std::sqrt(bias_weight_);
}

float RidgeSystem::BiasAt(const float* x) const {
  const double explained = kernels::Dot(row_sum_.data(), x, stride_);
  return bias_weight_ > 0.0F ? static_cast<float>((target_sum_ - explained) / bias_weight_) : 0.0F;
}

double RidgeSystem::Leverage(float* v) const {
  kernels::Axpy(-1.0F, centre_.data(), v, stride_);
  kernels::SolveTransposed(gram_.data(), v, stride_);
  const double spread = kernels::Dot(v, v, stride_);
  return biases_ ? spread + 1.0 / bias_weight_ : spread;
}

void RidgeSystem::Apply(float* y) const { kernels::SolveFactorized(gram_.data(), y, stride_); }

}  // namespace matfac
