#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "implicit_data.h"
#include "solvers/bpr_tiles.h"

namespace matfac {
namespace {

/// A few users of many items, one of whom rated most of them, and one all.
std::shared_ptr<const Ratings> SomeRatings(Index items) {
  RatingColumns columns = test::RandomWeights(30, items, 0.2, 1);
  for (Index item = 0; item < items; ++item) {
    for (const Index user : {30, 31}) {
      if (user == 30 && item % 9 == 4) continue;
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(1.0F);
    }
  }
  return test::Frozen(columns, 32, items);
}

class BprGrid : public testing::TestWithParam<std::pair<Index, bool>> {
 protected:
  const std::shared_ptr<const Ratings> ratings_ = SomeRatings(GetParam().first);
  const bool whole_ = GetParam().second;
  std::vector<std::uint8_t> is_rated_ = std::vector<std::uint8_t>(ratings_->ItemCount());
};

TEST_P(BprGrid, HasOneSampleForEachRatingAndNoRatedItemBesideIt) {
  BprTiles tiles;
  tiles.Draw(*ratings_, 3, 32, whole_, Random(1), is_rated_);
  std::set<std::pair<Index, Index>> seen;
  for (int round = 0; round < kBprRounds; ++round) {
    for (int place = 0; place < kBprTilesPerRound; ++place) {
      for (const BprSample& sample : tiles.Tile(round, place)) {
        const auto rated = ratings_->ByUser().Row(sample.user).others;
        ASSERT_TRUE(std::ranges::binary_search(rated, sample.item));
        ASSERT_FALSE(std::ranges::binary_search(rated, sample.other));
        ASSERT_LT(sample.other, ratings_->ItemCount());
        ASSERT_TRUE(seen.emplace(sample.user, sample.item).second);
      }
    }
  }
  // Of users 3 … 30; user 31 rated everything.
  EXPECT_EQ(static_cast<Offset>(seen.size()), ratings_->ByUser().Begin(31) - ratings_->ByUser().Begin(3));
  EXPECT_EQ(std::ranges::count(is_rated_, 0), std::ssize(is_rated_));
}

TEST_P(BprGrid, TheTilesOfARoundShareNoItem) {
  BprTiles tiles;
  tiles.Draw(*ratings_, 0, 32, whole_, Random(2), is_rated_);
  for (int round = 0; round < kBprRounds; ++round) {
    std::vector<int> place_of_item(ratings_->ItemCount(), -1);
    for (int place = 0; place < kBprTilesPerRound; ++place) {
      for (const BprSample& sample : tiles.Tile(round, place)) {
        for (const Index item : {sample.item, sample.other}) {
          ASSERT_TRUE(place_of_item[item] == -1 || place_of_item[item] == place);
          place_of_item[item] = place;
        }
      }
    }
  }
}

/// By χ² over the unrated items of one user, whose ratings are drawn for in many epochs.
TEST_P(BprGrid, DrawsUniformly) {
  constexpr int kEpochs = 300;
  for (const Index user : {2, 30}) {
    std::vector<int> draws(ratings_->ItemCount());
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
      BprTiles tiles;
      tiles.Draw(*ratings_, user, user + 1, whole_, Random(3, epoch), is_rated_);
      for (int round = 0; round < kBprRounds; ++round) {
        for (int place = 0; place < kBprTilesPerRound; ++place) {
          for (const BprSample& sample : tiles.Tile(round, place)) ++draws[sample.other];
        }
      }
    }
    const auto rated = ratings_->ByUser().Row(user).others;
    const double unrated = static_cast<double>(draws.size() - rated.size());
    const double expected = static_cast<double>(rated.size()) * kEpochs / unrated;
    double chi_square = 0.0;
    for (Index item = 0; item < ratings_->ItemCount(); ++item) {
      if (std::ranges::binary_search(rated, item)) continue;
      chi_square += (draws[item] - expected) * (draws[item] - expected) / expected;
    }
    EXPECT_NEAR(chi_square, unrated - 1.0, 5.0 * std::sqrt(2.0 * unrated)) << user;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, BprGrid,
                         testing::Values(std::pair(20, false), std::pair(300, false), std::pair(300, true)));

}  // namespace
}  // namespace matfac
