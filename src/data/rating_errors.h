#pragma once

#include <cstddef>
#include <string_view>

#include "base/index.h"

namespace matfac {

/// Of the rating at `position`, whose user or item (`name`) is not from `least` to `most`.
[[noreturn]] void ThrowOutOfRange(std::string_view name, std::size_t position, Index least, Index most, Index index);

/// `name` stands before the position.
[[noreturn]] void ThrowNotFinite(std::string_view name, std::size_t position, double number);

/// Of what was written to a store and reads otherwise.
[[noreturn]] void ThrowChanged();

}  // namespace matfac
