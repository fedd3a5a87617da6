#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/index.h"
#include "data/features.h"
#include "fold_in/profile.h"
#include "model/model.h"

namespace matfac {

class FoldInRule;
class PreferenceRule;
struct SideBound;

/// Folds visitors into one model, by the rule of its solver. What depends on the model alone is computed once, so the
/// model must outlive this object and stay the same meanwhile.
class Visitors {
 public:
  /// Throws UnsupportedError for a Bayesian model without samples.
  explicit Visitors(const Model& model);
  Visitors(const Visitors&) = delete;
  Visitors(Visitors&&) = delete;
  Visitors& operator=(const Visitors&) = delete;
  Visitors& operator=(Visitors&&) = delete;
  ~Visitors();

  /// The profile that fits a visitor's ratings best, with the items fixed, about the prior mean that the features give.
  /// Features are in columns of user_feature_weights. Items must be known and unique, items.size()
  /// == values.size(); both may be empty. Throws std::invalid_argument for an item outside the model, features that do
  /// not fit it, a value that is not finite, a negative value where the solver takes none, a regularization too small
  /// for float32, and ratings that would give scores beyond float32.
  Profile FoldIn(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features = {}) const;

  /// The amount that each rating contributes to the fold-in score of `item`, in the order of `items`; the contributions
  /// sum to u·v of that score, without features. Has the conditions and errors of FoldIn.
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, Index item,
                             const FeaturesRow& features = {}) const;
  /// The same for the product of the visitor's and the item's vectors of the preference layer; zeros without it.
  std::vector<float> ExplainLiked(std::span<const Index> items, std::span<const float> values, Index item,
                                  const FeaturesRow& features = {}) const;

  /// The posterior standard deviation of the visitor's rating of each of `asked`, the common noise of ratings included
  /// (Uncertainty gives the same for a user). Throws as FoldIn does, std::invalid_argument for an asked item outside
  /// the model, and UnsupportedError for a model without samples.
  std::vector<float> Uncertainty(std::span<const Index> items, std::span<const float> values,
                                 std::span<const Index> asked, const FeaturesRow& features = {}) const;

  /// The probability of each level of each of `asked`, one after the other, in a model of ordered ratings (Distribution
  /// gives those of a user): the visitor's vector is integrated out. Throws as Uncertainty does, and UnsupportedError
  /// for a model of another likelihood.
  std::vector<float> Distributions(std::span<const Index> items, std::span<const float> values,
                                   std::span<const Index> asked, const FeaturesRow& features = {}) const;

 private:
  /// Throws std::invalid_argument for ratings or features that do not fit the model.
  void Check(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features) const;

  const Model& model_;
  std::unique_ptr<const SideBound> item_bound_;
  std::unique_ptr<FoldInRule> rule_;
  std::unique_ptr<PreferenceRule> preference_;
};

/// For one visitor: the results of Visitors, computed for this call only.
Profile FoldIn(const Model& model, std::span<const Index> items, std::span<const float> values);
std::vector<float> Explain(const Model& model, std::span<const Index> items, std::span<const float> values, Index item);

/// r̂ of a profile, not clipped. Needs profile.factors of length model.Stride() and 0 ≤ item < model.ItemCount().
double Score(const Model& model, const Profile& profile, Index item);

/// r̂ clipped to the range; for kUnknown the mean plus the profile's bias. Needs profile.factors of length
/// model.Stride(). Throws std::invalid_argument for any other item outside the model.
double Predict(const Model& model, const Profile& profile, Index item);

}  // namespace matfac
