#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/text.h"

/// What arrays from JavaScript must be. All throw std::invalid_argument that names the array.
namespace matfac::marshal {

inline void RequireLength(const char* name, std::size_t length, std::size_t expected) {
  if (length == expected) return;
  throw std::invalid_argument(std::string(name) + " has " + std::to_string(length) + " numbers instead of " +
                              std::to_string(expected));
}

template <typename Allowed>
void RequireEach(const char* name, const std::vector<float>& values, const Allowed& allowed, const char* what) {
  const auto bad = std::ranges::find_if_not(values, allowed);
  if (bad == values.end()) return;
  throw std::invalid_argument(std::string(name) + " holds " + Shown(*bad) + " at " +
                              std::to_string(bad - values.begin()) + ": " + what + " are allowed");
}

inline void RequireFinite(const char* name, const std::vector<float>& values) {
  RequireEach(name, values, [](float value) { return std::isfinite(value); }, "finite numbers");
}

inline void RequirePositive(const char* name, const std::vector<float>& values) {
  RequireEach(name, values, [](float value) { return std::isfinite(value) && value > 0.0F; }, "finite numbers above 0");
}

}  // namespace matfac::marshal
