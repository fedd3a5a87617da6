#include "solvers/vanishing.h"

#include <cmath>

namespace matfac {
namespace {

constexpr float kVanishing = 1e-18F;

}  // namespace

void ZeroVanishing(std::span<float> factors) {
  for (float& factor : factors) {
    if (std::abs(factor) < kVanishing) factor = 0.0F;
  }
}

void ZeroVanishing(FactorMatrix& factors) {
  ZeroVanishing(std::span(factors.data(), static_cast<std::size_t>(factors.size())));
}

}  // namespace matfac
