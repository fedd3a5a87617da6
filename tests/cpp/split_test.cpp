#include "data/split.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "json.h"
#include "support.h"

namespace matfac {
namespace {

// tests/golden/split.json comes from tests/golden/split.py; the JavaScript tests read it, too.
TEST(RandomSplit, IsTheGoldenOne) {
  const test::Json golden = test::ReadGolden("split.json");
  ASSERT_GE(golden.Items().size(), 2U);
  for (const test::Json& split : golden.Items()) {
    const auto seed = static_cast<std::uint32_t>(static_cast<std::uint64_t>(split["seed"].Number()));  // modulo 2³²
    const auto size = static_cast<std::size_t>(split["size"].Number());
    std::vector<bool> expected(size);
    for (const test::Json& i : split["test"].Items()) expected.at(static_cast<std::size_t>(i.Number())) = true;
    EXPECT_EQ(RandomSplit(size, split["share"].Number(), seed), expected) << "seed " << seed;
  }
}

TEST(RandomSplit, HoldsOutAboutTheShare) {
  constexpr std::size_t kSize = 100'000;
  for (const double share : {0.001, 0.2, 0.5, 0.999}) {
    for (const std::uint32_t seed : {0U, 1U, 4294967295U}) {
      const std::vector<bool> held_out = RandomSplit(kSize, share, seed);
      const auto count = static_cast<double>(std::ranges::count(held_out, true));
      EXPECT_NEAR(count, share * kSize, 5.0 * std::sqrt(share * (1.0 - share) * kSize)) << share << ' ' << seed;
    }
  }
}

TEST(RandomSplit, SeedsAreIndependent) {
  constexpr std::size_t kSize = 100'000;
  const std::vector<bool> one = RandomSplit(kSize, 0.2, 1);
  const std::vector<bool> two = RandomSplit(kSize, 0.2, 2);
  double both = 0.0;
  for (std::size_t i = 0; i < kSize; ++i) both += one[i] && two[i] ? 1.0 : 0.0;
  EXPECT_NEAR(both, 0.04 * kSize, 5.0 * std::sqrt(0.04 * 0.96 * kSize));
}

TEST(RandomSplit, DoesNotDependOnTheSize) {
  const std::vector<bool> longer = RandomSplit(200, 0.3, 9);
  EXPECT_EQ(RandomSplit(100, 0.3, 9), std::vector<bool>(longer.begin(), longer.begin() + 100));
  EXPECT_TRUE(RandomSplit(0, 0.3, 9).empty());
}

TEST(Split, PartsTheRatingsInTheirOrder) {
  const RatingColumns columns = test::RandomColumns(20, 30, 0.5, 1);
  const SplitRatings split = Split(columns.View(), 0.25, 7);
  const std::vector<bool> held_out = RandomSplit(columns.values.size(), 0.25, 7);
  std::size_t train = 0;
  std::size_t test = 0;
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    const RatingColumns& part = held_out[i] ? split.test : split.train;
    const std::size_t at = held_out[i] ? test++ : train++;
    ASSERT_LT(at, part.values.size());
    EXPECT_EQ(part.users[at], columns.users[i]);
    EXPECT_EQ(part.items[at], columns.items[i]);
    EXPECT_EQ(part.values[at], columns.values[i]);
  }
  EXPECT_EQ(split.train.values.size(), train);
  EXPECT_EQ(split.test.values.size(), test);
  EXPECT_EQ(split.test.users.size(), test);
  EXPECT_EQ(split.test.items.size(), test);
}

TEST(Split, RefusesSharesOutsideZeroAndOne) {
  const RatingColumns columns = test::RandomColumns(20, 30, 0.5, 1);
  for (const double share : {0.0, 1.0, -0.2, 1.5, std::nan(""), std::numeric_limits<double>::infinity()}) {
    test::ExpectError<std::invalid_argument>([&] { Split(columns.View(), share, 1); },
                                             {"share must be a number between 0 and 1; it is "});
  }
}

TEST(Split, RefusesAnEmptyPart) {
  const RatingColumns one{.users = {0}, .items = {0}, .values = {1.0F}};
  for (const double share : {0.001, 0.999}) {
    test::ExpectError<std::invalid_argument>([&] { Split(one.View(), share, 1); },
                                             {"share must leave ratings in both parts", "of 1 ratings"});
  }
  test::ExpectError<std::invalid_argument>([] { Split({}, 0.5, 1); }, {"of 0 ratings"});
}

}  // namespace
}  // namespace matfac
