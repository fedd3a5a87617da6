#pragma once

#include "fold_in/rule.h"
#include "rows/ridge.h"

namespace matfac {

/// als, sgd, gradient-descent, svd++ and bias: the ridge regression of the visitor's ratings on the items' factors,
/// with the solver's own regularization. For als this is exactly the half-step of training. For the others the
/// regularization is raised to kLeastFoldInRegularization where it is smaller, because a few ratings do not determine F
/// factors.
///
/// svd++ has u = p + s with s = Σ_j y_j / √n, and p is the regression on the residuals of s. With features s is the
/// prior mean of the factors, and the bias has one too.
///
/// The score is linear in the ratings once the items are fixed (Hu, Koren and Volinsky 2008, section 5):
///   u = s + S⁻¹ Σ_j t_j (v_j − c̄)  ⇒  u·v = Σ_j [ y_j·v / √n + t_j (v_j − c̄)ᵀ S⁻¹ v ]
class RidgeRule final : public FoldInRule {
 public:
  explicit RidgeRule(const Model& model) : model_(model) {}

  Profile FoldIn(std::span<const Index> items, std::span<const float> values,
                 const FeaturesRow& features) const override;
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                             Index item) const override;

 private:
  /// s, zeros in a model without implicit terms and features, and the prior mean of the bias.
  Profile Start(std::span<const Index> items, const FeaturesRow& features) const;
  std::vector<float> Targets(std::span<const Index> items, std::span<const float> values, const Profile& start) const;
  RidgeSystem System(std::span<const Index> items, std::span<const float> targets) const;

  const Model& model_;
};

}  // namespace matfac
