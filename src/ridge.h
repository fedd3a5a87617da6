#pragma once

#include <span>
#include <vector>

#include "factors.h"
#include "options.h"

namespace matfac {

/// How strongly one row's factors and bias are held near zero.
struct RidgeStrength {
  float factors = 0.0F;
  float bias = 0.0F;
};

/// What a solver's objective puts on a row with `count` ratings: λ in gradient-descent, λ n in sgd, svd++ (λ at each
/// of the n visits) and nmf, λ √n in als, each as it did best on held-out MovieLens ratings. But for svd++ a row
/// without ratings counts as one, so that it is held at zero.
RidgeStrength StrengthOf(const ModelOptions& options, Offset count);

/// One row of alternating least squares, in closed form:
///   min over x, b of ½ Σ_j (t_j − b − x·v_j)² + ½ λ ‖x‖² + ½ λ_b b²
/// over the rated rows v_j of the other side and targets t_j. Eliminating b leaves S x = Σ_j t_j (v_j − c̄) with
///   S = Σ v_j v_jᵀ + λ I − c c̄ᵀ,  c = Σ v_j,  c̄ = c / (n + λ_b),
/// and b = (Σ_j t_j − c·x) / (n + λ_b). Without a bias c̄ = 0.
/// One object serves many rows, so that its buffers are made once.
class RidgeSystem {
 public:
  RidgeSystem(int stride, bool biases);

  /// Gathers the rows and factorizes S. Needs targets.size() == rows.size(); throws std::invalid_argument that names
  /// the regularization when S is not positive definite in float32.
  void Build(const FactorMatrix& others, std::span<const Index> rows, std::span<const float> targets,
             RidgeStrength strength);
  /// The minimum; `x` has length stride.
  void Solve(float* x, float* bias) const;
  /// y ← S⁻¹ y, of length stride.
  void Apply(float* y) const;
  /// c̄, of length stride.
  const float* Centre() const { return centre_.data(); }

 private:
  int stride_;
  bool biases_;
  double target_sum_ = 0.0;
  float bias_weight_ = 0.0F;  // n + λ_b
  std::vector<float> gram_;
  std::vector<float> row_sum_;
  std::vector<float> centre_;
  std::vector<float> right_side_;
  std::vector<float> block_;
};

}  // namespace matfac
