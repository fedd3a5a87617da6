#pragma once

#include <vector>

#include "base/factors.h"
#include "rows/ridge.h"

namespace matfac {

/// A row of RidgeSystem with fewer ratings than factors, by a system with one equation per rating (Woodbury 1950). In
/// units of the prior, y = Λ^½ (x, b) and μ = Λ^½ (m, m_b), the minimum is
///   y = μ + Bᵀ K⁻¹ (W^½ t − B μ) with the n × (F + 1) matrix B = W^½ (V, 1) Λ^−½ and K = I + B Bᵀ,
/// for about n² F / 2 + n³ / 6 multiply-adds instead of n F² / 2 + F³ / 6. The covariance of y is
///   (I + BᵀB)⁻¹ = I − BᵀK⁻¹B,
/// that of z − Bᵀ U⁻¹ (Uᵀ + I)⁻¹ B z with K = UᵀU and F + 1 independent normals z (Andrews 1968, "A square root
/// formulation of the Kalman covariance equations"). One object serves many rows.
class DualRidge {
 public:
  DualRidge(int stride, bool biases);

  /// Gathers the rows and factorizes K. Returns false when the prior is too weak beside the ratings for float32. The
  /// arguments must outlive the object's use for the row.
  bool Build(const FactorMatrix& others, const RidgeRatings& ratings, const RidgePrior& prior);
  /// The minimum; `x` has length stride. Returns Σ_j w_j e_j² of the errors e = t − b − x·v there.
  double Solve(float* x, float* bias);
  /// Draws as RidgeSystem::Draw does, from the same normals to other numbers.
  void Draw(const float* z, float bias_z, float* x, float* bias);

 private:
  void SetScales(const RidgePrior& prior);
  void Gather(const FactorMatrix& others, const RidgeRatings& ratings);
  /// r ← r − B y
  void Subtract(const std::vector<float>& y, std::vector<float>& r) const;
  /// (x, b) = Λ^−½ (point + Bᵀ right)
  void Write(float* x, float* bias) const;

  int stride_;
  bool biases_;
  int width_;                   // F + 1 if there is a bias, rounded up to a multiple of 4
  int padded_ = 0;              // n, rounded up to a multiple of 4; what is past the end weighs nothing
  bool is_about_zero_ = false;  // μ = 0
  std::vector<float> scales_;   // Λ^−½, zero past the bias
  std::vector<float> point_;    // μ, in a draw μ + z
  std::vector<float> roots_;    // W^½
  std::vector<float> columns_;  // Bᵀ, width × padded
  std::vector<float> gram_;     // K, then U
  std::vector<float> right_;    // W^½ t, then K⁻¹ (W^½ t − B μ)
  std::vector<float> normals_;
  std::vector<float> noise_;
  std::vector<float> diagonal_;
};

}  // namespace matfac
