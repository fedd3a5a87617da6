#include "ranking/item_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "ranking/recommend.h"
#include "support.h"

namespace matfac {
namespace {

/// Rows of lengths between 0 and 1, as those of a trained model are; whole numbers where there must be ties.
Model ModelOf(Index users, Index items, int stride, bool biases, bool ties) {
  Model model;
  model.options = {.factors = stride, .biases = biases};
  const auto rows = [&](Index count, unsigned seed) -> FactorMatrix {
    const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(count) * stride, seed);
    FactorMatrix matrix = Eigen::Map<const FactorMatrix>(numbers.data(), count, stride);
    for (Index row = 0; row < count; ++row) matrix.row(row) *= 1.0F / static_cast<float>(1 + (row * 37) % 29);
    if (ties) matrix = (matrix * 4.0F).array().round().matrix();
    return matrix;
  };
  model.user_factors = rows(users, 1);
  model.item_factors = rows(items, 2);
  if (biases) {
    model.user_bias = test::RandomFloats(users, 3);
    model.item_bias = test::RandomFloats(items, 4);
    if (ties) std::ranges::fill(model.item_bias, 1.0F);
  }
  model.mean = 3.3;
  return model;
}

TEST(ItemOrder, HasEveryItemOnceAndBoundsItsTiles) {
  for (const bool by_reach : {false, true}) {
    const Model model = ModelOf(50, 1000, 12, true, false);
    const ItemOrder order(model, by_reach);
    std::set<Index> seen;
    for (const ItemOrder::Tile& tile : order.Tiles()) {
      EXPECT_LE(tile.items.size(), std::size_t{ItemOrder::kTileItems});
      for (const Index item : tile.items) {
        EXPECT_TRUE(seen.insert(item).second) << item;
        EXPECT_LE(model.item_bias[item], tile.bias);
        EXPECT_LE(model.item_factors.row(item).cast<double>().norm(), tile.norm);
      }
    }
    EXPECT_EQ(seen.size(), 1000U);
  }
}

TEST(ItemOrder, OfTheModelIsThatOfItsItems) {
  const ItemOrder order(ModelOf(3, 300, 4, false, false), false);
  Index next = 0;
  for (const ItemOrder::Tile& tile : order.Tiles()) {
    for (const Index item : tile.items) EXPECT_EQ(item, next++);
  }
}

TEST(ItemOrder, ByReachBeginsWithTheLongestRows) {
  const Model model = ModelOf(50, 3000, 12, false, false);
  const ItemOrder order(model, true);
  double least = std::numeric_limits<double>::infinity();
  for (const Index item : order.Tiles().front().items) {
    least = std::min(least, model.item_factors.row(item).cast<double>().norm());
  }
  int longer = 0;
  for (Index item = 0; item < 3000; ++item)
    longer += model.item_factors.row(item).cast<double>().norm() > least ? 1 : 0;
  // But for the steps of the order, none of the others is longer.
  EXPECT_LT(longer, ItemOrder::kTileItems + 8);
}

TEST(ItemOrder, OfRowsOfOneLengthIsThatOfTheModel) {
  Model model = ModelOf(50, 1000, 12, false, false);
  model.item_factors.rowwise().normalize();
  const ItemOrder order(model, true);
  Index next = 0;
  for (const ItemOrder::Tile& tile : order.Tiles()) {
    for (const Index item : tile.items) EXPECT_EQ(item, next++);
  }
}

TEST(ItemOrder, ChangesNoRecommendation) {
  for (const int stride : {4, 20, 64}) {
    for (const bool biases : {false, true}) {
      for (const bool ties : {false, true}) {
        const Model model = ModelOf(150, 1501, stride, biases, ties);
        const ItemOrder order(model, true);
        std::vector<Index> users;
        std::vector<std::vector<Index>> lists;
        for (Index user = 0; user < 150; ++user) {
          users.push_back(149 - user);
          lists.emplace_back();
          // Not in order, and some of them twice.
          for (Index item = user % 7; item < 1501; item += 11) lists.back().push_back(1500 - item);
          if (user % 2 == 0) lists.back().push_back(lists.back().front());
        }
        const std::vector<std::span<const Index>> excluded(lists.begin(), lists.end());
        for (const int n : {0, 1, 10, 2000}) {
          for (const int threads : {1, 3}) {
            Workers workers(threads);
            const std::vector<Ranking> ranked =
                RecommendMany(model, users, {.n = n, .order = &order}, excluded, workers);
            for (std::size_t u = 0; u < users.size(); ++u) {
              const Ranking alone = Recommend(model, ProfileOf(model, users[u]), {.n = n}, excluded[u]);
              ASSERT_EQ(ranked[u].indices, alone.indices) << "stride " << stride << ", n " << n;
              ASSERT_EQ(ranked[u].scores, alone.scores);
            }
          }
        }
      }
    }
  }
}

TEST(ItemOrder, ChangesNothingAtAnySize) {
  for (const float size : {0.0F, 1e-30F, 1e-18F, 1e-10F, 1e17F}) {
    Model model = ModelOf(20, 700, 8, true, false);
    model.user_factors *= size;
    model.item_factors *= size;
    for (const float offset : {0.0F, 1e6F}) {
      for (float& bias : model.item_bias) bias = size == 0.0F ? bias : 0.0F;
      model.mean = offset;
      const ItemOrder order(model, true);
      std::vector<Index> users;
      for (Index user = 0; user < 20; ++user) users.push_back(user);
      const std::vector<std::span<const Index>> none(users.size());
      Workers workers(1);
      const std::vector<Ranking> ranked = RecommendMany(model, users, {.n = 5, .order = &order}, none, workers);
      for (const Index user : users) {
        const Ranking alone = Recommend(model, ProfileOf(model, user), {.n = 5}, {});
        ASSERT_EQ(ranked[user].indices, alone.indices) << "size " << size << ", offset " << offset;
        ASSERT_EQ(ranked[user].scores, alone.scores);
      }
    }
  }
}

}  // namespace
}  // namespace matfac
