#include "fold_in/variational_rule.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/kernels.h"
#include "base/portable_math.h"
#include "model/feature_means.h"
#include "model/row_priors.h"

namespace matfac {

struct VariationalRule::Regression {
  RidgeSystem system;
  /// s_d and m of the factors, λ_b / t and μ_b; in units of a rating.
  std::vector<float> strength;
  std::vector<float> mean;
  /// What the features add to m.
  std::vector<float> feature_mean;
  float bias_strength;
  float bias_mean;
  std::vector<float> targets;  // r_j − baseline − b_j
};

VariationalRule::VariationalRule(const Model& model)
    : model_(model), preference_(model.HasPreference() ? std::make_unique<PreferenceRule>(model) : nullptr) {}

std::vector<float> VariationalRule::PriorMeans(std::span<const Index> items, std::span<const float> values,
                                               const FeaturesRow& features) const {
  std::vector<float> means(model_.options.factors + 1);
  // The line is drawn through users with ratings and says nothing of those without, who expect the mean.
  if (items.empty()) return means;
  const int columns = RowPriors::FeaturesOf(model_.options);
  std::vector<float> f(columns);
  f[0] = 1.0F;
  if (preference_) std::copy_n(preference_->FoldIn(items, values, features).taken.begin(), columns - 2, f.begin() + 1);
  f[columns - 1] = static_cast<float>(Log(1.0 + static_cast<double>(items.size())));
  const RowPriors priors = RowPriors::OfUsers(model_);
  for (std::size_t d = 0; d < means.size(); ++d) {
    for (int i = 0; i < columns; ++i) means[d] += priors.weights[d * columns + i] * f[i];
  }
  return means;
}

VariationalRule::Regression VariationalRule::RegressionOf(std::span<const Index> items, std::span<const float> values,
                                                          const FeaturesRow& features) const {
  const int stride = model_.Stride();
  const int factors = model_.options.factors;
  const auto scale = static_cast<float>(model_.scale);
  const RowPriors priors = RowPriors::OfUsers(model_);
  const std::vector<float> means = PriorMeans(items, values, features);
  std::vector<float> by_features(factors + 1);
  if (!features.columns.empty()) by_features = FeatureMeans(model_.user_feature_weights, features);
  Regression regression{.system = RidgeSystem(stride, true),
                        .strength = std::vector<float>(stride, 1.0F),
                        .mean = std::vector<float>(stride),
                        .feature_mean = std::vector<float>(stride),
                        .bias_strength = priors.precisions[factors] * priors.noise,
                        .bias_mean = scale * means[factors] + by_features[factors],
                        .targets = std::vector<float>(values.begin(), values.end())};
  for (int d = 0; d < factors; ++d) {
    const float own = scale * priors.precisions[d] * priors.noise;
    regression.strength[d] = own;
    for (const Index item : items) regression.strength[d] += model_.item_variances(item, d);
    regression.feature_mean[d] = by_features[d] * own / regression.strength[d];
    regression.mean[d] = std::sqrt(scale) * means[d] * own / regression.strength[d] + regression.feature_mean[d];
  }
  for (std::size_t j = 0; j < items.size(); ++j) {
    regression.targets[j] -= static_cast<float>(model_.Baseline()) + model_.ItemBias(items[j]);
  }
  const RidgePrior prior{.strength = regression.strength,
                         .mean = regression.mean,
                         .bias_strength = regression.bias_strength,
                         .bias_mean = regression.bias_mean};
  const FactorMatrix rated = model_.ItemFactors().Gathered(items);
  if (!regression.system.Build(rated, {.rows = InOrder(items.size()), .targets = regression.targets}, prior)) {
    ThrowSingular(items.size());
  }
  return regression;
}

std::vector<float> VariationalRule::Variances(std::span<const Index> items, std::span<const float> values,
                                              const FeaturesRow& features) const {
  const int stride = model_.Stride();
  const int factors = model_.options.factors;
  const double noise = model_.scale * model_.scale * RowPriors::OfUsers(model_).noise;
  const Regression regression = RegressionOf(items, values, features);
  std::vector<float> variances(factors + 1);
  std::vector<float> row(stride);
  for (int d = 0; d < factors; ++d) {
    std::ranges::fill(row, 0.0F);
    row[d] = 1.0F;
    regression.system.Apply(row.data());
    variances[d] = static_cast<float>(noise * row[d]);
  }
  // The variance of b + x·0.
  std::ranges::fill(row, 0.0F);
  variances[factors] = static_cast<float>(noise * regression.system.Leverage(row.data()));
  return variances;
}

Profile VariationalRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                                const FeaturesRow& features) const {
  Profile profile{.factors = std::vector<float>(model_.Stride())};
  RegressionOf(items, values, features).system.Solve(profile.factors.data(), &profile.bias);
  return profile;
}

std::vector<float> VariationalRule::Explain(std::span<const Index> items, std::span<const float> values,
                                            const FeaturesRow& features, Index item) const {
  const int stride = model_.Stride();
  const Regression regression = RegressionOf(items, values, features);
  const StoredRows rows = model_.ItemFactors();
  const std::vector<float> row = rows.Copy(item);
  std::vector<float> along = row;
  regression.system.Apply(along.data());
  const float centre = kernels::Dot(regression.system.Centre(), along.data(), stride);
  const float share =
      kernels::DotDifference(row.data(), regression.mean.data(), regression.feature_mean.data(), stride) /
      static_cast<float>(items.size());
  std::vector<float> contributions(items.size());
  for (std::size_t j = 0; j < items.size(); ++j) {
    const float target = regression.targets[j] - regression.bias_mean - rows.Dot(regression.mean.data(), items[j]);
    contributions[j] = share + target * (rows.Dot(along.data(), items[j]) - centre);
  }
  return contributions;
}

std::vector<LatentValue> VariationalRule::Estimate(std::span<const Index> items, std::span<const float> values,
                                                   const FeaturesRow& features, std::span<const Index> asked) const {
  const int stride = model_.Stride();
  const int factors = model_.options.factors;
  const double noise = model_.scale * model_.scale * RowPriors::OfUsers(model_).noise;
  const Regression regression = RegressionOf(items, values, features);
  std::vector<float> user(stride);
  float bias = 0.0F;
  regression.system.Solve(user.data(), &bias);
  std::vector<LatentValue> estimates;
  for (const Index item : asked) {
    std::vector<float> row = model_.ItemFactors().Copy(item);
    const double mean =
        model_.Baseline() + bias + model_.ItemBias(item) + kernels::Dot(user.data(), row.data(), stride);
    double variance = noise * (1.0 + regression.system.Leverage(row.data()));
    for (int d = 0; d < factors; ++d) variance += model_.item_variances(item, d) * user[d] * user[d];
    variance += model_.item_variances(item, factors);
    estimates.push_back({.mean = mean, .variance = variance});
  }
  return estimates;
}

}  // namespace matfac
