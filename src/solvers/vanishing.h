#pragma once

#include <span>

#include "base/factors.h"

namespace matfac {

/// Sets to zero what has decayed to less than 1e-18. Products of two such numbers, and soon they themselves, are below
/// 1.2e-38, where processors take many times as long per operation.
/// Near zero a step is linear in the factors, u ← (1 − η λ) u + η e v with e the error of the biases alone, and what
/// decayed from the size of a start by many orders of magnitude does so for ever: with u and v at zero both gradients
/// are zero as well, and they stay there. An entry whose partner is not small returns with its next step, which does
/// not differ in float32. Scores do not change: they were sums of products below 1e-36.
void ZeroVanishing(std::span<float> factors);
void ZeroVanishing(FactorMatrix& factors);

}  // namespace matfac
