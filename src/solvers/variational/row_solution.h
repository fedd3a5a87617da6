#pragma once

#include <span>

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

/// The normal posterior with the precision matrix A, stride × stride in the upper triangle: m from A m, and A⁻¹, its
/// upper triangle. Replaces `matrix` by U with A = UᵀU, and `lower` becomes U⁻ᵀ, each of the size of A. Returns false
/// when A is not positive definite in float32.
bool SolveRow(float* matrix, const float* right, int stride, float* lower, float* covariance, float* mean);

}  // namespace matfac
