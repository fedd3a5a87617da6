#pragma once

#include <vector>

#include "base/budget.h"
#include "base/parallel.h"
#include "base/row_panel.h"
#include "rows/conjugate_steps.h"
#include "rows/implicit_ridge.h"

namespace matfac {

/// The inverse of A for a row without observed pairs, P = VᵀV + λ M I with M rows on the other side. The observed pairs
/// of another row add Σ_j c_j (v_j v_jᵀ + λ I), which is about a multiple of P where the observed rows are like the
/// rest. So P⁻¹ is close to a multiple of A⁻¹ for every row of the half-step.
class Preconditioner {
 public:
  explicit Preconditioner(int stride);

  /// Continues the inversion until it is complete (true; the next call starts another) or the budget is used up
  /// (false). Throws std::invalid_argument that names the regularization when P is not positive definite in float32.
  bool Work(const float* gram, float regularization, Workers& workers, Budget& budget);

  /// P⁻¹, stride × stride, after a complete inversion.
  const float* Data() const { return inverse_.data(); }

 private:
  int stride_;
  int next_row_ = 0;
  std::vector<float> factorized_;
  std::vector<float> inverse_;
};

/// Two steps of preconditioned conjugate gradient on an ImplicitRow, starting from the current row (without
/// preconditioning: Takács, Pilászy and Tikk 2011, "Applications of the conjugate gradient method for implicit feedback
/// collaborative filtering"). A is never formed:
///   A p = VᵀV p + Σ_j c_j (p·v_j) v_j + λ p
/// The objective never rises. A row of n observed pairs costs about 5 n F + 5 F² multiply-adds instead of n F² / 2, and
/// 5 n F where VᵀV is diagonal.
class ConjugateGradient {
 public:
  explicit ConjugateGradient(int stride);

  /// Improves x, of length stride, and returns Σ_j c_j (1 − x·v_j)² after it. `preconditioner` is stride × stride;
  /// where the row has a diagonal, it is diagonal too, of length stride.
  double Improve(const ImplicitRow& row, const float* preconditioner, float* x);

 private:
  /// Sets the scores and the residual of x.
  void Start(const ImplicitRow& row, const float* x);
  /// Returns pᵀ A p for the direction p, and sets A p unless this is the last step, which does not need it.
  float Curvature(const ImplicitRow& row, bool last);

  int stride_;
  std::vector<float> weights_;  // c, padded with zeros to a multiple of 4
  std::vector<float> scores_;   // x·v
  std::vector<float> along_;    // p·v
  GatheredRows gathered_;
  ConjugateSteps steps_;  // r = Σ_j c_j v_j + λ m − A x
};

}  // namespace matfac
