#pragma once

#include <string>

namespace matfac {

/// A number as an error message shows it, rounded to ten digits: the shortest of %g, and NaN and Infinity as JavaScript
/// spells them. Not by snprintf, which would be a thirtieth of the WebAssembly module.
std::string Shown(double value);

}  // namespace matfac
