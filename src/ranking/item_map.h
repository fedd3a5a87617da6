#pragma once

#include "base/factors.h"

namespace matfac {

/// The items' places on their `dimensions` first principal axes (Hotelling 1933): with the mean row v̄,
///   C = 1/M Σ_m (v_m − v̄)(v_m − v̄)ᵀ = Σ_k λ_k e_k e_kᵀ with λ_1 ≥ λ_2 ≥ …,  place of m on axis k = (v_m − v̄)·e_k
/// M × dimensions. The places are centred, uncorrelated, and of variance λ_k; the sign of an axis is the one that makes
/// the entry of e_k with the largest absolute value positive, the first of them where there are several. Axes beyond
/// the rank of the factors are zeros. The columns of a Bayesian model hold the factors of all samples, so that
/// distances are those of the posterior mean.
/// Needs finite factors and dimensions ≥ 0; without rows the result is empty. Costs M F² / 2 multiply-adds and about 10
/// F³ operations. Throws UnsupportedError for more than 1,024 columns.
FactorMatrix MapItems(const FactorMatrix& item_factors, int dimensions);

}  // namespace matfac
