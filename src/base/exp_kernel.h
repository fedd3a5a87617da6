#pragma once

#include <bit>
#include <cstdint>
#include <numbers>

#include "base/kernels.h"

namespace matfac::kernels {

/// eˣ, with a relative error below 3e-7. Needs −87 ≤ x ≤ 88; of a NaN it is NaN.
inline Float4 Exp(Float4 x) {
  constexpr auto kLog2E = std::numbers::log2e_v<float>;
  // ln 2 in two parts, the first with trailing zeros, so that a small integer times it is exact (Cody and Waite).
  constexpr float kLn2High = 0.693359375F;  // NOLINT(modernize-use-std-numbers)
  constexpr float kLn2Low = -2.12194440e-4F;
  constexpr float kRounder = 12'582'912.0F;  // 1.5 · 2²³: a float near it has whole numbers in its low bits
  constexpr int kExponentBias = 127;
  constexpr int kMantissaBits = 23;
  const Float4 rounded = x * Splat(kLog2E) + Splat(kRounder);
  const Float4 k = rounded - Splat(kRounder);
  const Float4 r = (x - k * Splat(kLn2High)) - k * Splat(kLn2Low);  // |r| ≤ ln 2 / 2
  const Float4 r2 = r * r;
  const Float4 low = (Splat(1.0F) + r) + r2 * (Splat(1.0F / 2) + r * Splat(1.0F / 6));
  const Float4 high = (Splat(1.0F / 24) + r * Splat(1.0F / 120)) + r2 * Splat(1.0F / 720);
  const Int4 exponents = std::bit_cast<Int4>(rounded) - (std::bit_cast<std::int32_t>(kRounder) - kExponentBias);
  return (low + r2 * r2 * high) * std::bit_cast<Float4>(exponents << kMantissaBits);
}

}  // namespace matfac::kernels
