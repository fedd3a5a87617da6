#pragma once

#include <algorithm>
#include <vector>

#include "base/kernels.h"

namespace matfac {

/// Steps of preconditioned conjugate gradient (Hestenes and Stiefel 1952) on ½ xᵀ A x − bᵀ x for a row x of length
/// stride, and the vectors they need. A is given only by its products.
class ConjugateSteps {
 public:
  explicit ConjugateSteps(int stride);

  /// r = b − A x, which the caller sets before the steps.
  float* Residual() { return residual_.data(); }
  /// p
  const float* Direction() const { return direction_.data(); }
  /// A p, which `curvature` sets.
  float* Product() { return product_.data(); }

  /// Improves x by `count` steps, or fewer when it reaches the minimum. `precondition(r, y)` sets y = P⁻¹ r.
  /// `curvature(last)` returns pᵀ A p, and sets the product unless this is the last step, which does not need it;
  /// `moved(length)` is called after x moved by length · p.
  template <typename Precondition, typename Curvature, typename Moved>
  void Run(int count, const Precondition& precondition, float* x, const Curvature& curvature, const Moved& moved) {
    std::ranges::fill(direction_, 0.0F);
    float square = 1.0F;
    for (int step = 1; step <= count; ++step) {
      precondition(residual_.data(), descent_.data());
      square = NextDirection(square);
      if (!(square > 0.0F)) return;  // at the minimum
      const bool last = step == count;
      const float curved = curvature(last);
      if (!(curved > 0.0F)) return;  // so close to the minimum that pᵀ A p is 0 in float32
      const float length = square / curved;
      kernels::Axpy(length, direction_.data(), x, stride_);
      moved(length);
      if (!last) kernels::Axpy(-length, product_.data(), residual_.data(), stride_);
    }
  }

 private:
  /// p ← P⁻¹ r + (r·P⁻¹r / last_square) p; returns r·P⁻¹r.
  float NextDirection(float last_square);

  int stride_;
  std::vector<float> residual_;
  std::vector<float> descent_;  // P⁻¹ r
  std::vector<float> direction_;
  std::vector<float> product_;
};

}  // namespace matfac
