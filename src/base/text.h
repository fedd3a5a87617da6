#pragma once

#include <string>

namespace matfac {

/// A number as an error message shows it, rounded to ten digits: like %g, with NaN and Infinity as JavaScript spells
/// them. Works without snprintf, which would be a thirtieth of the WebAssembly module.
std::string Shown(double value);

}  // namespace matfac
