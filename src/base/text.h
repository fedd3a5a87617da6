#pragma once

#include <string>
#include <string_view>

namespace matfac {

/// A number as an error message shows it, rounded to ten digits: like %g, with NaN and Infinity as JavaScript spells
/// them. Works without snprintf, which would be a thirtieth of the WebAssembly module.
std::string Shown(double value);

/// The text between single quotes.
std::string Quoted(std::string_view text);

/// A whole number below 2⁶³ with all its digits: "1000000".
std::string WholeText(double value);

}  // namespace matfac
