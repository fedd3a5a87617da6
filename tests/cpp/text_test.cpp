#include "base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace matfac {
namespace {

TEST(NumberText, IsAsShortAsTheNumber) {
  EXPECT_EQ(NumberText(3.0), "3");
  EXPECT_EQ(NumberText(-0.25), "-0.25");
  EXPECT_EQ(NumberText(1e-12), "1e-12");
  EXPECT_EQ(NumberText(1'000'000.0), "1000000");
  EXPECT_EQ(NumberText(0.0), "0");
  EXPECT_EQ(NumberText(0.05), "0.05");
  EXPECT_EQ(NumberText(1.0 / 3.0), "0.3333333333");
  EXPECT_EQ(NumberText(-12'345.678), "-12345.678");
  EXPECT_EQ(NumberText(9.9999999999), "10");
  EXPECT_EQ(NumberText(1.5e20), "1.5e+20");
  EXPECT_EQ(NumberText(9'007'199'254'740'992.0), "9.007199255e+15");
  EXPECT_EQ(NumberText(5e-324), "4.940656458e-324");
}

TEST(NumberText, SpellsWhatIsNotFiniteAsJavaScriptDoes) {
  EXPECT_EQ(NumberText(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(NumberText(std::numeric_limits<double>::infinity()), "Infinity");
  EXPECT_EQ(NumberText(-std::numeric_limits<double>::infinity()), "-Infinity");
}

}  // namespace
}  // namespace matfac
