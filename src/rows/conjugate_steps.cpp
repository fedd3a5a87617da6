#include "rows/conjugate_steps.h"

namespace matfac {

ConjugateSteps::ConjugateSteps(int stride)
    : stride_(stride), residual_(stride), descent_(stride), direction_(stride), product_(stride) {}

float ConjugateSteps::NextDirection(float last_square) {
  const float square = kernels::Dot(residual_.data(), descent_.data(), stride_);
  kernels::Scale(square / last_square, direction_.data(), stride_);
  kernels::Axpy(1.0F, descent_.data(), direction_.data(), stride_);
  return square;
}

}  // namespace matfac
