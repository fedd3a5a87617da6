#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string_view>

#include "base/text.h"

namespace matfac {

/// The model is of a kind that does not support the operation.
class UnsupportedError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// A training leaves the range of float32: its loss is no longer finite, a score would not be, or a row's posterior is
/// singular. The trainer keeps the model of the last epoch before it.
class DivergenceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// These throw an error with Message(pattern, values): a call is a fraction of the code of an exception thrown in
/// place.
[[noreturn]] void ThrowInvalid(std::string_view pattern, std::initializer_list<TextValue> values = {});
[[noreturn]] void ThrowUnsupported(std::string_view pattern, std::initializer_list<TextValue> values = {});
[[noreturn]] void ThrowDivergence(std::string_view pattern, std::initializer_list<TextValue> values = {});

}  // namespace matfac
