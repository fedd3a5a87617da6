#include "base/errors.h"

namespace matfac {

void ThrowInvalid(std::string_view pattern, std::initializer_list<TextValue> values) {
  throw std::invalid_argument(Message(pattern, values));
}

void ThrowUnsupported(std::string_view pattern, std::initializer_list<TextValue> values) {
  throw UnsupportedError(Message(pattern, values));
}

void ThrowDivergence(std::string_view pattern, std::initializer_list<TextValue> values) {
  throw DivergenceError(Message(pattern, values));
}

}  // namespace matfac
