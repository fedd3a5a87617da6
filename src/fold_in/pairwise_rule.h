#pragma once

#include "fold_in/rule.h"

namespace matfac {

/// bpr: the objective of training for one user, with the items fixed. Each of the n rated items i is compared with K
/// unrated items j, spread evenly over the unrated items rather than drawn, so that the same ratings give the same
/// profile:
///   L(u) = 1/K Σ_p −ln σ(d_p) + ½ Λ ‖u − m‖²,  Λ = max(λ n, kLeastFoldInRegularization)
///   d_p = b_i − b_j + u·x_p,  x_p = v_i − v_j
/// L is convex, and the second derivative of −ln σ is at most ¼: each step minimizes a quadratic that touches L from
/// above, so that L falls with every step (Böhning and Lindsay 1988), and one factorization serves all steps:
///   u ← H⁻¹ [1/K Σ_p (¼ u·x_p + g_p) x_p + Λ m]
///   H = 1/(4 K) Σ_p x_p x_pᵀ + Λ I,  g_p = 1 − σ(d_p)
/// The last step gives what each rated item adds to u·v: 1/K Σ_p (¼ u·x_p + g_p) x_pᵀ H⁻¹ v over its own pairs.
/// The values of the ratings do not matter, as in training. The prior mean m is that of the visitor's features, 0
/// without. Without ratings u = m, and without features too the biases of the items rank; in a model without biases u
/// is then the mean of its users, 0 in one that holds no users.
class PairwiseRule final : public FoldInRule {
 public:
  explicit PairwiseRule(const Model& model) : model_(model) {}

  Profile FoldIn(std::span<const Index> items, std::span<const float> values,
                 const FeaturesRow& features) const override;
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                             Index item) const override;

 private:
  struct Fit;

  Fit FitTo(std::span<const Index> items, const FeaturesRow& features) const;
  void AddPair(Index rated, Index other, Fit& fit) const;

  const Model& model_;
};

}  // namespace matfac
