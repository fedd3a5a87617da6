#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "base/errors.h"

/// What arrays of a model must be. All throw std::invalid_argument that names the array.
namespace matfac {

inline void RequireLength(std::string_view name, std::size_t length, std::size_t expected) {
  if (length == expected) return;
  ThrowInvalid("{} must have {} numbers; it has {}", {name, expected, length});
}

/// `above_zero`: whether 0 and numbers below are refused too.
inline void RequireFinite(std::string_view name, std::span<const float> values, bool above_zero = false) {
  const auto bad =
      std::ranges::find_if(values, [&](float value) { return !std::isfinite(value) || (above_zero && value <= 0.0F); });
  if (bad == values.end()) return;
  ThrowInvalid("{} must hold finite numbers{}; number {} is {}",
               {name, above_zero ? " above 0" : "", bad - values.begin(), *bad});
}

inline void RequirePositive(std::string_view name, const std::vector<float>& values) {
  RequireFinite(name, values, true);
}

}  // namespace matfac
