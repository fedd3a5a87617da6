#include <algorithm>

#include "base/row_panel.h"
#include "rows/gram_basis.h"

/// Once per row, and so compiled for speed; the rest of the class, once per half-step, is compiled for size.
namespace matfac {

void GramBasis::Turn(float* x, float* scratch) const {
  std::copy_n(x, stride_, scratch);
  Multiply(basis_.data(), scratch, x, stride_);
}

}  // namespace matfac
