#include "fold_in/pairwise_rule.h"

#include <algorithm>

#include "base/kernels.h"
#include "base/portable_math.h"
#include "base/positive_definite.h"
#include "model/feature_means.h"
#include "rows/implicit_ridge.h"
#include "rows/ridge.h"

namespace matfac {
namespace {

/// The fewest pairs, however few ratings there are.
constexpr std::size_t kLeastPairs = 512;
/// More steps did not improve the ranking for held-out users.
constexpr int kSteps = 20;

/// The items not in `items`, in ascending order.
std::vector<Index> Unrated(std::span<const Index> items, Index item_count) {
  std::vector<bool> rated(item_count);
  for (const Index item : items) rated[item] = true;
  std::vector<Index> unrated;
  for (Index item = 0; item < item_count; ++item) {
    if (!rated[item]) unrated.push_back(item);
  }
  return unrated;
}

Profile MeanUser(const Model& model) {
  Profile mean{.factors = std::vector<float>(model.Stride())};
  const float share = 1.0F / static_cast<float>(std::max(model.UserCount(), 1));
  for (Index user = 0; user < model.UserCount(); ++user) {
    kernels::Axpy(share, RowOf(model.user_factors, user), mean.factors.data(), model.Stride());
  }
  return mean;
}

}  // namespace

/// The pairs of one visitor, pair p for rated item p mod n, and the state of the steps.
struct PairwiseRule::Fit {
  int stride = 0;
  std::vector<float> differences;  // x, one row per pair
  std::vector<float> bias_gaps;    // b_i − b_j
  std::vector<float> matrix;       // H, factorized
  std::vector<float> factors;      // u
  std::vector<float> pull;         // m, then Λ m
  std::vector<float> room;         // of an item's row
  std::vector<float> pulls;        // (¼ u·x_p + g_p) / K, from the u before the last step

  int Pairs() const { return static_cast<int>(bias_gaps.size()); }
  const float* Difference(int pair) const { return differences.data() + static_cast<std::size_t>(pair) * stride; }

  void Factorize(float pair_weight, float regularization) {
    kernels::Scale(regularization, pull.data(), stride);
    pulls.resize(bias_gaps.size());
    matrix.resize(static_cast<std::size_t>(stride) * stride);
    kernels::AddOuterProducts(matrix.data(), differences.data(), Pairs(), stride);
    kernels::Scale(0.25F * pair_weight, matrix.data(), static_cast<int>(matrix.size()));
    for (int i = 0; i < stride; ++i) matrix[i * stride + i] += regularization;
    if (!kernels::Factorize(matrix.data(), stride)) ThrowSingular(bias_gaps.size());
  }

  void Step(float pair_weight) {
    for (int p = 0; p < Pairs(); ++p) {
      const float along = kernels::Dot(factors.data(), Difference(p), stride);
      const double odds = ExpForFloat(bias_gaps[p] + along);
      pulls[p] = pair_weight * (0.25F * along + static_cast<float>(1.0 / (1.0 + odds)));
    }
    factors = pull;
    for (int p = 0; p < Pairs(); ++p) kernels::Axpy(pulls[p], Difference(p), factors.data(), stride);
    kernels::SolveFactorized(matrix.data(), factors.data(), stride);
  }
};

Profile PairwiseRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                             const FeaturesRow& features) const {
  RequireWeights(model_.options.solver, values);
  if (items.empty() && features.columns.empty() && !model_.options.biases) return MeanUser(model_);
  return {.factors = FitTo(items, features).factors};
}

std::vector<float> PairwiseRule::Explain(std::span<const Index> items, std::span<const float> values,
                                         const FeaturesRow& features, Index item) const {
  RequireWeights(model_.options.solver, values);
  const Fit fit = FitTo(items, features);
  std::vector<float> along = model_.ItemFactors().Copy(item);
  std::vector<float> contributions(items.size());
  if (fit.Pairs() == 0) return contributions;
  kernels::SolveFactorized(fit.matrix.data(), along.data(), fit.stride);
  for (int p = 0; p < fit.Pairs(); ++p) {
    contributions[p % items.size()] += fit.pulls[p] * kernels::Dot(fit.Difference(p), along.data(), fit.stride);
  }
  return contributions;
}

PairwiseRule::Fit PairwiseRule::FitTo(std::span<const Index> items, const FeaturesRow& features) const {
  Fit fit{.stride = model_.Stride(), .factors = std::vector<float>(model_.Stride())};
  if (!features.columns.empty()) {
    const std::vector<float> means = FeatureMeans(model_.user_feature_weights, features);
    std::copy_n(means.begin(), model_.options.factors, fit.factors.begin());
  }
  fit.pull = fit.factors;
  const std::vector<Index> unrated = Unrated(items, model_.ItemCount());
  if (items.empty() || unrated.empty()) return fit;
  const std::size_t per_item = (kLeastPairs + items.size() - 1) / items.size();
  const std::size_t pairs = per_item * items.size();
  for (std::size_t p = 0; p < pairs; ++p) {
    const auto spread = static_cast<std::size_t>((2 * std::uint64_t{p} + 1) * unrated.size() / (2 * pairs));
    AddPair(items[p % items.size()], unrated[spread], fit);
  }
  const auto pair_weight = 1.0F / static_cast<float>(per_item);
  const float ridge = static_cast<float>(model_.options.regularization) * static_cast<float>(items.size());
  fit.Factorize(pair_weight, std::max(ridge, kLeastFoldInRegularization));
  for (int step = 0; step < kSteps; ++step) fit.Step(pair_weight);
  return fit;
}

void PairwiseRule::AddPair(Index rated, Index other, Fit& fit) const {
  const StoredRows rows = model_.ItemFactors();
  const float* row = rows.Row(rated, fit.room);
  fit.differences.insert(fit.differences.end(), row, row + fit.stride);
  kernels::Axpy(-1.0F, rows.Row(other, fit.room), &*(fit.differences.end() - fit.stride), fit.stride);
  fit.bias_gaps.push_back(model_.ItemBias(rated) - model_.ItemBias(other));
}

}  // namespace matfac
