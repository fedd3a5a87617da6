#include "base/normal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/portable_math.h"

namespace matfac {
namespace {

/// erfc(y) e^(y²) of Cody 1969, "Rational Chebyshev approximations for the error function": for y ≤ 4, where its error
/// below 0.5 is 1e-11, and from there on.
// NOLINTNEXTLINE(modernize-use-std-numbers): the second one is near 1/√π, which it is not.
constexpr std::array kMiddleAbove = {2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594,
                                     6.61191906371416295e+1, 2.98635138197400131e+2, 8.81952221241769090e+2,
                                     1.71204761263407058e+3, 2.05107837782607147e+3, 1.23033935479799725e+3};
constexpr std::array kMiddleBelow = {1.0,
                                     1.57449261107098347e+1,
                                     1.17693950891312499e+2,
                                     5.37181101862009858e+2,
                                     1.62138957456669019e+3,
                                     3.29079923573345963e+3,
                                     4.36261909014324716e+3,
                                     3.43936767414372164e+3,
                                     1.23033935480374942e+3};
constexpr std::array kFarAbove = {1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
                                  1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4};
constexpr std::array kFarBelow = {1.0,
                                  2.56852019228982242,
                                  1.87295284992346725,
                                  5.27905102951428412e-1,
                                  6.05183413124413191e-2,
                                  2.33520497626869185e-3};

constexpr double kRootOfHalf = 0.5 * std::numbers::sqrt2;

template <std::size_t Size>
double Polynomial(const std::array<double, Size>& coefficients, double x) {
  double sum = 0.0;
  for (const double coefficient : coefficients) sum = sum * x + coefficient;
  return sum;
}

double ScaledErfc(double y) {
  if (y <= 4.0) return Polynomial(kMiddleAbove, y) / Polynomial(kMiddleBelow, y);
  const double square = 1.0 / (y * y);
  return (std::numbers::inv_sqrtpi - square * Polynomial(kFarAbove, square) / Polynomial(kFarBelow, square)) / y;
}

/// Where the inversion starts to lose digits.
constexpr double kTail = 5.0;

/// Between a ≥ kTail and b: x has the density x e^(−x²/2), which a / x turns into that of a normal.
double DrawTail(double a, double b, Random& random) {
  const double width = 0.5 * (b - a) * (b + a);
  const double mass = width < 700.0 ? 1.0 - Exp(-width) : 1.0;
  while (true) {
    // 1 − (1 − e^(−w)) U is e^(−w U) to first order where w is too small for the difference.
    const double uniform = random.Uniform();
    const double depth = width < 1e-9 ? width * uniform : -Log(1.0 - mass * uniform);
    const double x = std::sqrt(a * a + 2.0 * depth);
    if (random.Uniform() * x <= a) return std::clamp(x, a, b);
  }
}

}  // namespace

NormalPoint NormalAt(double x) {
  if (std::isinf(x)) return x < 0.0 ? NormalPoint{0.0, 0.0, 1.0} : NormalPoint{0.0, 1.0, 0.0};
  const double bell = ExpForFloat(-0.5 * x * x);
  const double tail = 0.5 * bell * ScaledErfc(std::abs(x) * kRootOfHalf);
  const double density = bell * (std::numbers::inv_sqrtpi * kRootOfHalf);
  return x < 0.0 ? NormalPoint{density, tail, 1.0 - tail} : NormalPoint{density, 1.0 - tail, tail};
}

double NormalStretch::Draw(Random& random) const {
  if (from >= kTail) return DrawTail(from, to, random);
  if (to <= -kTail) return -DrawTail(-to, -from, random);
  const double share = random.Uniform() * Probability();
  constexpr double kLeast = 1e-300;
  const double x = at_from.above < at_from.below ? -NormalQuantile(std::max(at_from.above - share, kLeast))
                                                 : NormalQuantile(std::max(at_from.below + share, kLeast));
  return std::clamp(x, from, to);
}

}  // namespace matfac
