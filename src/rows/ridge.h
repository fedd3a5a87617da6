#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "base/factors.h"
#include "model/model.h"

namespace matfac {

/// The regularization of one row's factors and of its bias.
struct RidgeStrength {
  float factors = 0.0F;
  float bias = 0.0F;
};

/// The ridge of a row with `count` ratings in the objective of the solver (RidgeWeight), as it was best on held-out
/// MovieLens ratings. Needs a solver with such a ridge.
///
/// Ratings σ r̃ have the loss ½ Σ (r − r̂)² = ½ σ² Σ (r̃ − r̂/σ)², factors √σ x̃ and biases σ b̃: the objective is σ²
/// times that of r̃ with the λ of the options where the factors' λ is σ times as large and the biases' λ the same. σ is
/// model.scale, and 1 for a solver whose options count in units of a rating.
RidgeStrength StrengthOf(const Model& model, Offset count);

/// x ← m, or zeros for null; of length stride.
inline void SetToMean(const float* mean, float* x, int stride) {
  if (mean == nullptr) {
    std::fill_n(x, stride, 0.0F);
  } else {
    std::copy_n(mean, stride, x);
  }
}

/// Throws the std::invalid_argument of a row whose normal equations are singular, which names the regularization.
[[noreturn]] void ThrowSingular(std::size_t ratings);

/// The prior of one row's factors and bias: precision λ and mean m for each factor (length stride, λ > 0 and m = 0 in
/// the padding), λ_b and m_b for the bias. An empty mean stands for zeros.
struct RidgePrior {
  std::span<const float> strength;
  std::span<const float> mean;
  float bias_strength = 0.0F;
  float bias_mean = 0.0F;
};

/// The ratings of one row: the rated rows of the other side, the targets, and the weights, all 1 if empty.
struct RidgeRatings {
  std::span<const Index> rows;
  std::span<const float> targets;
  std::span<const float> weights;
};

/// One row of alternating least squares, in closed form:
///   min over x, b of ½ Σ_j w_j (t_j − b − x·v_j)² + ½ Σ_f λ_f (x_f − m_f)² + ½ λ_b (b − m_b)²
/// over the rated rows v_j of the other side, targets t_j and weights w_j. Eliminating b leaves
///   S x = Σ_j w_j t_j v_j + λ∘m − T c̄ with S = Σ w_j v_j v_jᵀ + diag(λ) − c c̄ᵀ,
///   c = Σ w_j v_j, c̄ = c / W, W = Σ w_j + λ_b, T = Σ_j w_j t_j + λ_b m_b,
/// and b = (T − c·x) / W. Without a bias c̄ = 0.
/// One object serves many rows, so that its buffers are allocated once.
class RidgeSystem {
 public:
  RidgeSystem(int stride, bool biases);

  /// Gathers the rows and factorizes S. Needs targets.size() == rows.size(); throws std::invalid_argument that names
  /// the regularization when S is not positive definite in float32. `mean` is m of length stride, or null for zeros.
  void Build(const FactorMatrix& others, std::span<const Index> rows, std::span<const float> targets,
             RidgeStrength strength, const float* mean = nullptr);
  /// The same with a prior; returns false when S is not positive definite in float32.
  bool Build(const FactorMatrix& others, const RidgeRatings& ratings, const RidgePrior& prior);
  /// The minimum; `x` has length stride.
  void Solve(float* x, float* bias) const;
  /// Draws from the normal distribution that has its peak at the minimum: with S = UᵀU, x = S⁻¹(…) + U⁻¹ z and b = (T −
  /// c·x) / W + z_b / √W, where z (length stride, zero in the padding) and z_b are independent normals with the
  /// standard deviation of a rating with weight 1.
  void Draw(const float* z, float bias_z, float* x, float* bias) const;
  /// y ← S⁻¹ y, of length stride.
  void Apply(float* y) const;
  /// (v − c̄)ᵀ S⁻¹ (v − c̄) + 1 / W (without a bias vᵀ S⁻¹ v): the variance of b + x·v under the normal distribution
  /// that has its peak at the minimum, in units of that of a rating with weight 1. Leaves U⁻ᵀ (v − c̄) in `v`.
  double Leverage(float* v) const;
  /// c̄, of length stride.
  const float* Centre() const { return centre_.data(); }

 private:
  void Gather(const FactorMatrix& others, const RidgeRatings& ratings);
  void EliminateBias(float bias_strength, float bias_mean);
  /// b given x.
  float BiasAt(const float* x) const;

  int stride_;
  bool biases_;
  double target_sum_ = 0.0;   // T
  double weight_sum_ = 0.0;   // Σ w_j
  float bias_weight_ = 0.0F;  // W
  std::vector<float> gram_;
  std::vector<float> row_sum_;
  std::vector<float> centre_;
  std::vector<float> right_side_;
  std::vector<float> block_;
  std::vector<float> strength_;
};

}  // namespace matfac
