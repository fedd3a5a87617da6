#include "ranking/cosine.h"

#include <cmath>

namespace matfac {

double CosineOfAnySize(const float* x, const float* y, int stride) {
  double product = 0.0;
  double x_squares = 0.0;
  double y_squares = 0.0;
  for (int f = 0; f < stride; ++f) {
    product += static_cast<double>(x[f]) * y[f];
    x_squares += static_cast<double>(x[f]) * x[f];
    y_squares += static_cast<double>(y[f]) * y[f];
  }
  const double norms = std::sqrt(x_squares) * std::sqrt(y_squares);
  return norms > 0.0 ? product / norms : 0.0;
}

}  // namespace matfac
