#pragma once

#include <span>
#include <vector>

#include "base/factors.h"
#include "rows/implicit_ridge.h"
#include "rows/ridge_gradient.h"

namespace matfac {

/// A row with few ratings in closed form, by the products of its rated rows with each other (the Woodbury identity):
///   min over x, b of ½ Σ_j w_j (t_j − b − x·v_j)² + ½ Σ_f p_f (x_f − m_f)² + ½ λ_b b²
/// With the rows z_j = √w_j P^(−½) v_j of Z, K = Z Zᵀ + I, ω = √w and s = ω∘(t − V m),
///   x = m + P^(−½) Zᵀ β,  β = K⁻¹ (s − b ω),  b = ω·K⁻¹s / (λ_b + ω·K⁻¹ω)
/// and β holds the remaining errors, √w_j (t_j − b − x·v_j). A row of n ratings costs about n² F / 2 + n³ / 6
/// multiply-adds, where conjugate gradient also pays for F², and RidgeSystem for F³ / 6.
class DualRidge {
 public:
  explicit DualRidge(int stride);

  /// True where a row with `count` ratings is solved at a lower cost than two steps of conjugate gradient improve it.
  static bool Pays(Offset count, int stride);

  /// A row of als: P = λ I. `bias` is null without a bias. Throws as RidgeSystem::Build does.
  void Solve(const RidgeRow& row, float* x, float* bias);
  /// A row of implicit-als without a mean, whose VᵀV is diagonal, D: P = D + λ I. Returns Σ_j c_j (1 − x·v_j)².
  double Solve(const ImplicitRow& row, float* x);

 private:
  /// Makes room for `count` rows, with ω = 1.
  void Resize(std::size_t count);
  /// Z and the Cholesky factor of K.
  void Build(const FactorMatrix& others, std::span<const Index> rated);
  /// s from t.
  void SubtractMean(const FactorMatrix& others, std::span<const Index> rated, const float* mean);
  /// x ← m + P^(−½) Zᵀ K⁻¹ s, with s half solved.
  void Finish(const float* mean, float* x);

  int stride_;
  int width_ = 0;               // n, rounded up to a multiple of 4
  std::vector<float> scale_;    // P^(−½)
  std::vector<float> columns_;  // Zᵀ, stride × width
  std::vector<float> products_;
  std::vector<float> roots_;  // ω, zero past the end
  std::vector<float> ones_;   // U⁻ᵀ ω
  std::vector<float> errors_;
};

}  // namespace matfac
