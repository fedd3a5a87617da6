#pragma once

#include <memory>
#include <span>
#include <vector>

#include "data/features.h"
#include "fold_in/profile.h"
#include "model/model.h"
#include "model/ordinal.h"

namespace matfac {

/// The least regularization of a visitor's few ratings, on standardized ratings, where the solver's own would leave F
/// factors undetermined.
inline constexpr float kLeastFoldInRegularization = 0.1F;
/// That of factors in the model's units of a rating.
inline float LeastFoldInRegularization(const Model& model) {
  return kLeastFoldInRegularization * static_cast<float>(model.scale);
}

/// 0 … count − 1: the rows of what Gathered gives for so many.
std::vector<Index> InOrder(std::size_t count);

/// Folds a visitor into the models of a family of solvers. The model must outlive the rule and stay the same.
class FoldInRule {
 public:
  FoldInRule() = default;
  FoldInRule(const FoldInRule&) = delete;
  FoldInRule(FoldInRule&&) = delete;
  FoldInRule& operator=(const FoldInRule&) = delete;
  FoldInRule& operator=(FoldInRule&&) = delete;
  virtual ~FoldInRule() = default;

  /// Needs items that are known and unique, finite values, and items.size() == values.size(). Without ratings it gives
  /// the model's profile of a visitor without ratings. The visitor's features are columns of the weights of the model.
  virtual Profile FoldIn(std::span<const Index> items, std::span<const float> values,
                         const FeaturesRow& features) const = 0;
  /// The amount that each rating adds to u·v of FoldIn's score for `item`, in the order of `items`. What is left of it
  /// comes from the features.
  virtual std::vector<float> Explain(std::span<const Index> items, std::span<const float> values,
                                     const FeaturesRow& features, Index item) const = 0;
  /// The posterior mean and variance of the visitor's rating of each of `asked`, of its latent value in a model of
  /// ordered ratings, with the common noise included. Needs a model with a posterior.
  virtual std::vector<LatentValue> Estimate(std::span<const Index> items, std::span<const float> values,
                                            const FeaturesRow& features, std::span<const Index> asked) const;
};

/// The rule of the model's solver. Throws UnsupportedError for a Bayesian model without samples.
std::unique_ptr<FoldInRule> MakeFoldInRule(const Model& model);

}  // namespace matfac
