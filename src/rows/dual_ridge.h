#pragma once

#include <vector>

#include "data/ratings.h"
#include "rows/ridge_gradient.h"

namespace matfac {

/// A RidgeRow with few ratings in closed form, by the products of its rated rows with each other (the Woodbury
/// identity). With the rows v_j of V, K = V Vᵀ + λ I and s = t − V m,
///   x = m + Vᵀ β,  β = K⁻¹ (s − b),  b = 1ᵀK⁻¹s / (λ_b / λ + 1ᵀK⁻¹1)
/// A row of n ratings costs about n² F / 2 + n³ / 6 multiply-adds, where conjugate gradient also pays for 2 F².
class DualRidge {
 public:
  explicit DualRidge(int stride);

  /// True where a row with `count` ratings is solved at a lower cost than two steps of conjugate gradient improve it,
  /// on rows of 2 to 28 ratings and 64 factors.
  static bool Pays(Offset count, int stride) { return count * count <= stride; }

  /// Solves a row with ratings; `bias` is null without a bias. Throws as RidgeSystem::Build does.
  void Solve(const RidgeRow& row, float* x, float* bias);

 private:
  /// V and the Cholesky factor of K.
  void Build(const RidgeRow& row);

  int stride_;
  int width_ = 0;               // n, rounded up to a multiple of 4
  std::vector<float> columns_;  // Vᵀ, stride × width, zero past the end
  std::vector<float> products_;
  std::vector<float> ones_;    // U⁻ᵀ 1
  std::vector<float> errors_;  // s, then β
};

}  // namespace matfac
