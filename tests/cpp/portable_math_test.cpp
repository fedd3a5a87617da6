#include "base/portable_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "support.h"

namespace matfac {
namespace {

/// How many units in the last place of `expected` lie between the two.
double Ulps(double actual, long double expected) {
  const double rounded = std::abs(static_cast<double>(expected));
  const double unit = std::nextafter(rounded, std::numeric_limits<double>::infinity()) - rounded;
  return static_cast<double>(std::abs(actual - expected)) / unit;
}

double LogUlps(double x) { return Ulps(Log(x), std::log(static_cast<long double>(x))); }
double ExpUlps(double x) { return Ulps(Exp(x), std::exp(static_cast<long double>(x))); }

TEST(PortableMath, LogOfOneIsZero) { EXPECT_EQ(Log(1.0), 0.0); }

TEST(PortableMath, LogAgreesOverAllExponents) {
  std::mt19937 engine(1);
  double worst = 0.0;
  for (int exponent = -1022; exponent <= 1023; ++exponent) {
    for (int i = 0; i < 20; ++i) worst = std::max(worst, LogUlps(std::ldexp(1.0 + test::Draw(engine), exponent)));
  }
  EXPECT_LE(worst, 2.0);
}

TEST(PortableMath, LogAgreesNearOne) {
  std::mt19937 engine(2);
  double worst = 0.0;
  for (int exponent = -52; exponent <= -1; ++exponent) {
    for (int i = 0; i < 100; ++i) {
      const double step = std::ldexp(1.0 + test::Draw(engine), exponent - 1);
      worst = std::max({worst, LogUlps(1.0 + step), LogUlps(1.0 - step)});
    }
  }
  EXPECT_LE(worst, 2.0);
}

TEST(PortableMath, LogAgreesOnBothSidesOfTheSquareRootOfTwo) {
  for (const double centre : {0.5 * std::numbers::sqrt2, std::numbers::sqrt2, 2.0 * std::numbers::sqrt2}) {
    EXPECT_LE(LogUlps(centre), 2.0);
    EXPECT_LE(LogUlps(std::nextafter(centre, 0.0)), 2.0);
    EXPECT_LE(LogUlps(std::nextafter(centre, 9.0)), 2.0);
  }
}

TEST(PortableMath, LogAgreesAtTheExtremes) {
  using Limits = std::numeric_limits<double>;
  for (const double x : {Limits::denorm_min(), 3.0 * Limits::denorm_min(), 1e-310, std::nextafter(Limits::min(), 0.0),
                         Limits::min(), Limits::max()}) {
    EXPECT_LE(LogUlps(x), 2.0) << x;
  }
}

TEST(PortableMath, ExpAgreesOverItsRange) {
  EXPECT_EQ(Exp(0.0), 1.0);
  std::mt19937 engine(3);
  double worst = 0.0;
  for (int i = 0; i < 100'000; ++i) worst = std::max(worst, ExpUlps(1400.0 * test::Draw(engine) - 700.0));
  for (int i = 0; i < 100'000; ++i) worst = std::max(worst, ExpUlps(2.0 * test::Draw(engine) - 1.0));
  for (const double x : {-700.0, 700.0, 0.5 * std::numbers::ln2, -0.5 * std::numbers::ln2, 1e-300, -1e-18}) {
    worst = std::max(worst, ExpUlps(x));
  }
  EXPECT_LE(worst, 2.0);
}

TEST(PortableMath, ExpIsClampedBeyondItsRange) {
  EXPECT_EQ(Exp(1e6), Exp(700.0));
  EXPECT_EQ(Exp(-1e6), Exp(-700.0));
}

TEST(ExpForFloat, IsExpToFloatPrecision) {
  for (double x = -699.0; x < 699.0; x += 0.37) EXPECT_NEAR(ExpForFloat(x) / std::exp(x), 1.0, 1e-8) << x;
  EXPECT_EQ(ExpForFloat(0.0), 1.0);
  EXPECT_EQ(ExpForFloat(1e9), ExpForFloat(700.0));
  EXPECT_EQ(ExpForFloat(-1e9), ExpForFloat(-700.0));
}

}  // namespace
}  // namespace matfac
