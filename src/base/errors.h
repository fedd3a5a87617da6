#pragma once

#include <stdexcept>

namespace matfac {

/// The model is of a kind that does not support the operation.
class UnsupportedError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace matfac
