#include "data/rating_errors.h"

#include "base/errors.h"

namespace matfac {

void ThrowOutOfRange(std::string_view name, std::size_t position, Index least, Index most, Index index) {
  ThrowInvalid("{} of rating {} must be from {} to {}; it is {}", {name, position, least, most, index});
}

void ThrowNotFinite(std::string_view name, std::size_t position, double number) {
  ThrowInvalid("{} {} must be a finite number; it is {}", {name, position, number});
}

void ThrowChanged() { ThrowInvalid("stored ratings must stay as they were written; they have changed"); }

}  // namespace matfac
