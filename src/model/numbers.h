#pragma once

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

/// What arrays of a model must be. All throw std::invalid_argument that names the array.
namespace matfac {

inline void RequireLength(std::string_view name, std::size_t length, std::size_t expected) {
  if (length == expected) return;
  throw std::invalid_argument(std::string(name) + " must have " + std::to_string(expected) + " numbers; it has " +
                              std::to_string(length));
}

template <typename Allowed>
void RequireEach(std::string_view name, const std::vector<float>& values, const Allowed& allowed, const char* what) {
  const auto bad = std::ranges::find_if_not(values, allowed);
  if (bad == values.end()) return;
  throw std::invalid_argument(std::string(name) + " must hold " + what + "; number " +
                              std::to_string(bad - values.begin()) + " is " + Shown(*bad));
}

inline void RequireFinite(std::string_view name, const std::vector<float>& values) {
  RequireEach(name, values, [](float value) { return std::isfinite(value); }, "finite numbers");
}

inline void RequirePositive(std::string_view name, const std::vector<float>& values) {
  RequireEach(name, values, [](float value) { return std::isfinite(value) && value > 0.0F; }, "finite numbers above 0");
}

}  // namespace matfac
