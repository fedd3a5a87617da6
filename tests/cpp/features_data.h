#pragma once

#include <cmath>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "data/features.h"
#include "support.h"
#include "training/trainer.h"

/// Ratings that follow from features of their items, and features that tell nothing.
namespace matfac::test {

/// Every row has one of `kinds` columns, that of row % kinds.
inline Features KindOfRow(Index rows, Index kinds) {
  std::vector<Offset> offsets{0};
  std::vector<Index> columns;
  for (Index row = 0; row < rows; ++row) {
    columns.push_back(row % kinds);
    offsets.push_back(row + 1);
  }
  return {"features", std::move(offsets), std::move(columns), std::vector<float>(rows, 1.0F), kinds};
}

/// Standard normal numbers in every cell.
inline Features NoiseFeatures(Index rows, Index columns, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<Offset> offsets{0};
  std::vector<Index> cells;
  std::vector<float> values;
  for (Index row = 0; row < rows; ++row) {
    for (Index column = 0; column < columns; ++column) {
      cells.push_back(column);
      double sum = -6.0;
      for (int k = 0; k < 12; ++k) sum += Draw(engine);
      values.push_back(static_cast<float>(sum));
    }
    offsets.push_back(static_cast<Offset>(cells.size()));
  }
  return {"features", std::move(offsets), std::move(cells), std::move(values), columns};
}

/// Users of two tastes rate items of four kinds: with g the taste of the user and k the kind of the item, about
/// 3 + a_k + s_gk, with noise. Items from `rated_items` on have no ratings.
struct Tastes {
  static constexpr Index kUsers = 120;
  static constexpr Index kItems = 80;
  static constexpr Index kKinds = 4;

  Index rated_items = 60;
  RatingColumns columns;

  static double Expected(Index user, Index item) {
    constexpr double kLevels[kKinds] = {0.8, -0.6, 0.3, -0.5};
    constexpr double kSlopes[kKinds] = {0.7, 0.4, -0.6, -0.5};
    return 3.0 + kLevels[item % kKinds] + (user % 2 == 0 ? 1.0 : -1.0) * kSlopes[item % kKinds];
  }

  explicit Tastes(unsigned seed = 1) {
    std::mt19937 engine(seed);
    for (Index user = 0; user < kUsers; ++user) {
      for (Index item = 0; item < rated_items; ++item) {
        const double noise = 0.4 * (Draw(engine) + Draw(engine) - 1.0);
        if (Draw(engine) > 0.5) continue;
        columns.users.push_back(user);
        columns.items.push_back(item);
        columns.values.push_back(static_cast<float>(Expected(user, item) + noise));
      }
    }
  }
  SharedRatings Frozen() const { return Freeze(columns, kUsers, kItems); }
  /// Observed where a user of the taste likes the kind.
  SharedRatings Liked() const {
    RatingColumns liked;
    for (std::size_t j = 0; j < columns.values.size(); ++j) {
      if (Expected(columns.users[j], columns.items[j]) < 3.0) continue;
      liked.users.push_back(columns.users[j]);
      liked.items.push_back(columns.items[j]);
      liked.values.push_back(1.0F);
    }
    return Freeze(liked, kUsers, kItems);
  }
  static std::shared_ptr<const SideFeatures> ItemKinds() {
    auto features = std::make_shared<SideFeatures>();
    features->items = KindOfRow(kItems, kKinds);
    return features;
  }
};

inline Model Train(const SharedRatings& ratings, const Options& options, std::shared_ptr<const SideFeatures> features) {
  Trainer trainer(ratings, options, {}, std::nullopt, std::move(features));
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

}  // namespace matfac::test
