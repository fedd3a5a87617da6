#pragma once

#include "base/factors.h"

namespace matfac {

/// How the moments of a row's posterior are laid out, so that a half-step is a sum of whole records. With v for the K
/// factors of a row and b for its bias:
///   [E v | 1, E b, E b², 0 | E b v | E v vᵀ, its upper triangle row by row]
/// each part padded with zeros to a multiple of 4. The head is what the ratings weigh: Σ r E v, Σ r, Σ r E b.
struct MomentLayout {
  explicit constexpr MomentLayout(int factor_count)
      : factors(factor_count),
        ones(StrideOf(factor_count)),
        head(ones + 4),
        cross(head),
        second(cross + ones),
        length(second + StrideOf(factor_count * (factor_count + 1) / 2)) {}

  constexpr int BiasMean() const { return ones + 1; }
  constexpr int BiasSquare() const { return ones + 2; }

  int factors;
  int ones;
  int head;
  int cross;
  int second;
  int length;
};

}  // namespace matfac
