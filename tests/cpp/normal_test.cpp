#include "base/normal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

namespace matfac {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

double Density(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi); }
double Above(double x) { return 0.5 * std::erfc(x / std::numbers::sqrt2); }

TEST(Normal, MatchesTheErrorFunctionInBothTails) {
  for (double x = -37.0; x <= 37.0; x += 0.01) {
    const NormalPoint at = NormalAt(x);
    EXPECT_NEAR(at.density / Density(x), 1.0, 3e-8) << x;
    EXPECT_NEAR(at.above / Above(x), 1.0, 3e-8) << x;
    EXPECT_NEAR(at.below / Above(-x), 1.0, 3e-8) << x;
  }
  EXPECT_EQ(NormalAt(kEndless).above, 0.0);
  EXPECT_EQ(NormalAt(-kEndless).above, 1.0);
}

TEST(Normal, StretchesOfTheTailsKeepTheirDigits) {
  for (const double x : {0.5, 5.0, 20.0}) {
    const double expected = Above(x) - Above(x + 0.1);
    EXPECT_NEAR(NormalStretch(x, x + 0.1).Probability() / expected, 1.0, 1e-6);
    EXPECT_NEAR(NormalStretch(-x - 0.1, -x).Probability() / expected, 1.0, 1e-6);
  }
  EXPECT_EQ(NormalStretch(-kEndless, kEndless).Probability(), 1.0);
}

/// Mean and variance of a truncated standard normal by their closed form; far out, where that cancels, by summing the
/// density relative to the nearer end.
std::pair<double, double> MomentsOf(double a, double b) {
  const bool is_tail = a > 4.0 || b < -4.0;
  if (!is_tail) {
    const double mass = Above(a) - Above(b);
    const double at_a = std::isinf(a) ? 0.0 : a * Density(a);
    const double at_b = std::isinf(b) ? 0.0 : b * Density(b);
    const double mean = (Density(a) - Density(b)) / mass;
    return {mean, 1.0 + (at_a - at_b) / mass - mean * mean};
  }
  if (b < 0.0) {
    const auto [mean, variance] = MomentsOf(-b, -a);
    return {-mean, variance};
  }
  constexpr int kPoints = 400'000;
  const double end = std::min(b, a + 40.0 / a);
  double mass = 0.0;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < kPoints; ++i) {
    const double depth = (end - a) * (i + 0.5) / kPoints;
    const double weight = std::exp(-depth * (a + 0.5 * depth));
    mass += weight;
    sum += weight * depth;
    squares += weight * depth * depth;
  }
  const double depth = sum / mass;
  return {a + depth, squares / mass - depth * depth};
}

TEST(Normal, TruncatedDrawsHaveTheMomentsOfTheirClosedForm) {
  const std::vector<std::pair<double, double>> stretches = {
      {-kEndless, kEndless}, {-1.0, 0.5},     {0.0, kEndless}, {-kEndless, -2.0}, {1.2, 1.3},
      {4.9, kEndless},       {5.0, kEndless}, {5.5, 5.6},      {-30.0, -8.0},     {-kEndless, -12.0},
      {40.0, kEndless},      {60.0, 60.01},   {-1e4, -999.0},  {-3.0, 50.0},      {4.99, 5.01}};
  constexpr int kDraws = 40'000;
  std::uint64_t seed = 0;
  for (const auto& [from, to] : stretches) {
    Random random(++seed);
    const auto [mean, variance] = MomentsOf(from, to);
    const NormalStretch stretch(from, to);
    double sum = 0.0;
    double squares = 0.0;
    double fourth = 0.0;
    for (int i = 0; i < kDraws; ++i) {
      const double drawn = stretch.Draw(random);
      ASSERT_GE(drawn, from);
      ASSERT_LE(drawn, to);
      const double square = (drawn - mean) * (drawn - mean) / variance;
      sum += (drawn - mean) / std::sqrt(variance);
      squares += square;
      fourth += square * square;
    }
    // Five standard errors, that of the variance by the draws' own fourth moment.
    EXPECT_NEAR(sum / kDraws, 0.0, 5.0 / std::sqrt(kDraws)) << from << " to " << to;
    const double spread = std::sqrt(fourth / kDraws - 1.0 + 1e-3);
    EXPECT_NEAR(squares / kDraws, 1.0, 5.0 * spread / std::sqrt(kDraws)) << from << " to " << to;
  }
}

}  // namespace
}  // namespace matfac
