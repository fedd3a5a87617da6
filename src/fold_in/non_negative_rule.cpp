#include "fold_in/non_negative_rule.h"

#include <algorithm>

#include "base/errors.h"
#include "base/kernels.h"
#include "rows/non_negative_ridge.h"

namespace matfac {
namespace {

constexpr int kMostSweeps = 1'000;
/// The descent ends when no coordinate changes by more than this share of the largest.
constexpr float kTolerance = 1e-6F;

void CheckNotNegative(std::span<const float> values) {
  for (const float value : values) {
    if (value >= 0.0F) continue;
    ThrowInvalid("rating must be 0 or more for the solver 'nmf'; it is {}", {value});
  }
}

std::vector<float> Descend(const FactorMatrix& rated, std::span<const Index> order, std::span<const float> values,
                           float lambda) {
  std::vector<float> x(rated.cols());
  NonNegativeRidge ridge(static_cast<int>(rated.cols()));
  ridge.Build(rated, order, values, lambda, x.data());
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    const float change = ridge.Sweep(x.data());
    if (change <= kTolerance * std::ranges::max(x)) break;
  }
  return x;
}

/// `row` where x is above zero, else 0.
void CopyActive(const float* row, const std::vector<float>& x, float* to) {
  for (std::size_t f = 0; f < x.size(); ++f) to[f] = x[f] > 0.0F ? row[f] : 0.0F;
}

}  // namespace

Profile NonNegativeRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                                const FeaturesRow& /*features*/) const {
  RidgeSystem system(model_.Stride(), false);
  FactorMatrix rows;
  return {.factors = Solve(items, values, system, rows)};
}

std::vector<float> NonNegativeRule::Explain(std::span<const Index> items, std::span<const float> values,
                                            const FeaturesRow& /*features*/, Index item) const {
  RidgeSystem system(model_.Stride(), false);
  FactorMatrix rows;
  const std::vector<float> x = Solve(items, values, system, rows);
  std::vector<float> weights(x.size());
  CopyActive(model_.ItemFactors().Copy(item).data(), x, weights.data());
  system.Apply(weights.data());
  std::vector<float> contributions(items.size());
  for (std::size_t j = 0; j < items.size(); ++j) {
    contributions[j] = values[j] * kernels::Dot(RowOf(rows, static_cast<Index>(j)), weights.data(), model_.Stride());
  }
  return contributions;
}

std::vector<float> NonNegativeRule::Solve(std::span<const Index> items, std::span<const float> values,
                                          RidgeSystem& system, FactorMatrix& rows) const {
  CheckNotNegative(values);
  const float lambda =
      std::max(StrengthOf(model_, static_cast<Offset>(items.size())).factors, LeastFoldInRegularization(model_));
  const FactorMatrix rated = model_.ItemFactors().Gathered(items);
  const std::vector<Index> order = InOrder(items.size());
  std::vector<float> x = Descend(rated, order, values, lambda);
  rows.resize(rated.rows(), rated.cols());
  // Where the descent stopped early, a factor near zero may leave the set; each round drops at least one.
  while (true) {
    for (const Index j : order) CopyActive(RowOf(rated, j), x, RowOf(rows, j));
    system.Build(rows, order, values, {.factors = lambda});
    system.Solve(x.data(), nullptr);
    const auto below = [](float value) { return value < 0.0F; };
    if (std::ranges::none_of(x, below)) return x;
    std::ranges::replace_if(x, below, 0.0F);
  }
}

}  // namespace matfac
