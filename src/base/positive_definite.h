#pragma once

/// Dense symmetric systems, stride × stride, in the upper triangle. The loops are compiled once, and not into each
/// caller: a caller that is compiled for size would have a slow copy, and the linker may take that one for all.
namespace matfac::kernels {

/// The upper triangle of the stride × stride matrix A ← A + Σ_n x_n x_nᵀ over `count` contiguous rows x_n. The entries
/// below the diagonal are undefined.
void AddOuterProducts(float* a, const float* rows, int count, int stride);

/// Cholesky: the upper triangle of A becomes U with A = UᵀU; false when A is not positive definite in float32.
bool Factorize(float* a, int stride);

/// x ← U⁻ᵀ x, with U as Factorize leaves it.
void SolveTransposed(const float* u, float* x, int stride);

/// x ← U⁻¹ x, with U as Factorize leaves it.
void SolveUpper(const float* u, float* x, int stride);

/// x ← (UᵀU)⁻¹ x, with U as Factorize leaves it.
void SolveFactorized(const float* u, float* x, int stride);

}  // namespace matfac::kernels
