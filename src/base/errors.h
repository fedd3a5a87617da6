#pragma once

#include <stdexcept>

namespace matfac {

/// What was asked for does not exist for this kind of model.
class UnsupportedError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace matfac
