#include "fold_in/ridge_rule.h"

#include <algorithm>
#include <cmath>

#include "base/kernels.h"
#include "model/feature_means.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

RidgeStrength FoldInStrength(const Model& model, std::size_t count) {
  RidgeStrength strength = StrengthOf(model, static_cast<Offset>(count));
  if (TraitsOf(model.options.solver).needs_regularization) return strength;
  strength.factors = std::max(strength.factors, LeastFoldInRegularization(model));
  strength.bias = std::max(strength.bias, kLeastFoldInRegularization);
  return strength;
}

}  // namespace

Profile RidgeRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                          const FeaturesRow& features) const {
  const Profile start = Start(items, features);
  Profile profile{.factors = std::vector<float>(model_.Stride())};
  System(items, Targets(items, values, start)).Solve(profile.factors.data(), &profile.bias);
  kernels::Axpy(1.0F, start.factors.data(), profile.factors.data(), model_.Stride());
  profile.bias += start.bias;
  return profile;
}

std::vector<float> RidgeRule::Explain(std::span<const Index> items, std::span<const float> values,
                                      const FeaturesRow& features, Index item) const {
  const int stride = model_.Stride();
  const std::vector<float> targets = Targets(items, values, Start(items, features));
  const RidgeSystem system = System(items, targets);
  const StoredRows rows = model_.ItemFactors();
  const StoredRows implicit = model_.ItemImplicit();
  const std::vector<float> row = rows.Copy(item);
  std::vector<float> weights = row;
  system.Apply(weights.data());
  const float centre = kernels::Dot(system.Centre(), weights.data(), stride);
  const float implicit_weight = 1.0F / std::sqrt(static_cast<float>(items.size()));
  std::vector<float> contributions(items.size());
  for (std::size_t j = 0; j < items.size(); ++j) {
    const float along = rows.Dot(weights.data(), items[j]);
    contributions[j] = targets[j] * (along - centre);
    if (implicit.Count() == 0) continue;
    contributions[j] += implicit_weight * implicit.Dot(row.data(), items[j]);
  }
  return contributions;
}

Profile RidgeRule::Start(std::span<const Index> items, const FeaturesRow& features) const {
  Profile start{.factors = std::vector<float>(model_.Stride())};
  AddImplicitPart(model_, items, 1.0F, start.factors.data());
  if (features.columns.empty()) return start;
  const std::vector<float> means = FeatureMeans(model_.user_feature_weights, features);
  std::copy_n(means.begin(), model_.options.factors, start.factors.begin());
  if (model_.options.biases) start.bias = means.back();
  return start;
}

std::vector<float> RidgeRule::Targets(std::span<const Index> items, std::span<const float> values,
                                      const Profile& start) const {
  const StoredRows rows = model_.ItemFactors();
  std::vector<float> targets(values.size());
  for (std::size_t j = 0; j < targets.size(); ++j) {
    targets[j] = values[j] - static_cast<float>(model_.Baseline()) - model_.ItemBias(items[j]) -
                 rows.Dot(start.factors.data(), items[j]) - start.bias;
  }
  return targets;
}

RidgeSystem RidgeRule::System(std::span<const Index> items, std::span<const float> targets) const {
  RidgeSystem system(model_.Stride(), model_.options.biases);
  system.Build(model_.ItemFactors().Gathered(items), InOrder(items.size()), targets,
               FoldInStrength(model_, items.size()));
  return system;
}

}  // namespace matfac
