#include "rows/implicit_ridge.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "base/errors.h"
#include "base/kernels.h"
#include "base/portable_math.h"
#include "base/positive_definite.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

/// Rows gathered at a time, so that they stay in the first-level cache while every tile of the matrix visits them.
constexpr std::size_t kBlockRows = 64;

}  // namespace

void RequireWeights(SolverKind solver, std::span<const float> ratings) {
  const auto bad = std::ranges::find_if(ratings, [](float rating) { return !(rating >= 0.0F); });
  if (bad == ratings.end()) return;
  ThrowInvalid("rating must be 0 or more for the solver '{}', which takes ratings as weights; it is {}",
               {SolverName(solver), *bad});
}

float WeightOf(Weights weights, float rating) {
  switch (weights) {
    case Weights::kRaw:
      return rating;
    case Weights::kLog:
      return static_cast<float>(std::numbers::log2e * Log(1.0 + rating));
    case Weights::kNone:
      break;
  }
  return 1.0F;
}

float RecurringWeights::Of(float rating) {
  if (weights_ == Weights::kNone) return 1.0F;
  const auto bits = std::bit_cast<std::uint32_t>(rating);
  Entry& entry = entries_[bits * 0x9E3779B1U >> 26];  // Fibonacci hashing (Knuth 1998, section 6.4)
  if (entry.rating != bits) entry = {.rating = bits, .weight = WeightOf(weights_, rating)};
  return entry.weight;
}

float WeighRow(const Model& model, const ObservedPairs& pairs, Index others, RecurringWeights& by_rating,
               std::vector<float>& weights) {
  const ModelOptions& options = model.options;
  const auto confidence = static_cast<float>(options.confidence);
  weights.resize(pairs.ratings.size());
  double sum = others;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    weights[j] = confidence * by_rating.Of(pairs.ratings[j]);
    if (!model.item_weights.empty()) weights[j] *= model.item_weights[pairs.items[pairs.items.size() > 1 ? j : 0]];
    sum += weights[j];
  }
  return static_cast<float>(options.regularization * sum);
}

ImplicitRidge::ImplicitRidge(int stride)
    : stride_(stride),
      matrix_(static_cast<std::size_t>(stride) * stride),
      right_side_(stride),
      block_(kBlockRows * stride) {}

void ImplicitRidge::Build(const ImplicitRow& row) {
  std::copy_n(row.gram, matrix_.size(), matrix_.data());
  std::ranges::fill(right_side_, 0.0F);
  for (int i = 0; i < stride_; ++i) matrix_[i * stride_ + i] += row.regularization;
  if (row.mean != nullptr) kernels::Axpy(row.regularization, row.mean, right_side_.data(), stride_);
  for (std::size_t begin = 0; begin < row.observed.size(); begin += kBlockRows) {
    const int count = static_cast<int>(std::min(kBlockRows, row.observed.size() - begin));
    for (int n = 0; n < count; ++n) {
      const float root = std::sqrt(row.weights[begin + n]);
      float* scaled = block_.data() + n * stride_;
      std::copy_n(RowOf(row.others, row.observed[begin + n]), stride_, scaled);
      kernels::Scale(root, scaled, stride_);
      kernels::Axpy(root, scaled, right_side_.data(), stride_);
    }
    kernels::AddOuterProducts(matrix_.data(), block_.data(), count, stride_);
  }
  if (!kernels::Factorize(matrix_.data(), stride_)) ThrowSingular(row.observed.size());
}

void ImplicitRidge::Solve(float* x) const {
  std::ranges::copy(right_side_, x);
  Apply(x);
}

void ImplicitRidge::Apply(float* y) const { kernels::SolveFactorized(matrix_.data(), y, stride_); }

double ObservedLoss(const ImplicitRow& row, const float* x) {
  const int stride = static_cast<int>(row.others.cols());
  double sum = 0.0;
  for (std::size_t j = 0; j < row.observed.size(); ++j) {
    const double residual = 1.0 - kernels::Dot(x, RowOf(row.others, row.observed[j]), stride);
    sum += row.weights[j] * residual * residual;
  }
  return sum;
}

}  // namespace matfac
