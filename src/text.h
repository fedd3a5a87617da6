#pragma once

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace matfac {

/// A number as an error message shows it: the shortest of %g, and NaN and Infinity as JavaScript spells them.
inline std::string Shown(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.10g", value);
  return text.data();
}

}  // namespace matfac
