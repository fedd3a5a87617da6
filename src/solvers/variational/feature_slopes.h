#pragma once

#include <span>
#include <vector>

#include "rows/feature_weights.h"

namespace matfac {

/// What the features x of a row add to its prior mean (row_prior.h): w_d·x for entry d, with
///   w_jd ~ N(0, 1 / γ_d)
/// where γ and the normal posteriors of the weights, independent of each other, are learned from what the rest of the
/// prior leaves of the rows' posterior means, y_d (rows/feature_weights.h):
///   1 / v_jd = λ_d s_j + γ_d,  s_j = Σ x_j²,  w_d towards (λ_d Σ x xᵀ + γ_d I)⁻¹ λ_d Σ x y_d
///   γ_d = columns / Σ_j (w_jd² + v_jd)
/// γ_d is at most kMostShrinkage × λ_d × the number of rows, as in row_prior.h. Independence makes the cost of an epoch
/// that of the features that rows have, however many columns there are.
class FeatureSlopes {
 public:
  FeatureSlopes(const Features& features, int entries);

  /// `targets` has y in its columns, padded with zeros; the precisions are λ.
  void Learn(const FactorMatrix& targets, std::span<const float> precisions);

  /// to ← to + scale · w·x, one for each entry.
  void AddMeans(Index row, float scale, float* to) const;
  /// Adds Σ_n xᵀ diag(v_d) x = Σ_j s_j v_jd for each entry.
  void AddSpread(std::vector<double>& variances) const;
  /// A row for each column of features, `entries` numbers and padding.
  const FactorMatrix& Weights() const { return weights_.Weights(); }
  /// Continues from weights of this shape.
  void SetWeights(const FactorMatrix& weights) { weights_.SetWeights(weights); }
  /// KL(q(w) ‖ p(w)), and ½ λ_d xᵀ diag(v_d) x of the rows.
  double FreeEnergy() const { return learned_.back(); }
  /// Appends all that the next epoch needs of this one.
  void AddTo(std::vector<std::span<float>>& state) { state.insert(state.end(), {weights_.MutableWeights(), learned_}); }
  /// After the numbers of AddTo were written.
  void Continue() { weights_.SumMeans(); }

 private:
  int entries_;
  Index rows_;
  FeatureWeights weights_;
  /// γ_d, then Σ_j s_j v_jd, then the free energy.
  std::vector<float> learned_;
};

}  // namespace matfac
