#include "ranking/recommend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <vector>

#include "ranking/diversity.h"
#include "support.h"

namespace matfac {
namespace {

constexpr Index kItems = 200;

struct Scored {
  Index index;
  double score;
};

/// The n best by a full sort: by falling score, then by index.
std::vector<Scored> NaiveTop(std::vector<Scored> all, int n) {
  std::ranges::sort(
      all, [](const Scored& a, const Scored& b) { return a.score != b.score ? a.score > b.score : a.index < b.index; });
  if (all.size() > static_cast<std::size_t>(n)) all.resize(n);
  return all;
}

void ExpectRanking(const Ranking& ranking, const std::vector<Scored>& expected) {
  ASSERT_EQ(ranking.indices.size(), expected.size());
  ASSERT_EQ(ranking.scores.size(), expected.size());
  for (std::size_t place = 0; place < expected.size(); ++place) {
    EXPECT_EQ(ranking.indices[place], expected[place].index) << "place " << place;
    EXPECT_EQ(ranking.scores[place], expected[place].score) << "place " << place;
  }
}

/// Small whole numbers everywhere, so that scores are exact in float32 and many are equal.
class Recommendations : public testing::Test {
 protected:
  Model model;
  Profile visitor{.factors = {1.0F, -2.0F, 1.0F, 0.0F}, .bias = 1.0F};

  Recommendations() {
    model.options = {.factors = 3, .biases = true};
    model.user_factors = FactorMatrix::Zero(2, 4);
    model.user_factors.row(1) << 1.0F, -2.0F, 1.0F, 0.0F;
    model.item_factors = FactorMatrix::Zero(kItems, 4);
    model.user_bias = {0.0F, 1.0F};
    std::mt19937 engine(1);
    const auto draw = [&] { return static_cast<float>(static_cast<int>(engine() % 5) - 2); };
    for (Index item = 0; item < kItems; ++item) {
      for (int f = 0; f < 3; ++f) model.item_factors(item, f) = draw();
      model.item_bias.push_back(draw());
    }
    model.mean = 3.0;
    model.minimum = 0.5F;
    model.maximum = 5.0F;
  }

  std::vector<Scored> Naive(int n, const std::set<Index>& excluded, std::optional<std::set<Index>> included) const {
    std::vector<Scored> all;
    for (Index item = 0; item < kItems; ++item) {
      if (excluded.contains(item) || (included && !included->contains(item))) continue;
      const auto v = model.item_factors.row(item);
      all.push_back({item, 3.0 + 1.0 + model.item_bias[item] + v(0) - 2.0 * v(1) + v(2)});
    }
    return NaiveTop(all, n);
  }
};

TEST_F(Recommendations, AreANaiveSortWithTies) {
  std::set<double> scores;
  for (const Scored& scored : Naive(kItems, {}, {})) scores.insert(scored.score);
  ASSERT_LT(scores.size(), kItems / 4) << "there must be ties";
  ASSERT_GT(*scores.rbegin(), 5.0) << "scores must go beyond the range, to show that they are not clipped";
  for (const int n : {1, 2, 10, 50, kItems - 1, kItems})
    ExpectRanking(Recommend(model, visitor, {.n = n}, {}), Naive(n, {}, {}));
}

TEST_F(Recommendations, OfMoreThanThereAreAreAll) {
  EXPECT_EQ(Recommend(model, visitor, {.n = 10'000}, {}).indices.size(), static_cast<std::size_t>(kItems));
}

TEST_F(Recommendations, OfNoneAreEmpty) {
  EXPECT_TRUE(Recommend(model, visitor, {.n = 0}, {}).indices.empty());
  EXPECT_TRUE(Recommend(model, visitor, {.n = 0}, {}).scores.empty());
}

TEST_F(Recommendations, LeaveOutTheExcluded) {
  std::vector<Index> excluded;
  for (const Scored& scored : Naive(7, {}, {})) excluded.push_back(scored.index);
  excluded.insert(excluded.end(), {excluded[0], 100, 100});  // more than once
  const std::set<Index> naive(excluded.begin(), excluded.end());
  ExpectRanking(Recommend(model, visitor, {.n = 20}, excluded), Naive(20, naive, {}));
  ExpectRanking(Recommend(model, visitor, {.n = kItems}, excluded), Naive(kItems, naive, {}));
}

TEST_F(Recommendations, AreOfTheIncludedAlone) {
  const std::vector<Index> included = {5, 150, 5, 3, 77, 199, 0};
  const std::set<Index> naive(included.begin(), included.end());
  ExpectRanking(Recommend(model, visitor, {.n = 4, .included = included}, {}), Naive(4, {}, naive));
  ExpectRanking(Recommend(model, visitor, {.n = 50, .included = included}, {}), Naive(50, {}, naive));
  ExpectRanking(Recommend(model, visitor, {.n = 50, .included = included}, std::vector<Index>{77, 8}),
                Naive(50, {77, 8}, naive));
  EXPECT_TRUE(Recommend(model, visitor, {.n = 5, .included = std::vector<Index>{}}, {}).indices.empty());
}

TEST_F(Recommendations, ForAUserAreThoseForItsProfile) {
  const Profile profile = ProfileOf(model, 1);
  EXPECT_EQ(profile.factors, visitor.factors);
  EXPECT_EQ(profile.bias, visitor.bias);
  test::ExpectError<std::invalid_argument>([&] { ProfileOf(model, 2); }, {"user 2", "0 to 1"});
  test::ExpectError<std::invalid_argument>([&] { ProfileOf(model, kUnknown); }, {"user -1"});
}

TEST_F(Recommendations, RefuseItemsOutsideTheModel) {
  const std::vector<Index> bad = {4, kItems};
  test::ExpectError<std::invalid_argument>([&] { Recommend(model, visitor, {.n = 3}, bad); }, {"item 200", "0 to 199"});
  test::ExpectError<std::invalid_argument>([&] { Recommend(model, visitor, {.n = 3, .included = bad}, {}); },
                                           {"item 200"});
  test::ExpectError<std::invalid_argument>([&] { Recommend(model, visitor, {.n = 3}, std::vector<Index>{-1}); },
                                           {"item -1"});
}

TEST_F(Recommendations, WithDiversityAreChosenFromTheBest) {
  const Ranking pool = Recommend(model, visitor, {.n = DiversityPool(4)}, {});
  ASSERT_EQ(pool.indices.size(), 100U);
  const Ranking chosen = Recommend(model, visitor, {.n = 4, .diversity = 0.7}, {});
  const Ranking expected = Diversify(model.item_factors, pool, 4, 0.7);
  EXPECT_EQ(chosen.indices, expected.indices);
  EXPECT_EQ(chosen.scores, expected.scores);
  EXPECT_NE(chosen.indices, Recommend(model, visitor, {.n = 4}, {}).indices);
  for (const double bad : {-0.1, 1.5, std::nan("")}) {
    test::ExpectError<std::invalid_argument>([&] { Recommend(model, visitor, {.diversity = bad}, {}); },
                                             {"diversity", "0 to 1"});
  }
}

/// A model of random numbers, large enough for several tiles and blocks of users.
Model LargeModel(int factors, bool biases) {
  constexpr Index kUsers = 45;
  constexpr Index kMany = 3001;
  Model model;
  model.options = {.factors = factors, .biases = biases};
  const auto random = [&](Index rows, unsigned seed) -> FactorMatrix {
    const int stride = StrideOf(factors);
    FactorMatrix matrix = Eigen::Map<const FactorMatrix>(
        test::RandomFloats(static_cast<std::size_t>(rows) * stride, seed).data(), rows, stride);
    matrix.rightCols(stride - factors).setZero();
    return matrix;
  };
  model.user_factors = random(kUsers, 1);
  model.item_factors = random(kMany, 2);
  if (biases) {
    model.user_bias = test::RandomFloats(kUsers, 3);
    model.item_bias = test::RandomFloats(kMany, 4);
  }
  model.mean = 3.3;
  return model;
}

TEST(RecommendMany, IsRecommendOfEachToTheBit) {
  for (const int factors : {3, 20, 64}) {
    const Model model = LargeModel(factors, factors != 20);
    std::vector<Index> users;
    std::vector<std::vector<Index>> lists;
    for (Index user = model.UserCount(); user-- > 0;) {
      users.push_back(user);
      lists.emplace_back();
      for (Index item = user % 5; item < model.ItemCount(); item += 7 + user) lists.back().push_back(item);
    }
    const std::vector<std::span<const Index>> excluded(lists.begin(), lists.end());
    std::vector<Index> included(500);
    std::iota(included.begin(), included.end(), 300);
    const QuantizedRows quantized(model.item_factors);
    for (const RecommendOptions& options :
         {RecommendOptions{.n = 10}, RecommendOptions{.n = 5000}, RecommendOptions{.n = 7, .included = included},
          RecommendOptions{.n = 9, .diversity = 0.4}, RecommendOptions{.n = 10, .quantized = &quantized}}) {
      for (const int threads : {1, 3}) {
        Workers workers(threads);
        const std::vector<Ranking> rankings = RecommendMany(model, users, options, excluded, workers);
        ASSERT_EQ(rankings.size(), users.size());
        for (std::size_t u = 0; u < users.size(); ++u) {
          const Ranking alone = Recommend(model, ProfileOf(model, users[u]), options, excluded[u]);
          ASSERT_EQ(rankings[u].indices, alone.indices);
          ASSERT_EQ(rankings[u].scores, alone.scores);
        }
      }
    }
  }
}

TEST(Recommend, OfFloatFactorsIsAScoreAtATime) {
  const Model model = LargeModel(20, true);
  for (const Index user : {0, 44}) {
    const Profile profile = ProfileOf(model, user);
    std::vector<Scored> all;
    for (Index item = 0; item < model.ItemCount(); ++item) {
      all.push_back({item, static_cast<float>(Score(model, profile, item))});
    }
    ExpectRanking(Recommend(model, profile, {.n = 25}, {}), NaiveTop(all, 25));
    ExpectRanking(Recommend(model, profile, {.n = 3001}, {}), NaiveTop(all, 3001));
  }
}

TEST(Recommend, ByQuantizedRowsFindsNearlyTheSame) {
  const Model model = LargeModel(64, true);
  const QuantizedRows quantized(model.item_factors);
  int common = 0;
  for (Index user = 0; user < model.UserCount(); ++user) {
    const Profile profile = ProfileOf(model, user);
    const Ranking exact = Recommend(model, profile, {.n = 10}, {});
    const Ranking found = Recommend(model, profile, {.n = 10, .quantized = &quantized}, {});
    ASSERT_EQ(found.indices.size(), 10U);
    for (std::size_t place = 0; place < 10; ++place) {
      common += std::ranges::find(exact.indices, found.indices[place]) != exact.indices.end() ? 1 : 0;
      EXPECT_EQ(found.scores[place], static_cast<float>(Score(model, profile, found.indices[place])));
    }
  }
  EXPECT_GE(common, model.UserCount() * 10 * 99 / 100);
}

double NaiveCosine(const FactorMatrix& factors, Index a, Index b) {
  const Eigen::VectorXd x = factors.row(a).cast<double>();
  const Eigen::VectorXd y = factors.row(b).cast<double>();
  return x.norm() > 0.0 && y.norm() > 0.0 ? x.dot(y) / (x.norm() * y.norm()) : 0.0;
}

TEST(Similar, IsANaiveCosine) {
  constexpr Index kRows = 60;
  FactorMatrix factors = Eigen::Map<const FactorMatrix>(test::RandomFloats(kRows * 8, 5).data(), kRows, 8);
  factors.row(13).setZero();
  factors.row(20) = 3.0F * factors.row(4);
  for (const Index row : {0, 4, 59}) {
    std::vector<Scored> all;
    for (Index other = 0; other < kRows; ++other) {
      if (other != row) all.push_back({other, NaiveCosine(factors, row, other)});
    }
    for (const int n : {0, 1, 10, kRows, 1000}) {
      const std::vector<Scored> expected = NaiveTop(all, n);
      const Ranking similar = Similar(factors, row, n);
      ASSERT_EQ(similar.indices.size(), expected.size());
      for (std::size_t place = 0; place < expected.size(); ++place) {
        EXPECT_EQ(similar.indices[place], expected[place].index);
        EXPECT_NEAR(similar.scores[place], expected[place].score, 1e-6);
      }
    }
  }
  const Ranking nearest = Similar(factors, 4, 1);
  EXPECT_EQ(nearest.indices[0], 20) << "a longer row of the same direction is the nearest";
  EXPECT_NEAR(nearest.scores[0], 1.0, 1e-6);
}

TEST(Similar, AmongTheListedRowsIsTheSameRankingWithoutTheOthers) {
  constexpr Index kRows = 40;
  const FactorMatrix factors = Eigen::Map<const FactorMatrix>(test::RandomFloats(kRows * 8, 6).data(), kRows, 8);
  const std::vector<Index> excluded = {9, 3, 3, 39};
  const std::vector<Index> included = {3, 5, 7, 7, 20, 39, 1};
  const Ranking all = Similar(factors, 7, kRows);
  const auto expect_only = [&](const Ranking& found, const auto& competes) {
    std::vector<Scored> expected;
    for (std::size_t place = 0; place < all.indices.size(); ++place) {
      if (competes(all.indices[place])) expected.push_back({all.indices[place], all.scores[place]});
    }
    ExpectRanking(found, expected);
  };
  const auto is_in = [](const std::vector<Index>& rows, Index row) {
    return std::ranges::find(rows, row) != rows.end();
  };
  expect_only(Similar(factors, 7, kRows, excluded), [&](Index row) { return !is_in(excluded, row); });
  expect_only(Similar(factors, 7, kRows, {}, included), [&](Index row) { return is_in(included, row); });
  expect_only(Similar(factors, 7, kRows, excluded, included),
              [&](Index row) { return is_in(included, row) && !is_in(excluded, row); });
  EXPECT_TRUE(Similar(factors, 7, kRows, {}, std::vector<Index>()).indices.empty());
  for (const Index outside : {-1, kRows}) {
    const std::vector<Index> rows = {outside};
    test::ExpectError<std::invalid_argument>([&] { Similar(factors, 7, 3, rows); }, {"must be from 0 to 39"});
    test::ExpectError<std::invalid_argument>([&] { Similar(factors, 7, 3, {}, rows); }, {"must be from 0 to 39"});
  }
}

TEST(Similar, TrustShrinksTheCosineWithARow) {
  constexpr Index kRows = 30;
  const FactorMatrix factors = Eigen::Map<const FactorMatrix>(test::RandomFloats(kRows * 8, 7).data(), kRows, 8);
  std::vector<float> trust;
  for (Index row = 0; row < kRows; ++row) trust.push_back(static_cast<float>(row) / static_cast<float>(row + 5));
  std::vector<Scored> all;
  for (Index other = 0; other < kRows; ++other) {
    if (other != 11) all.push_back({other, trust[other] * NaiveCosine(factors, 11, other)});
  }
  const Ranking similar = Similar(factors, 11, 12, {}, {}, trust);
  const std::vector<Scored> expected = NaiveTop(all, 12);
  ASSERT_EQ(similar.indices.size(), expected.size());
  for (std::size_t place = 0; place < expected.size(); ++place) {
    EXPECT_EQ(similar.indices[place], expected[place].index);
    EXPECT_NEAR(similar.scores[place], expected[place].score, 1e-6);
  }
  trust.pop_back();
  test::ExpectError<std::invalid_argument>([&] { Similar(factors, 11, 3, {}, {}, trust); },
                                           {"trust must have 30 numbers; it has 29"});
}

TEST(Similar, ARowOfZerosHasCosineZeroWithEveryOther) {
  FactorMatrix factors = FactorMatrix::Ones(4, 4);
  factors.row(1).setZero();
  factors.row(3) *= -1.0F;
  ExpectRanking(Similar(factors, 1, 10), {{0, 0.0}, {2, 0.0}, {3, 0.0}});
  ExpectRanking(Similar(factors, 0, 10), {{2, 1.0}, {1, 0.0}, {3, -1.0}});
}

}  // namespace
}  // namespace matfac
