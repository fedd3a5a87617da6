#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/factors.h"
#include "rows/ridge.h"

namespace matfac {

/// The system of RidgeSystem for a row with fewer ratings than factors, by a matrix of one row per rating in place of
/// one row per factor (Bhattacharya, Chakraborty and Mallick 2016, "Fast sampling with Gaussian scale mixture priors in
/// high-dimensional regression"). With D = diag(λ)^−½, the rows φ_j = √w_j D v_j of Φ, and one more column √w_j / √λ_b
/// for a bias, it draws z and δ, which are independent normals with the standard deviation of a rating with weight 1:
///   (ΦΦᵀ + I) y = s − δ with s_j = √w_j (t_j − v_j·(m + D z)),
///   x = m + D (z + Φᵀ y),
/// which has the mean and the covariance of RidgeSystem::Draw exactly.
/// One object serves many rows, so that its buffers are allocated once.
class DualRidge {
 public:
  DualRidge(int stride, bool biases);

  /// True where a draw costs less than by RidgeSystem.
  static bool Pays(std::size_t ratings, int stride);
  /// Multiply-adds of a draw by the cheaper of both, about.
  static std::int64_t LeastCost(std::size_t ratings, int stride);

  /// Gathers the rows and factorizes ΦΦᵀ + I. Needs λ > 0, λ_b > 0 and a mean; returns false when the matrix is not
  /// positive definite in float32.
  bool Build(const FactorMatrix& others, const RidgeRatings& ratings, const RidgePrior& prior);
  /// Draws from the normal distribution of RidgeSystem::Draw, given one more number for each rating.
  void Draw(const float* z, float bias_z, std::span<const float> ratings_z, float* x, float* bias);

 private:
  /// Φ, as rows and as columns.
  void Gather(const FactorMatrix& others, const RidgeRatings& ratings);

  int stride_;
  bool biases_;
  int count_ = 0;  // of ratings, padded to a multiple of 4 by rows of zeros
  float bias_root_ = 0.0F;
  float bias_mean_ = 0.0F;
  std::vector<float> roots_;  // D
  std::vector<float> mean_;
  std::vector<float> weight_roots_;
  std::vector<float> targets_;
  std::vector<float> rows_;
  std::vector<float> columns_;
  std::vector<float> gram_;
  std::vector<float> right_side_;
  std::vector<float> along_;
};

}  // namespace matfac
