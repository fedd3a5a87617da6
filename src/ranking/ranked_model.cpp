#include "ranking/ranked_model.h"

#include <algorithm>
#include <limits>

#include "base/kernels.h"
#include "model/preference_terms.h"

namespace matfac {
namespace {

/// [liked | weight · factors]
FactorMatrix Joined(const FactorMatrix& liked, const FactorMatrix& factors, float weight) {
  FactorMatrix joined(factors.rows(), liked.cols() + factors.cols());
  for (Index row = 0; row < factors.rows(); ++row) {
    float* const to = RowOf(joined, row);
    std::copy_n(RowOf(liked, row), liked.cols(), to);
    std::transform(RowOf(factors, row), RowOf(factors, row) + factors.cols(), to + liked.cols(),
                   [weight](float x) { return weight * x; });
  }
  return joined;
}

std::vector<float> Scaled(std::vector<float> numbers, float weight) {
  for (float& number : numbers) number *= weight;
  return numbers;
}

}  // namespace

Model PreferenceModel(const Model& model) {
  constexpr float kEndless = std::numeric_limits<float>::infinity();
  const float weight = PreferenceTerms::Of(model).RatingWeight();
  Model ranked;
  ranked.options = {.solver = SolverKind::kImplicitAls};
  ranked.user_factors = Joined(model.liked_users, model.user_factors, 1.0F);
  ranked.item_factors = Joined(model.liked_items, model.item_factors, weight);
  if (model.item_codes.Count() > 0) ranked.item_codes = QuantizedMatrix(model.liked_codes, model.item_codes, weight);
  ranked.user_bias = Scaled(model.user_bias, weight);
  ranked.item_bias = Scaled(model.item_bias, weight);
  ranked.minimum = -kEndless;
  ranked.maximum = kEndless;
  return ranked;
}

Profile PreferenceProfile(const Model& model, const Profile& profile) {
  Profile ranked{.factors = profile.liked, .bias = PreferenceTerms::Of(model).RatingWeight() * profile.bias};
  ranked.factors.insert(ranked.factors.end(), profile.factors.begin(), profile.factors.end());
  return ranked;
}

std::vector<float> ExplainScore(const Model& model, const Visitors& visitors, RankBy by, std::span<const Index> items,
                                std::span<const float> values, Index item, const FeaturesRow& features) {
  std::vector<float> contributions = visitors.Explain(items, values, item, features);
  if (by == RankBy::kRating || !model.HasPreference()) return contributions;
  const std::vector<float> liked = visitors.ExplainLiked(items, values, item, features);
  const float weight = PreferenceTerms::Of(model).RatingWeight();
  for (std::size_t j = 0; j < liked.size(); ++j) contributions[j] = liked[j] + weight * contributions[j];
  return contributions;
}

StoredRows SimilarityOf(const Model& model) { return model.HasPreference() ? model.TakenItems() : model.ItemFactors(); }

}  // namespace matfac
