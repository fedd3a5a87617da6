#pragma once

#include <span>
#include <vector>

#include "base/factors.h"
#include "solvers/variational/moments.h"

/// The loops over ratings and factors of a row of VariationalSide, compiled once and for speed.
namespace matfac {

/// moments += Σ_j record_j and weighted += Σ_j t_j × its head, in the order of `rows`.
void AddRecords(const FactorMatrix& records, std::span<const Index> rows, std::span<const float> targets,
                const MomentLayout& layout, float* moments, float* weighted);

/// u·v + b_u + b_v with the record of each row, in the order of `rows`; `scores` is padded to a multiple of 4.
void StandardScores(const float* own, const FactorMatrix& records, std::span<const Index> rows,
                    const MomentLayout& layout, float* scores);

/// A normal posterior from its precision matrix A, stride × stride in the upper triangle, and A m.
class RowSolution {
 public:
  explicit RowSolution(int stride);

  /// Replaces `matrix` by its Cholesky factor. Returns false when A is not positive definite in float32.
  bool Solve(float* matrix, const float* right);

  /// m, of length stride.
  const float* Mean() const { return mean_.data(); }
  /// A⁻¹, the upper triangle.
  const float* Covariance() const { return covariance_.data(); }

 private:
  int stride_;
  std::vector<float> lower_;  // U⁻ᵀ with A = UᵀU
  std::vector<float> covariance_;
  std::vector<float> mean_;
};

}  // namespace matfac
