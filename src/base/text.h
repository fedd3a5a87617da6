#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace matfac {

/// A number as an error message shows it, rounded to ten digits: like %g, with NaN and Infinity as JavaScript spells
/// them. Works without snprintf, which would be a thirtieth of the WebAssembly module.
std::string NumberText(double value);

/// A value in a message: a text, which outlives it, or a number.
class TextValue {
 public:
  // Implicit, because they stand in lists.
  TextValue(std::string_view words) : text(words.data()), length_(words.size()) {}
  TextValue(const char* words) : TextValue(std::string_view(words)) {}
  TextValue(const std::string& words) : TextValue(std::string_view(words)) {}
  template <typename Number>
    requires std::is_arithmetic_v<Number>
  TextValue(Number value) : number(static_cast<double>(value)), length_(kNumber) {}

  void AppendTo(std::string& message) const;

 private:
  static constexpr std::size_t kNumber = std::string_view::npos;

  union {
    const char* text;
    double number;
  };
  std::size_t length_;
};

/// `pattern` with the next of the values in place of each "{}", as std::format, whose code would be larger than all
/// messages; numbers as NumberText. Messages are put together by this: a chain of + is several times the code.
std::string Message(std::string_view pattern, std::initializer_list<TextValue> values);

/// The text between single quotes.
std::string Quoted(std::string_view text);

/// A whole number below 2⁶³ with all its digits: "1000000".
std::string WholeText(double value);

}  // namespace matfac
