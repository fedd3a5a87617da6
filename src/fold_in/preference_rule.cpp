#include "fold_in/preference_rule.h"

#include "fold_in/rule.h"
#include "model/feature_means.h"

namespace matfac {

class PreferenceRule::VisitorRow {
 public:
  VisitorRow(const PreferenceRule& rule, std::span<const Index> items, std::span<const float> values,
             const FeaturesRow& features)
      : rated_(rule.model_.TakenItems().Gathered(items)),
        order_(InOrder(items.size())),
        row_(static_cast<int>(rated_.cols())) {
    std::vector<float> by_features;
    if (!features.columns.empty()) {
      by_features.resize(rated_.cols());
      AddFeatureMeans(rule.model_.user_feature_liked, features, 1.0F, by_features.data());
    }
    row_.Build({rated_, rule.model_.ItemCount(), rule.gram_.Data(), rule.terms_, rule.terms_.population, by_features},
               order_, values);
  }
  VisitorRow(const VisitorRow&) = delete;
  VisitorRow(VisitorRow&&) = delete;
  VisitorRow& operator=(const VisitorRow&) = delete;
  VisitorRow& operator=(VisitorRow&&) = delete;
  ~VisitorRow() = default;

  const PreferenceRow& Row() const { return row_; }

 private:
  FactorMatrix rated_;
  std::vector<Index> order_;
  PreferenceRow row_;
};

PreferenceRule::PreferenceRule(const Model& model)
    : model_(model), terms_(PreferenceTerms::Of(model)), gram_(GramOf(model.TakenItems())) {}

PreferenceRule::Vectors PreferenceRule::FoldIn(std::span<const Index> items, std::span<const float> values,
                                               const FeaturesRow& features) const {
  const auto stride = static_cast<std::size_t>(model_.taken_items.cols());
  Vectors vectors{.taken = std::vector<float>(stride), .liked = std::vector<float>(stride)};
  VisitorRow(*this, items, values, features).Row().Solve(vectors.taken.data(), vectors.liked.data());
  return vectors;
}

std::vector<float> PreferenceRule::Explain(std::span<const Index> items, std::span<const float> values,
                                           const FeaturesRow& features, Index item) const {
  return VisitorRow(*this, items, values, features).Row().Contributions(model_.LikedItems().Copy(item).data());
}

}  // namespace matfac
