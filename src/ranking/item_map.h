#pragma once

#include <span>

#include "base/stored_rows.h"

namespace matfac {

/// The items' places on their `dimensions` first principal axes (Hotelling 1933), by direction: with v̂_m = v_m / ‖v_m‖,
/// the trust t_m (1 where none is given, 0 for a row of zeros) and v̄ = Σ t_m v̂_m / Σ t_m,
///   x_m = t_m (v̂_m − v̄),  C = 1/M Σ_m x_m x_mᵀ = Σ_k λ_k e_k e_kᵀ with λ_1 ≥ λ_2 ≥ …,  place of m on axis k = x_m·e_k
/// M × dimensions. Lengths, which say how popular an item is, play no part, and an item of little trust is near the
/// middle. The places are centred, uncorrelated, and of variance λ_k; the sign of an axis is the one that makes
/// the entry of e_k with the largest absolute value positive, the first of them where there are several. Axes beyond
/// the rank of the rows are zeros. The columns of a Bayesian model hold the factors of all samples, so that
/// directions are those of the posterior mean.
/// Needs finite factors, dimensions ≥ 0 and trust ≥ 0; without rows the result is empty. Costs M F² / 2 multiply-adds
/// and about 10 F³ operations. Throws UnsupportedError for more than 1,024 columns,
/// std::invalid_argument for a `trust` of another length.
FactorMatrix MapItems(const StoredRows& item_factors, int dimensions, std::span<const float> trust = {});

}  // namespace matfac
