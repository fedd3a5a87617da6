#pragma once

#include <memory>
#include <span>
#include <vector>

#include "fold_in/profile.h"
#include "model/model.h"

namespace matfac {

/// What the ridge of a visitor's few ratings is at least, where the solver's own would leave F factors undetermined.
inline constexpr float kLeastFoldInRegularization = 0.1F;

/// How a family of solvers folds a visitor in. The model outlives the rule, and stays the same meanwhile.
class FoldInRule {
 public:
  FoldInRule() = default;
  FoldInRule(const FoldInRule&) = delete;
  FoldInRule(FoldInRule&&) = delete;
  FoldInRule& operator=(const FoldInRule&) = delete;
  FoldInRule& operator=(FoldInRule&&) = delete;
  virtual ~FoldInRule() = default;

  /// Items are known and unique, values finite, items.size() == values.size(); empty gives what the model says of a
  /// visitor without ratings.
  virtual Profile FoldIn(std::span<const Index> items, std::span<const float> values) const = 0;
  /// What each rating adds to u·v of FoldIn's score for `item`, in the order of `items`.
  virtual std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, Index item) const = 0;
  /// The posterior standard deviation of the visitor's rating of each of `asked`, as Uncertainty (uncertainty.h) has it
  /// for a user of the model. Asked of models with samples alone.
  virtual std::vector<float> Uncertainty(std::span<const Index> items, std::span<const float> values,
                                         std::span<const Index> asked) const;
};

/// The rule of the model's solver. Throws UnsupportedError for a Bayesian model without samples.
std::unique_ptr<FoldInRule> MakeFoldInRule(const Model& model);

}  // namespace matfac
