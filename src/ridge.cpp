#include "ridge.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "kernels.h"

namespace matfac {
namespace {

/// Rows gathered at a time, so that they stay in the first-level cache while every tile of the Gram matrix visits them.
constexpr int kBlockRows = 64;

}  // namespace

RidgeStrength StrengthOf(const ModelOptions& options, Offset count) {
  const auto lambda = static_cast<float>(options.regularization);
  const auto bias = static_cast<float>(options.BiasRegularization());
  const auto weight = static_cast<float>(std::max<Offset>(count, 1));
  switch (options.solver) {
    case SolverKind::kGradientDescent:
      return {.factors = lambda, .bias = bias};
    case SolverKind::kSgd:
    case SolverKind::kNmf:
      return {.factors = lambda * weight, .bias = bias * weight};
    case SolverKind::kSvdpp:
      return {.factors = lambda * static_cast<float>(count), .bias = bias * static_cast<float>(count)};
    case SolverKind::kAls:
      return {.factors = lambda * std::sqrt(weight), .bias = bias * std::sqrt(weight)};
    case SolverKind::kBayesian:
    case SolverKind::kImplicitAls:
    case SolverKind::kBpr:
      break;
  }
  throw std::logic_error("no ridge for " + std::string(SolverName(options.solver)));
}

RidgeSystem::RidgeSystem(int stride, bool biases)
    : stride_(stride),
      biases_(biases),
      gram_(static_cast<std::size_t>(stride) * stride),
      row_sum_(stride),
      centre_(stride),
      right_side_(stride),
      block_(static_cast<std::size_t>(kBlockRows) * stride) {}

void RidgeSystem::Build(const FactorMatrix& others, std::span<const Index> rows, std::span<const float> targets,
                        RidgeStrength strength) {
  std::ranges::fill(gram_, 0.0F);
  std::ranges::fill(row_sum_, 0.0F);
  std::ranges::fill(centre_, 0.0F);
  std::ranges::fill(right_side_, 0.0F);
  target_sum_ = 0.0;
  for (std::size_t begin = 0; begin < rows.size(); begin += kBlockRows) {
    const int count = static_cast<int>(std::min<std::size_t>(kBlockRows, rows.size() - begin));
    for (int n = 0; n < count; ++n) {
      float* copy = block_.data() + n * stride_;
      std::copy_n(RowOf(others, rows[begin + n]), stride_, copy);
      kernels::Axpy(targets[begin + n], copy, right_side_.data(), stride_);
      if (biases_) kernels::Axpy(1.0F, copy, row_sum_.data(), stride_);
      target_sum_ += targets[begin + n];
    }
    kernels::AddOuterProducts(gram_.data(), block_.data(), count, stride_);
  }
  bias_weight_ = static_cast<float>(rows.size()) + strength.bias;
  if (biases_ && bias_weight_ > 0.0F) {
    kernels::Axpy(1.0F / bias_weight_, row_sum_.data(), centre_.data(), stride_);
    for (int i = 0; i < stride_; ++i) kernels::Axpy(-row_sum_[i], centre_.data(), gram_.data() + i * stride_, stride_);
    kernels::Axpy(static_cast<float>(-target_sum_), centre_.data(), right_side_.data(), stride_);
  }
  for (int i = 0; i < stride_; ++i) gram_[i * stride_ + i] += strength.factors;
  if (!kernels::Factorize(gram_.data(), stride_)) {
    throw std::invalid_argument("regularization is too small for these ratings: the normal equations of a row with " +
                                std::to_string(rows.size()) + " ratings are singular in float32");
  }
}

void RidgeSystem::Solve(float* x, float* bias) const {
  std::ranges::copy(right_side_, x);
  Apply(x);
  if (!biases_) return;
  const double explained = kernels::Dot(row_sum_.data(), x, stride_);
  *bias = bias_weight_ > 0.0F ? static_cast<float>((target_sum_ - explained) / bias_weight_) : 0.0F;
}

void RidgeSystem::Apply(float* y) const { kernels::SolveFactorized(gram_.data(), y, stride_); }

}  // namespace matfac
