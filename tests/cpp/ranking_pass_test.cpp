#include "ranking/ranking_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "ranking/recommend.h"
#include "ranking_data.h"
#include "support.h"

namespace matfac {
namespace {

using test::ExpectMetrics;
using test::Information;
using test::Judge;
using test::kAll;
using test::kMetrics;
using test::MixedPairs;
using test::Pairs;
using test::Plain;
using test::WholeNumberModel;

TEST(RankingPass, IsThePlainFormula) {
  struct Shape {
    Index users;
    Index items;
    int factors;
  };
  for (const auto& [users, items, factors] : {Shape{40, 150, 3}, Shape{25, 700, 5}, Shape{9, 33, 16}, Shape{8, 1, 2}}) {
    const Model model = WholeNumberModel(users, items, factors, users);
    const MixedPairs pairs(users, items, items);
    for (const int k : {1, 2, 10, 150, 1000}) {
      SCOPED_TRACE(testing::Message() << users << " users, " << items << " items, k = " << k);
      Judge judge;
      judge.options.k = k;
      judge.options.information = Information(items);
      ExpectMetrics(judge(model, pairs.test, pairs.excluded), Plain(model, pairs.test, pairs.excluded, judge.options));
    }
  }
}

TEST(RankingPass, RanksAsRecommendDoes) {
  Model model = WholeNumberModel(30, 400, 24, 5);
  const std::vector<float> numbers = test::RandomFloats(model.item_factors.size(), 6);
  model.item_factors = Eigen::Map<const FactorMatrix>(numbers.data(), 400, 24);
  Pairs best;
  for (Index user = 0; user < 30; ++user) {
    for (const Index item : Recommend(model, ProfileOf(model, user), {.n = 10}, {}).indices) best.Add(user, item);
  }
  const RankingMetrics metrics = Judge()(model, best, {});
  EXPECT_EQ(metrics.precision, 1.0);
  EXPECT_NEAR(metrics.ndcg, 1.0, 1e-12);
  EXPECT_EQ(metrics.auc, 1.0);
}

/// Four users over four items with the scores 4, 3, 3, 1; k = 2.
struct ByHand {
  Model model;
  Pairs test;
  Pairs excluded;

  ByHand() {
    model.options = {.solver = SolverKind::kBpr, .factors = 2, .biases = true};
    model.user_factors = FactorMatrix::Zero(4, 4);
    model.item_factors = FactorMatrix::Zero(4, 4);
    model.item_factors.leftCols(2) << 1.0F, 0.0F, 0.0F, 2.0F, 3.0F, 0.0F, 0.0F, 0.0F;
    model.item_bias = {4.0F, 3.0F, 3.0F, 1.0F};
    test.Add(0, 1);         // ranking 0 1 | 2 3: a hit at place 2
    test.Add(1, 0, 5.0F);   // item 0 is excluded: ranking 1 2 | 3
    test.Add(1, 1, 5.0F);   // a hit at place 1
    test.Add(1, 3, 2.0F);   // missed
    test.Add(2, kUnknown);  // ranking 0 1 | 2 3: nothing to find
    excluded.Add(1, 0);
    // User 3 has no relevant item and is not evaluated.
  }
};

TEST(RankingPass, ByHand) {
  const ByHand hand;
  Judge judge;
  judge.options.k = 2;
  // Of four users 4, 2, 1 and none rated items 0 to 3: 0, 1, 2 and, as with one, 2 bits.
  judge.options.information = SelfInformation(std::vector<Index>{4, 2, 1, 0}, 4);
  const RankingMetrics metrics = judge(hand.model, hand.test, hand.excluded);
  EXPECT_EQ(metrics.users, 3);
  EXPECT_DOUBLE_EQ(metrics.precision, (0.5 + 0.5 + 0.0) / 3.0);
  EXPECT_DOUBLE_EQ(metrics.recall, (1.0 + 0.5 + 0.0) / 3.0);
  EXPECT_DOUBLE_EQ(metrics.mrr, (0.5 + 1.0 + 0.0) / 3.0);
  EXPECT_DOUBLE_EQ(metrics.map, (0.5 + 0.5 + 0.0) / 3.0);
  EXPECT_DOUBLE_EQ(metrics.hit_rate, 2.0 / 3.0);
  const double second = 1.0 / std::log2(3.0);  // 0.6309
  EXPECT_DOUBLE_EQ(metrics.ndcg, (second + 1.0 / (1.0 + second) + 0.0) / 3.0);
  // User 0: item 1 loses to 0, ties with 2, beats 3: 1.5 of 3. User 1: item 1 ties with 2, item 3 loses to it: 0.5
  // of 2.
  EXPECT_DOUBLE_EQ(metrics.auc, (0.5 + 0.25 + 0.0) / 3.0);
  EXPECT_DOUBLE_EQ(metrics.coverage, 0.75);
  // Items 0 and 1 are orthogonal, and so are items 1 and 2.
  EXPECT_DOUBLE_EQ(metrics.diversity, 1.0);
  EXPECT_DOUBLE_EQ(metrics.novelty, (0.5 + 1.5 + 0.5) / 3.0);
}

TEST(RankingPass, TakesAsRelevantWhatIsRatedHighEnough) {
  const ByHand hand;
  Judge judge;
  judge.least = 3.0F;
  const RankingMetrics metrics = judge(hand.model, hand.test, hand.excluded);
  EXPECT_EQ(metrics.users, 1);
  EXPECT_EQ(metrics.recall, 1.0) << "item 3 with rating 2 is no longer relevant to user 1";
}

TEST(RankingPass, LeavesOutWhatIsNotAskedFor) {
  const ByHand hand;
  Judge judge;
  judge.options = {.k = 2};
  const RankingMetrics metrics = judge(hand.model, hand.test, hand.excluded);
  EXPECT_TRUE(std::isnan(metrics.auc));
  EXPECT_TRUE(std::isnan(metrics.diversity));
  EXPECT_TRUE(std::isnan(metrics.novelty));
  EXPECT_GT(metrics.ndcg, 0.0);
}

TEST(RankingPass, IsTheSameBitsForAnyThreadsAndSlices) {
  Model model = WholeNumberModel(500, 3000, 64, 1);
  const std::vector<float> numbers = test::RandomFloats(model.user_factors.size(), 2);
  model.user_factors = Eigen::Map<const FactorMatrix>(numbers.data(), 500, 64);
  const MixedPairs pairs(500, 3000, 3);
  Judge judge;
  judge.options.information = Information(3000);
  const RankingMetrics one = judge(model, pairs.test, pairs.excluded);
  for (const int threads : {1, 2, 5}) {
    judge.threads = threads;
    for (const double slice : {test::kEndless, 0.0}) {
      judge.slice = slice;
      const RankingMetrics other = judge(model, pairs.test, pairs.excluded);
      for (const auto& [member, name] : kMetrics) EXPECT_EQ(other.*member, one.*member) << name;
    }
  }
}

/// Without AUC the items are searched in the order of their reach, and most products are only bounded.
TEST(RankingPass, IsTheSameWithoutAuc) {
  Model model = WholeNumberModel(150, 2000, 20, 1);
  const std::vector<float> numbers = test::RandomFloats(model.item_factors.size(), 2);
  model.item_factors = Eigen::Map<const FactorMatrix>(numbers.data(), 2000, 20);
  for (Index item = 0; item < 2000; ++item) model.item_factors.row(item) *= 1.0F / static_cast<float>(1 + item % 40);
  const MixedPairs pairs(150, 2000, 3);
  Judge judge;
  judge.options.information = Information(2000);
  RankingMetrics expected = judge(model, pairs.test, pairs.excluded);
  expected.auc = std::nan("");
  judge.options.auc = false;
  for (const int threads : {1, 3}) {
    judge.threads = threads;
    const RankingMetrics metrics = judge(model, pairs.test, pairs.excluded);
    ExpectMetrics(metrics, expected);
    EXPECT_EQ(metrics.ndcg, expected.ndcg) << "the same bits";
    judge.slice = 0.0;
  }
}

TEST(RankingPass, StopsWhenTheTimeIsUpAndBeginsAnew) {
  const Model model = WholeNumberModel(300, 2000, 64, 1);
  const MixedPairs pairs(300, 2000, 3);
  Workers workers(1);
  RankingPass pass(
      RelevantItems::From(pairs.test.View(), kAll, 300, 2000), [](Index) { return std::span<Index>(); }, {}, model,
      workers);
  EXPECT_FALSE(pass.Advance(model, 0.0));
  EXPECT_GT(pass.UsersJudged(), 0);
  EXPECT_LT(pass.UsersJudged(), pass.UserCount() / 2);
  EXPECT_TRUE(pass.Advance(model, test::kEndless));
  const RankingMetrics first = pass.Result();
  pass.Restart();
  EXPECT_EQ(pass.UsersJudged(), 0);
  EXPECT_TRUE(pass.Advance(model, test::kEndless));
  ExpectMetrics(pass.Result(), first);
}

TEST(RankingPass, IsNaNWithoutAUserToJudgeBy) {
  const Model model = WholeNumberModel(3, 5, 2, 1);
  Pairs pair;
  pair.Add(1, 2);
  Pairs unknown;
  unknown.Add(kUnknown, 2);
  const Judge judge;
  for (const RankingMetrics& metrics : {judge(model, {}, {}), judge(model, unknown, {}), judge(model, pair, pair)}) {
    EXPECT_EQ(metrics.users, 0);
    for (const auto& [member, name] : kMetrics) EXPECT_TRUE(std::isnan(metrics.*member)) << name;
  }
  EXPECT_EQ(judge(model, pair, {}).users, 1);
}

TEST(RankingPass, RefusesWhatItCannotJudge) {
  const Model model = WholeNumberModel(3, 5, 2, 1);
  const auto judge = [&](const Pairs& test, const Pairs& excluded, int k) {
    return [&model, test, excluded, k] {
      Judge judge;
      judge.options.k = k;
      judge(model, test, excluded);
    };
  };
  Pairs good;
  good.Add(1, 2);
  Pairs bad;
  bad.Add(3, 0);
  test::ExpectError<std::invalid_argument>(judge(good, {}, 0), {"k must be a whole number of at least 1; it is 0"});
  test::ExpectError<std::invalid_argument>(judge(bad, {}, 3), {"test user must be from 0 to 2; it is 3"});
  test::ExpectError<std::invalid_argument>(judge(good, bad, 3), {"exclude user must be from 0 to 2; it is 3"});
  bad = {};
  bad.Add(0, 5);
  test::ExpectError<std::invalid_argument>(judge(bad, {}, 3), {"test item must be from 0 to 4; it is 5"});
  bad.users.push_back(0);
  test::ExpectError<std::invalid_argument>(judge(good, bad, 3),
                                           {"exclude users and items must have the same length; they have 2 and 1"});
}

}  // namespace
}  // namespace matfac
