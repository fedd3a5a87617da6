#pragma once

#include "fold_in/rule.h"
#include "rows/ridge.h"

namespace matfac {

/// nmf: the non-negative ridge regression of the visitor's ratings on the items' factors,
///   min over u ≥ 0 of ½ Σ_j (r_j − u·v_j)² + ½ λ ‖u‖²
/// with the solver's λ for this number of ratings, raised to kLeastFoldInRegularization where it is smaller.
///
/// Coordinate descent finds the set P of the factors above zero; on it the solution is a plain ridge regression, linear
/// in the ratings:
///   u_P = S⁻¹ Σ_j r_j v_jP,  S = Σ_j v_jP v_jPᵀ + λ I  ⇒  u·v = Σ_j r_j v_jPᵀ S⁻¹ v_P
class NonNegativeRule final : public FoldInRule {
 public:
  explicit NonNegativeRule(const Model& model) : model_(model) {}

  /// Throws std::invalid_argument for a rating below 0.
  Profile FoldIn(std::span<const Index> items, std::span<const float> values,
                 const FeaturesRow& features) const override;
  std::vector<float> Explain(std::span<const Index> items, std::span<const float> values, const FeaturesRow& features,
                             Index item) const override;

 private:
  /// The visitor's factors; leaves in `system` the ridge regression that they solve, and in `rows` its rows v_jP.
  std::vector<float> Solve(std::span<const Index> items, std::span<const float> values, RidgeSystem& system,
                           FactorMatrix& rows) const;

  const Model& model_;
};

}  // namespace matfac
