#include "fold_in/implicit_rule.h"

#include <algorithm>

#include "fold_in/popular_profile.h"
#include "model/feature_means.h"

namespace matfac {

Profile ImplicitRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                             const FeaturesRow& features) const {
  std::vector<float> weights;
  const ImplicitRidge system = System(items, values, features, weights);
  if (std::ranges::none_of(weights, [](float weight) { return weight > 0.0F; })) {
    return features.columns.empty() ? PopularProfile(model_) : Profile{.factors = PriorMean(features)};
  }
  Profile profile{.factors = std::vector<float>(model_.Stride())};
  system.Solve(profile.factors.data());
  return profile;
}

std::vector<float> ImplicitRule::Explain(std::span<const Index> items, std::span<const float> values,
                                         const FeaturesRow& features, Index item) const {
  std::vector<float> contributions;
  const ImplicitRidge system = System(items, values, features, contributions);
  const StoredRows rows = model_.ItemFactors();
  std::vector<float> along = rows.Copy(item);
  system.Apply(along.data());
  for (std::size_t j = 0; j < items.size(); ++j) {
    contributions[j] *= rows.Dot(along.data(), items[j]);
  }
  return contributions;
}

ImplicitRidge ImplicitRule::System(std::span<const Index> items, std::span<const float> values,
                                   const FeaturesRow& features, std::vector<float>& weights) const {
  RequireWeights(model_.options.solver, values);
  RecurringWeights by_rating(model_.options.weights);
  const float regularization =
      WeighRow(model_, {.items = items, .ratings = values}, model_.ItemCount(), by_rating, weights);
  const std::vector<float> mean = PriorMean(features);
  ImplicitRidge system(model_.Stride());
  const FactorMatrix rows = model_.ItemFactors().Gathered(items);
  const std::vector<Index> order = InOrder(items.size());
  system.Build({.others = rows,
                .gram = gram_.Data(),
                .observed = order,
                .weights = weights,
                .regularization = regularization,
                .mean = mean.empty() ? nullptr : mean.data()});
  return system;
}

std::vector<float> ImplicitRule::PriorMean(const FeaturesRow& features) const {
  if (features.columns.empty()) return {};
  std::vector<float> mean = FeatureMeans(model_.user_feature_weights, features);
  mean.back() = 0.0F;
  mean.resize(model_.Stride());
  return mean;
}

}  // namespace matfac
