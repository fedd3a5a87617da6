#include "data/item_lists.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

class ItemListsOfRandomPairs : public testing::TestWithParam<unsigned> {};

TEST_P(ItemListsOfRandomPairs, AscendWithEachItemOnceAndWithoutUnknownOnes) {
  constexpr Index kUsers = 40;
  constexpr Index kItems = 30;
  std::mt19937 engine(GetParam());
  std::vector<Index> users;
  std::vector<Index> items;
  std::vector<std::set<Index>> plain(kUsers);
  for (int j = 0; j < 900; ++j) {
    const auto draw = [&](Index count) { return static_cast<Index>(engine() % (count + 1)) - 1; };
    users.push_back(draw(kUsers - 1));  // the last user and the last item have none
    items.push_back(draw(kItems - 1));
    if (users.back() != kUnknown && items.back() != kUnknown) plain[users.back()].insert(items.back());
  }
  const ItemLists lists("test", users, items, kUsers, kItems);
  for (Index user = 0; user < kUsers; ++user) {
    const auto row = lists.Row(user);
    EXPECT_EQ(std::vector<Index>(row.begin(), row.end()), std::vector<Index>(plain[user].begin(), plain[user].end()));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ItemListsOfRandomPairs, testing::Values(1U, 2U));

TEST(ItemLists, OfNothingAreEmpty) {
  EXPECT_TRUE(ItemLists().Row(3).empty());
  EXPECT_TRUE(ItemLists("test", {}, {}, 2, 0).Row(1).empty());
}

TEST(ItemLists, RejectIndicesOutOfRange) {
  const std::vector<Index> zero{0};
  const std::vector<Index> two{2};
  EXPECT_THROW(ItemLists("test", two, zero, 2, 1), std::invalid_argument);
  EXPECT_THROW(ItemLists("test", zero, two, 1, 2), std::invalid_argument);
  EXPECT_THROW(ItemLists("test", zero, {}, 1, 1), std::invalid_argument);
}

}  // namespace
}  // namespace matfac
