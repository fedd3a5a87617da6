#include "rows/preference_row.h"

#include <algorithm>

#include "base/kernels.h"
#include "base/positive_definite.h"

namespace matfac {
namespace {

/// The number of ratings that weighs as much as the population.
constexpr float kPopulation = 3.0F;

/// y of a rating, z standard deviations from the mean.
float LikedTarget(float z, float newness) {
  constexpr float kSlope = 0.15F;
  constexpr float kDislike = 0.2F;
  constexpr float kNewDislike = 3.0F;
  return 1.0F + kSlope * z + (kDislike + kNewDislike * newness) * std::min(0.0F, z + 1.0F);
}

}  // namespace

PreferenceRow::PreferenceRow(int stride) : stride_(stride), ridge_(stride), population_(stride), mean_(stride) {}

void PreferenceRow::Build(const Side& side, std::span<const Index> observed, std::span<const float> ratings) {
  others_ = &side.others;
  observed_ = observed;
  const auto count = static_cast<float>(observed.size());
  const float confidence = side.terms.confidence;
  weights_.assign(observed.size(), confidence);
  ridge_.Build({.others = side.others,
                .gram = side.gram,
                .observed = observed,
                .weights = weights_,
                .regularization = side.terms.regularization * (static_cast<float>(side.count) + confidence * count)});
  const bool has_mean = !side.population.empty() || !side.features.empty();
  const float newness = has_mean ? kPopulation / (kPopulation + count) : 0.0F;
  std::ranges::fill(population_, 0.0F);
  if (!side.population.empty()) kernels::Axpy(newness, side.population.data(), population_.data(), stride_);
  mean_ = population_;
  if (!side.features.empty()) kernels::Axpy(newness, side.features.data(), mean_.data(), stride_);
  pulls_.resize(observed.size());
  for (std::size_t j = 0; j < observed.size(); ++j) {
    const float expected = has_mean ? kernels::Dot(mean_.data(), RowOf(side.others, observed[j]), stride_) : 0.0F;
    pulls_[j] = confidence * (LikedTarget(side.terms.Standardized(ratings[j]), newness) - expected);
  }
}

void PreferenceRow::Solve(float* taken, float* liked) const {
  if (observed_.empty()) {
    std::ranges::copy(mean_, taken);
    std::ranges::copy(mean_, liked);
    return;
  }
  std::ranges::copy(ridge_.RightSide(), taken);
  Apply(taken);
  std::fill_n(liked, stride_, 0.0F);
  for (std::size_t j = 0; j < observed_.size(); ++j) {
    kernels::Axpy(pulls_[j], RowOf(*others_, observed_[j]), liked, stride_);
  }
  Apply(liked);
  kernels::Axpy(1.0F, mean_.data(), liked, stride_);
}

void PreferenceRow::Apply(float* y) const {
  kernels::SolveTransposed(ridge_.Upper(), y, stride_);
  kernels::SolveUpper(ridge_.Upper(), y, stride_);
}

std::vector<float> PreferenceRow::Contributions(const float* v) const {
  std::vector<float> along(v, v + stride_);
  Apply(along.data());
  const float share =
      observed_.empty() ? 0.0F : kernels::Dot(population_.data(), v, stride_) / static_cast<float>(observed_.size());
  std::vector<float> contributions(observed_.size());
  for (std::size_t j = 0; j < observed_.size(); ++j) {
    contributions[j] = share + pulls_[j] * kernels::Dot(RowOf(*others_, observed_[j]), along.data(), stride_);
  }
  return contributions;
}

}  // namespace matfac
