#pragma once

#include <cstddef>
#include <cstdint>

namespace matfac {

/// A user or an item: 0 … count − 1.
using Index = std::int32_t;
/// A position among the ratings.
using Offset = std::ptrdiff_t;

/// Stands for a user or an item that the model does not know.
inline constexpr Index kUnknown = -1;

}  // namespace matfac
