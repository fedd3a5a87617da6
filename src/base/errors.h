#pragma once

#include <stdexcept>

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

}  // namespace matfac
