#include "ranking/ranked_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/random.h"
#include "fold_in/fold_in.h"
#include "model/preference_terms.h"
#include "ranking/recommend.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr int kTastes = 4;
constexpr Index kUsers = 240;
constexpr Index kItems = 80;
/// Taken by many of every taste, and disliked by all.
constexpr Index kDisliked = kItems - 1;

int TasteOf(Index row) { return row % kTastes; }

/// Users take items of their own taste above all, and like them.
test::SharedRatings PlantedTastes() {
  Random random(11, 3);
  RatingColumns columns;
  for (Index user = 0; user < kUsers; ++user) {
    for (Index item = 0; item < kItems; ++item) {
      const bool own = TasteOf(user) == TasteOf(item);
      const double share = item == kDisliked ? 0.5 : own ? 0.5 : 0.08;
      if (random.Uniform() > share) continue;
      const double stars = item == kDisliked ? 1.3 : own ? 4.2 : 3.2;
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(static_cast<float>(std::clamp(stars + 0.6 * random.Normal(), 1.0, 5.0)));
    }
  }
  return test::Freeze(columns, kUsers, kItems);
}

Model Trained(const test::SharedRatings& ratings, SolverKind solver) {
  Options options = DefaultOptions(solver);
  options.model.preference = true;
  options.model.preference_factors = 8;
  if (solver == SolverKind::kVariational) options.model.factors = 4;
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

class Ranked : public testing::TestWithParam<SolverKind> {
 protected:
  std::vector<Index> TopTen(const Profile& visitor, std::span<const Index> excluded = {}) const {
    return Recommend(ranked_, PreferenceProfile(model_, visitor), {.n = 10}, excluded).indices;
  }
  static int OfTaste(const std::vector<Index>& items, int taste) {
    return static_cast<int>(std::ranges::count_if(items, [&](Index item) { return TasteOf(item) == taste; }));
  }

  const test::SharedRatings ratings_ = PlantedTastes();
  const Model model_ = Trained(ratings_, GetParam());
  const Model ranked_ = PreferenceModel(model_);
};

TEST_P(Ranked, ScoresArePreferenceAndATenthOfTheStandardizedRating) {
  const auto terms = PreferenceTerms::Of(model_);
  for (Index user = 0; user < kUsers; user += 13) {
    for (Index item = 0; item < kItems; ++item) {
      double expected = 0.1 * (model_.Score(user, item) - model_.Baseline()) / terms.deviation;
      for (Index f = 0; f < model_.liked_items.cols(); ++f) {
        expected += static_cast<double>(model_.liked_users(user, f)) * model_.liked_items(item, f);
      }
      EXPECT_NEAR(ranked_.Score(user, item), expected, 1e-5);
    }
  }
  EXPECT_NEAR(terms.mean, ratings_->Mean(), 1e-6);
  EXPECT_NEAR(terms.deviation, ratings_->Deviation(), 1e-6);
}

TEST_P(Ranked, RecommendsItemsOfAUsersTaste) {
  int own = 0;
  for (Index user = 0; user < kUsers; ++user) {
    own += OfTaste(Recommend(ranked_, ProfileOf(ranked_, user), {.n = 10}, ratings_->ByUser().Row(user).others).indices,
                   TasteOf(user));
  }
  // Some 10 of a user's 20 items are left.
  EXPECT_GT(own, 8 * kUsers);
}

TEST_P(Ranked, AUsersOwnRatingsFoldedInAreThatUser) {
  const Visitors visitors(model_);
  int same = 0;
  for (Index user = 0; user < kUsers; user += 3) {
    const RatingsRow row = ratings_->ByUser().Row(user);
    const Profile visitor = visitors.FoldIn(row.others, row.values);
    for (Index f = 0; f < model_.liked_users.cols(); ++f) {
      EXPECT_NEAR(visitor.liked[f], model_.liked_users(user, f), 1e-2);
    }
    std::vector<Index> folded = TopTen(visitor);
    std::ranges::sort(folded);
    std::vector<Index> known = Recommend(ranked_, ProfileOf(ranked_, user), {.n = 10}, {}).indices;
    std::ranges::sort(known);
    std::vector<Index> both;
    std::ranges::set_intersection(folded, known, std::back_inserter(both));
    same += static_cast<int>(both.size());
  }
  EXPECT_GT(same, 9 * kUsers / 3);
}

TEST_P(Ranked, AVisitorWithoutRatingsGetsThePopulation) {
  const Profile visitor = FoldIn(model_, {}, {});
  const auto terms = PreferenceTerms::Of(model_);
  EXPECT_EQ(visitor.liked, std::vector<float>(terms.population.begin(), terms.population.end()));
  const std::vector<Index> top = TopTen(visitor);
  std::set<int> tastes;
  for (const Index item : top) tastes.insert(TasteOf(item));
  EXPECT_GE(tastes.size(), 3U);
}

TEST_P(Ranked, WhatEverybodyDislikesDoesNotLead) {
  Offset most = 0;
  for (Index item = 0; item < kDisliked; ++item) most = std::max(most, ratings_->ByItem().Count(item));
  ASSERT_GT(ratings_->ByItem().Count(kDisliked), 2 * most) << "the item must be the most popular";
  EXPECT_EQ(std::ranges::count(TopTen(FoldIn(model_, {}, {})), kDisliked), 0);
  int leads = 0;
  for (Index user = 0; user < kUsers; ++user) {
    leads += Recommend(ranked_, ProfileOf(ranked_, user), {.n = 1}, {}).indices[0] == kDisliked ? 1 : 0;
  }
  EXPECT_EQ(leads, 0);
}

TEST_P(Ranked, ThreeDislikesOfATasteBringFewerOfIt) {
  int before = 0;
  int after = 0;
  for (int taste = 0; taste < kTastes; ++taste) {
    const std::vector<Index> disliked = {taste, taste + kTastes, taste + 2 * kTastes};
    const int without = OfTaste(TopTen(FoldIn(model_, {}, {}), disliked), taste);
    const int with = OfTaste(TopTen(FoldIn(model_, disliked, std::vector<float>(3, 1.0F)), disliked), taste);
    EXPECT_LE(with, without) << taste;
    before += without;
    after += with;
  }
  EXPECT_GE(before, 4);
  EXPECT_LE(after, before / 3);
}

TEST_P(Ranked, ThreeLikesOfATasteBringMoreOfIt) {
  for (int taste = 0; taste < kTastes; ++taste) {
    const std::vector<Index> liked = {taste, taste + kTastes, taste + 2 * kTastes};
    const Profile visitor = FoldIn(model_, liked, std::vector<float>{5.0F, 5.0F, 5.0F});
    EXPECT_GE(OfTaste(TopTen(visitor, liked), taste), 8) << taste;
  }
}

TEST_P(Ranked, SimilarItemsAreOfOneTaste) {
  int own = 0;
  for (Index item = 0; item < kItems - 1; ++item) {
    own += OfTaste(Similar(SimilarityOf(model_), item, 5).indices, TasteOf(item));
  }
  EXPECT_GT(own, 4 * (kItems - 1));
}

INSTANTIATE_TEST_SUITE_P(Solvers, Ranked,
                         testing::Values(SolverKind::kVariational, SolverKind::kAls, SolverKind::kBias),
                         [](const auto& info) { return std::string(SolverName(info.param)); });

TEST(RankedModel, SimilarityWithoutPreferenceIsThatOfTheFactors) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options = DefaultOptions(SolverKind::kAls);
  options.model.preference = false;
  const Model model = InitialModel(*ratings, options.model, 1);
  std::vector<float> room;
  EXPECT_EQ(SimilarityOf(model).Row(0, room), RowOf(model.item_factors, 0));
}

}  // namespace
}  // namespace matfac
