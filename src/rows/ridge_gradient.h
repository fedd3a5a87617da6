#pragma once

#include <span>
#include <vector>

#include "base/factors.h"
#include "base/row_panel.h"
#include "rows/conjugate_steps.h"
#include "rows/ridge.h"

namespace matfac {

/// One row of alternating least squares, as RidgeSystem solves it: the rated rows of the other side, the targets, and
/// the regularization of factors and bias. `mean` is the prior mean of the factors, of length stride, or null for
/// zeros; a bias with a prior mean has it in its targets.
struct RidgeRow {
  const FactorMatrix& others;
  std::span<const Index> rated;
  std::span<const float> targets;
  RidgeStrength strength;
  const float* mean = nullptr;
};

/// Two steps of preconditioned conjugate gradient on a RidgeRow, starting from the current row, with the bias
/// eliminated: it is always the minimizer for the current factors, b = ē with ē = Σ_j e_j / W, e_j = t_j − x·v_j and W
/// = n + λ_b. S is never formed:
///   S p = Σ_j (p·v_j) v_j − c Σ_j (p·v_j) / W + λ p,  c = Σ_j v_j
/// The objective never rises. A row of n ratings costs about 6 n F + 2 F² multiply-adds instead of n F² / 2 + F³ / 6.
class RidgeGradient {
 public:
  RidgeGradient(int stride, bool biases);

  /// Improves x, of length stride, and sets the bias, which stays untouched without biases. `preconditioner` is stride
  /// × stride. A row without ratings becomes its
  /// prior mean.
  void Improve(const RidgeRow& row, const float* preconditioner, float* x, float* bias);

 private:
  /// Sets the errors and the residual of x.
  void Start(const RidgeRow& row, const float* x);
  /// Returns pᵀ S p for the direction p, and sets S p unless this is the last step, which does not need it.
  float Curvature(const RidgeRow& row, bool last);

  int stride_;
  bool biases_;
  float per_weight_ = 0.0F;     // 1 / W, 0 without a bias
  std::vector<float> errors_;   // e, padded with zeros to a multiple of 4
  std::vector<float> along_;    // p·v
  std::vector<float> row_sum_;  // c
  GatheredRows gathered_;
  ConjugateSteps steps_;  // r = Σ_j (e_j − ē) v_j − λ (x − m)
};

}  // namespace matfac
