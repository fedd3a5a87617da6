#pragma once

#include <span>
#include <vector>

#include "base/factors.h"

namespace matfac {

/// One row of non-negative least squares by coordinate descent:
///   min over x ≥ 0 of ½ Σ_j (t_j − x·v_j)² + ½ λ ‖x‖²
/// over the rated rows v_j of the other side and targets t_j. With the running residuals e_j = t_j − x·v_j, the exact
/// minimizer of one coordinate is
///   x_f ← max(0, x_f + (Σ_j e_j v_jf − λ x_f) / (Σ_j v_jf² + λ)).
/// Four coordinates share a pass over the residuals: a change of coordinate f changes the sum of coordinate g by that
/// change times Σ_j v_jf v_jg, known beforehand, so that they still move one after the other.
/// One object serves many rows, so that its buffers are allocated once.
class NonNegativeRidge {
 public:
  explicit NonNegativeRidge(int stride);

  /// Gathers the rows, by factor, and the residuals at `x`, of length stride. Needs targets.size() == rows.size().
  void Build(const FactorMatrix& others, std::span<const Index> rows, std::span<const float> targets, float lambda,
             const float* x);
  /// Moves every coordinate of x once, from the residuals of the last call, and returns the largest change.
  float Sweep(float* x);

 private:
  /// Σ_j v_jf v_jg of four coordinates from `f` on, row by row.
  float* Products(int f) { return products_.data() + 4 * f; }
  const float* Columns(int f) const { return columns_.data() + static_cast<std::ptrdiff_t>(f) * length_; }

  int stride_;
  int length_ = 0;  // of a column: the number of rows, rounded up to a multiple of 4
  float lambda_ = 0.0F;
  std::vector<float> columns_;    // stride × length
  std::vector<float> products_;   // stride × 4
  std::vector<float> residuals_;  // e
  std::vector<float> zeros_;      // a row of padding
};

}  // namespace matfac
