#include "text.h"

#include <gtest/gtest.h>

#include <limits>

namespace matfac {
namespace {

TEST(Shown, IsAsShortAsTheNumber) {
  EXPECT_EQ(Shown(3.0), "3");
  EXPECT_EQ(Shown(-0.25), "-0.25");
  EXPECT_EQ(Shown(1e-12), "1e-12");
  EXPECT_EQ(Shown(1'000'000.0), "1000000");
}

TEST(Shown, SpellsWhatIsNotFiniteAsJavaScriptDoes) {
  EXPECT_EQ(Shown(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(Shown(std::numeric_limits<double>::infinity()), "Infinity");
  EXPECT_EQ(Shown(-std::numeric_limits<double>::infinity()), "-Infinity");
}

}  // namespace
}  // namespace matfac
