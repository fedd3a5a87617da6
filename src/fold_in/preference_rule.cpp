#include "fold_in/preference_rule.h"

#include "model/feature_means.h"

namespace matfac {

PreferenceRule::PreferenceRule(const Model& model)
    : model_(model), terms_(PreferenceTerms::Of(model)), gram_(GramOf(model.taken_items)) {}

PreferenceRule::Vectors PreferenceRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                                               const FeaturesRow& features) const {
  const auto stride = static_cast<std::size_t>(model_.taken_items.cols());
  Vectors vectors{.taken = std::vector<float>(stride), .liked = std::vector<float>(stride)};
  RowOfVisitor(items, values, features).Solve(vectors.taken.data(), vectors.liked.data());
  return vectors;
}

std::vector<float> PreferenceRule::Explain(std::span<const Index> items, std::span<const float> values,
                                           const FeaturesRow& features, Index item) const {
  return RowOfVisitor(items, values, features).Contributions(RowOf(model_.liked_items, item));
}

PreferenceRow PreferenceRule::RowOfVisitor(std::span<const Index> items, std::span<const float> values,
                                           const FeaturesRow& features) const {
  std::vector<float> by_features;
  if (!features.columns.empty()) {
    by_features.resize(model_.taken_items.cols());
    AddFeatureMeans(model_.user_feature_liked, features, 1.0F, by_features.data());
  }
  PreferenceRow row(static_cast<int>(model_.taken_items.cols()));
  row.Build({model_.taken_items, gram_.Data(), terms_, terms_.population, by_features}, items, values);
  return row;
}

}  // namespace matfac
