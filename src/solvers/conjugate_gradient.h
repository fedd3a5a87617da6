#pragma once

#include <vector>

#include "implicit_ridge.h"

namespace matfac {

/// A few steps of conjugate gradient on an ImplicitRow, from where the row stands (Takács, Pilászy and Tikk 2011,
/// "Applications of the conjugate gradient method for implicit feedback collaborative filtering"):
///   A = VᵀV + Σ_j c_j v_j v_jᵀ + λ I is never formed: A p = VᵀV p + Σ_j c_j (p·v_j) v_j + λ p
/// The objective never rises. With T steps a row of n observed pairs costs about (2 T + 1) n F multiply-adds instead of
/// n F² / 2, and each step also F² for VᵀV.
class ConjugateGradient {
 public:
  explicit ConjugateGradient(int stride);

  /// Betters x, of length stride; Σ_j c_j (1 − x·v_j)² after it.
  double Improve(const ImplicitRow& row, float* x);

 private:
  /// Where x stands: scores, residual, and the first direction.
  void Start(const ImplicitRow& row, const float* x);
  /// pᵀ A p for the direction p, and A p unless this is the last step, which needs none.
  float Curvature(const ImplicitRow& row, bool last);
  /// y ← VᵀV x + λ x
  void MultiplyRidge(const ImplicitRow& row, const float* x, float* y) const;

  int stride_;
  std::vector<float> weights_;   // c, padded with zeros to whole vectors
  std::vector<float> scores_;    // x·v
  std::vector<float> along_;     // p·v
  std::vector<float> residual_;  // b − A x
  std::vector<float> direction_;
  std::vector<float> product_;  // A p
};

}  // namespace matfac
