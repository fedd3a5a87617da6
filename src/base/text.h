#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace matfac {

/// A number as an error message shows it, rounded to ten digits: like %g, with NaN and Infinity as JavaScript spells
/// them. Works without snprintf, which would be a thirtieth of the WebAssembly module.
std::string NumberText(double value);

/// The parts in one text. Messages are put together by this: a chain of + is several times the code.
std::string Concat(std::initializer_list<std::string_view> parts);

/// The text between single quotes.
std::string Quoted(std::string_view text);

/// A whole number below 2⁶³ with all its digits: "1000000".
std::string WholeText(double value);

}  // namespace matfac
