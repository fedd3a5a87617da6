#pragma once

#include <cmath>

#include "base/kernels.h"

namespace matfac {

/// ‖x‖ in float32: 0 or ∞ where its square does not fit.
inline float Norm(const float* x, int stride) { return std::sqrt(kernels::Dot(x, x, stride)); }

/// In float64, which holds the product of any two float32 numbers; 0 for a row of zeros.
double CosineOfAnySize(const float* x, const float* y, int stride);

/// x·y / (‖x‖ ‖y‖) for rows with these norms, 0 where one is a row of zeros.
inline float Cosine(const float* x, float x_norm, const float* y, float y_norm, int stride) {
  // Between these, no square and no product overflows, or loses digits that matter to underflow.
  constexpr float kSmall = 1e-12F;
  constexpr float kLarge = 1e12F;
  const bool is_usual = x_norm > kSmall && x_norm < kLarge && y_norm > kSmall && y_norm < kLarge;
  if (is_usual) return kernels::Dot(x, y, stride) / (x_norm * y_norm);
  return static_cast<float>(CosineOfAnySize(x, y, stride));
}

}  // namespace matfac
