#include "fold_in/fold_in.h"

#include <cmath>
#include <utility>

#include "base/errors.h"
#include "base/kernels.h"
#include "fold_in/preference_rule.h"
#include "fold_in/rule.h"
#include "fold_in/uncertainty.h"
#include "model/ordinal.h"
#include "model/sampled_scores.h"
#include "model/score_bound.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

void CheckRatings(const Model& model, std::span<const Index> items, std::span<const float> values) {
  if (items.size() != values.size()) {
    ThrowInvalid("items and ratings must have the same length; they have {} and {}", {items.size(), values.size()});
  }
  for (std::size_t j = 0; j < items.size(); ++j) {
    model.CheckItem(items[j]);
    if (!std::isfinite(values[j])) {
      ThrowInvalid("the rating of item {} must be a finite number; it is {}", {items[j], values[j]});
    }
  }
}

void RequireScores(double bound) { matfac::RequireScores("the ratings of a visitor", bound); }

/// What explains or qualifies a score fits float32 as the score does.
std::vector<float> Finite(std::vector<float> results) {
  RequireScores(LargestSize(results));
  return results;
}

}  // namespace

Visitors::Visitors(const Model& model)
    : model_(model),
      item_bound_(std::make_unique<const SideBound>(ItemBound(model))),
      rule_(MakeFoldInRule(model)),
      preference_(model.HasPreference() ? std::make_unique<PreferenceRule>(model) : nullptr) {}

Visitors::~Visitors() = default;

void Visitors::Check(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features) const {
  CheckRatings(model_, items, values);
  if (features.columns.empty() && features.values.empty()) return;
  const auto columns = static_cast<Index>(model_.user_feature_weights.rows());
  if (columns == 0) {
    ThrowInvalid("features must be left out for a model trained without those of users; they are given");
  }
  CheckFeatures("features", features, columns);
}

Profile Visitors::FoldIn(std::span<const Index> items, std::span<const float> values,
                         const FeaturesRow& features) const {
  Check(items, values, features);
  Profile profile = rule_->FoldIn(items, values, features);
  if (preference_) profile.liked = preference_->FoldIn(items, values, features).liked;
  RequireScores(ScoreBound(model_, RowBound(profile.factors, profile.bias, profile.liked), *item_bound_));
  return profile;
}

std::vector<float> Visitors::Explain(std::span<const Index> items, std::span<const float> values, Index item,
                                     const FeaturesRow& features) const {
  Check(items, values, features);
  model_.CheckItem(item);
  return Finite(rule_->Explain(items, values, features, item));
}

std::vector<float> Visitors::ExplainLiked(std::span<const Index> items, std::span<const float> values, Index item,
                                          const FeaturesRow& features) const {
  Check(items, values, features);
  model_.CheckItem(item);
  return preference_ ? Finite(preference_->Explain(items, values, features, item)) : std::vector<float>(items.size());
}

std::vector<float> Visitors::Uncertainty(std::span<const Index> items, std::span<const float> values,
                                         std::span<const Index> asked, const FeaturesRow& features) const {
  Check(items, values, features);
  CheckPosterior(model_);
  for (const Index item : asked) model_.CheckItem(item);
  std::vector<float> deviations;
  for (const LatentValue& estimate : rule_->Estimate(items, values, features, asked)) {
    deviations.push_back(static_cast<float>(std::sqrt(estimate.variance)));
  }
  return Finite(std::move(deviations));
}

std::vector<float> Visitors::Distributions(std::span<const Index> items, std::span<const float> values,
                                           std::span<const Index> asked, const FeaturesRow& features) const {
  CheckOrdinal(model_);
  Check(items, values, features);
  for (const Index item : asked) model_.CheckItem(item);
  const OrdinalTerms terms = OrdinalTerms::Of(model_);
  std::vector<float> all;
  for (const LatentValue& estimate : rule_->Estimate(items, values, features, asked)) {
    for (const double probability : LevelProbabilities(terms, estimate)) all.push_back(static_cast<float>(probability));
  }
  return all;
}

Profile FoldIn(const Model& model, std::span<const Index> items, std::span<const float> values) {
  return Visitors(model).FoldIn(items, values);
}

std::vector<float> Explain(const Model& model, std::span<const Index> items, std::span<const float> values,
                           Index item) {
  return Visitors(model).Explain(items, values, item);
}

double Score(const Model& model, const Profile& profile, Index item) {
  return model.Baseline() + profile.bias + model.ItemBias(item) + model.ItemFactors().Dot(profile.factors.data(), item);
}

double Predict(const Model& model, const Profile& profile, Index item) {
  if (IsOrdinal(model.options)) {
    LatentValue value = LatentOf(model, kUnknown, item);
    value.mean += profile.bias;
    if (item != kUnknown) {
      value = {.mean = Score(model, profile, item),
               .variance = model.scale * model.scale + ScoreVariance(model, profile.factors.data(), item)};
    }
    return ExpectedRating(OrdinalTerms::Of(model), value);
  }
  if (item == kUnknown) return model.Clip((IsImplicit(model.options.solver) ? 0.0 : model.mean) + profile.bias);
  model.CheckItem(item);
  return model.Clip(Score(model, profile, item));
}

}  // namespace matfac
