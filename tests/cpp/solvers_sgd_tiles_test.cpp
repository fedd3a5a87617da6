#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "solvers/sgd_tiles.h"
#include "support.h"

namespace matfac {
namespace {

using Pair = SgdTiles::Pair;

/// Users, items, share of rated pairs, stride.
class SgdGrid : public testing::TestWithParam<std::tuple<Index, Index, double, int>> {
 protected:
  const Index users_ = std::get<0>(GetParam());
  const Index items_ = std::get<1>(GetParam());
  const RatingColumns columns_ = test::RandomColumns(users_, items_, std::get<2>(GetParam()), 5);
  Workers workers_{2};
  SgdTiles tiles_{*test::Freeze(columns_, users_, items_), std::get<3>(GetParam()), 1, workers_};
};

TEST_P(SgdGrid, HoldsEveryRatingOnce) {
  std::set<std::tuple<Index, Index, float>> left;
  for (std::size_t i = 0; i < columns_.values.size(); ++i) {
    left.emplace(columns_.users[i], columns_.items[i], columns_.values[i]);
  }
  for (Index tile = 0; tile < tiles_.Count(); ++tile) {
    for (const Pair& pair : tiles_.Pairs(tile)) ASSERT_EQ(left.erase({pair.user, pair.item, pair.rating}), 1U);
  }
  EXPECT_TRUE(left.empty());
}

TEST_P(SgdGrid, PairsAreInTheRowsOfTheirTile) {
  for (Index tile = 0; tile < tiles_.Count(); ++tile) {
    const SgdTiles::RowRange users = tiles_.Users(tile);
    const SgdTiles::RowRange items = tiles_.Items(tile);
    ASSERT_TRUE(0 <= users.begin && users.end <= users_ && 0 <= items.begin && items.end <= items_);
    for (const Pair& pair : tiles_.Pairs(tile)) {
      ASSERT_TRUE(users.begin <= pair.user && pair.user < users.end);
      ASSERT_TRUE(items.begin <= pair.item && pair.item < items.end);
    }
  }
}

TEST_P(SgdGrid, RoundsHoldEachTileOnceAndTheirTilesShareNoRow) {
  for (const std::uint64_t seed : {1, 2}) {
    const SgdTiles::Schedule schedule = tiles_.Shuffled(Random(seed));
    std::vector<int> visits(tiles_.Count());
    for (Index round = 0; round < tiles_.Rounds(); ++round) {
      std::vector<Index> tile_of_user(users_, -1);
      std::vector<Index> tile_of_item(items_, -1);
      for (const Index tile : tiles_.Round(schedule, round)) {
        ++visits[tile];
        for (const Pair& pair : tiles_.Pairs(tile)) {
          for (Index* const owner : {&tile_of_user[pair.user], &tile_of_item[pair.item]}) {
            ASSERT_TRUE(*owner == -1 || *owner == tile);
            *owner = tile;
          }
        }
      }
    }
    EXPECT_EQ(visits, std::vector<int>(tiles_.Count(), 1));
  }
}

TEST_P(SgdGrid, TilesWaitForTheLastThatSharesARow) {
  const SgdTiles::Schedule schedule = tiles_.Shuffled(Random(1));
  std::vector<Index> order;
  for (Index round = 0; round < tiles_.Rounds(); ++round) {
    for (const Index tile : tiles_.Round(schedule, round)) order.push_back(tile);
  }
  const std::vector<Index> waits = tiles_.Waits(order);
  ASSERT_EQ(waits.size(), order.size());
  const auto tiles_per_round = static_cast<Index>(tiles_.Round(schedule, 0).size());
  for (Index i = 0; i < static_cast<Index>(order.size()); ++i) {
    Index last = 0;
    for (Index j = 0; j < i; ++j) {
      const bool shares = order[i] / tiles_.ItemGroups() == order[j] / tiles_.ItemGroups() ||
                          order[i] % tiles_.ItemGroups() == order[j] % tiles_.ItemGroups();
      if (shares) last = j + 1;
    }
    EXPECT_EQ(waits[i], last);
    EXPECT_LE(waits[i], std::max(0, i - tiles_per_round + 2)) << "the others of a round are free to run";
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SgdGrid,
                         testing::Values(std::tuple(2, 2, 1.0, 4), std::tuple(40, 30, 0.5, 8),
                                         std::tuple(300, 700, 0.02, 1024), std::tuple(900, 200, 0.02, 1024),
                                         std::tuple(1'000, 800, 0.3, 4)));

TEST(SgdTiles, OfALargeMatrixAreManyAndAboutEqual) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  RatingColumns columns;  // twice, for separate users
  for (Index user = 0; user < 2 * ratings->UserCount(); ++user) {
    const RatingsRow row = ratings->ByUser().Row(user % ratings->UserCount());
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      columns.users.push_back(user);
      columns.items.push_back(row.others[j]);
      columns.values.push_back(row.values[j]);
    }
  }
  Workers workers(1);
  SgdTiles tiles(*test::Freeze(columns, 2 * ratings->UserCount(), ratings->ItemCount()), 16, 1, workers);
  EXPECT_GE(tiles.UserGroups(), 8);
  EXPECT_GE(tiles.ItemGroups(), 8);
  const SgdTiles::Schedule schedule = tiles.Shuffled(Random(1));
  for (Index round = 0; round < tiles.Rounds(); ++round) {
    const std::vector<Index> of_round = tiles.Round(schedule, round);
    std::size_t sum = 0;
    std::size_t most = 0;
    for (const Index tile : of_round) {
      sum += tiles.Pairs(tile).size();
      most = std::max(most, tiles.Pairs(tile).size());
    }
    EXPECT_LT(most, sum / 3) << "two threads can halve the round " << round;
  }
}

std::vector<Pair> Walked(const std::vector<Pair>& pairs, std::uint64_t seed) {
  std::vector<Pair> walked;
  SgdWalk walk(pairs, Random(seed));
  while (const Pair* const pair = walk.Next()) walked.push_back(*pair);
  EXPECT_EQ(walk.Next(), nullptr);
  return walked;
}

TEST(SgdWalk, VisitsEveryPairOnceInOrdersOfItsOwn) {
  for (const Index count : {0, 1, 2, 63, 64, 65, 128, 129, 1'000, 6'400}) {
    std::vector<Pair> pairs;
    for (Index i = 0; i < count; ++i) pairs.push_back({.user = i, .item = 0, .rating = 0.0F});
    std::set<std::vector<Index>> orders;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      std::vector<Index> users;
      for (const Pair& pair : Walked(pairs, seed)) users.push_back(pair.user);
      orders.insert(users);
      std::ranges::sort(users);
      ASSERT_EQ(static_cast<Index>(users.size()), count);
      for (Index i = 0; i < count; ++i) ASSERT_EQ(users[i], i);
    }
    EXPECT_GE(orders.size(), count < 2 ? 1U : 2U) << count;
    EXPECT_TRUE(count < 1'000 || orders.size() == 8) << count;
  }
}

}  // namespace
}  // namespace matfac
