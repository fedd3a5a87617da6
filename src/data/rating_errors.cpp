#include "data/rating_errors.h"

#include <stdexcept>
#include <string>

#include "base/text.h"

namespace matfac {

void ThrowOutOfRange(std::string_view name, std::size_t position, Index least, Index most, Index index) {
  throw std::invalid_argument(
      Concat({name, " of rating ", std::to_string(position), " must be from ", std::to_string(least), " to ",
              std::to_string(most), "; it is ", std::to_string(index)}));
}

void ThrowNotFinite(std::string_view name, std::size_t position, double number) {
  throw std::invalid_argument(
      Concat({name, std::to_string(position), " must be a finite number; it is ", NumberText(number)}));
}

void ThrowChanged() { throw std::invalid_argument("stored ratings must stay as they were written; they have changed"); }

}  // namespace matfac
