#include "ranking/ranking_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "ranking/recommend.h"
#include "support.h"

namespace matfac {
namespace {

constexpr float kAll = -std::numeric_limits<float>::infinity();

/// Small whole numbers everywhere: scores are exact in float32, and many are equal.
Model WholeNumberModel(Index users, Index items, int factors, unsigned seed) {
  Model model;
  model.options = {.factors = factors, .biases = true};
  model.user_factors = FactorMatrix::Zero(users, StrideOf(factors));
  model.item_factors = FactorMatrix::Zero(items, StrideOf(factors));
  std::mt19937 engine(seed);
  const auto draw = [&] { return static_cast<float>(static_cast<int>(engine() % 5) - 2); };
  for (Index user = 0; user < users; ++user) {
    for (int f = 0; f < factors; ++f) model.user_factors(user, f) = draw();
    model.user_bias.push_back(draw());
  }
  for (Index item = 0; item < items; ++item) {
    for (int f = 0; f < factors; ++f) model.item_factors(item, f) = draw();
    model.item_bias.push_back(draw());
  }
  model.mean = 3.0;
  return model;
}

struct Pairs {
  std::vector<Index> users;
  std::vector<Index> items;
  std::vector<float> values;

  void Add(Index user, Index item, float value = 1.0F) {
    users.push_back(user);
    items.push_back(item);
    values.push_back(value);
  }
  Triplets View() const { return {.users = users, .items = items, .values = values}; }
};

struct Judge {
  RankingOptions options{.k = 10, .auc = true, .diversity = true};
  int threads = 1;
  double slice = test::kEndless;
  float least = kAll;

  RankingMetrics operator()(const Model& model, const Pairs& test, const Pairs& excluded) const {
    Workers workers(threads);
    const ItemLists out("exclude", excluded.users, excluded.items, model.UserCount(), model.ItemCount());
    RankingPass pass(
        RelevantItems::From(test.View(), least, model.UserCount(), model.ItemCount()),
        [&](Index user) { return out.Row(user); }, options, model, workers);
    while (!pass.Advance(model, slice)) {
    }
    return pass.Result();
  }
};

double PlainCosine(const Model& model, Index a, Index b) {
  const Eigen::VectorXd x = model.item_factors.row(a).cast<double>();
  const Eigen::VectorXd y = model.item_factors.row(b).cast<double>();
  return x.norm() > 0.0 && y.norm() > 0.0 ? x.dot(y) / (x.norm() * y.norm()) : 0.0;
}

double MeanOf(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// The metrics as the header defines them, user by user over a full sort and over every pair.
RankingMetrics Plain(const Model& model, const Pairs& test, const Pairs& excluded, const RankingOptions& options) {
  std::map<std::string, std::vector<double>> of;
  std::set<Index> shown;
  for (Index user = 0; user < model.UserCount(); ++user) {
    std::set<Index> out;
    for (std::size_t j = 0; j < excluded.users.size(); ++j) {
      if (excluded.users[j] == user) out.insert(excluded.items[j]);
    }
    std::set<Index> relevant;
    int unknown = 0;
    for (std::size_t j = 0; j < test.users.size(); ++j) {
      if (test.users[j] != user) continue;
      if (test.items[j] == kUnknown) ++unknown;
      if (test.items[j] != kUnknown && !out.contains(test.items[j])) relevant.insert(test.items[j]);
    }
    const auto count = static_cast<double>(relevant.size()) + unknown;
    if (count == 0) continue;
    std::vector<std::pair<double, Index>> order;
    for (Index item = 0; item < model.ItemCount(); ++item) {
      if (!out.contains(item)) order.emplace_back(-model.Score(user, item), item);
    }
    std::ranges::sort(order);

    double hits = 0.0;
    double gain = 0.0;
    double ideal = 0.0;
    double precisions = 0.0;
    double first = 0.0;
    double information = 0.0;
    std::vector<Index> top;
    for (int place = 1; place <= options.k; ++place) {
      if (place <= count) ideal += 1.0 / std::log2(place + 1.0);
      if (place > static_cast<int>(order.size())) continue;
      const Index item = order[place - 1].second;
      top.push_back(item);
      shown.insert(item);
      if (!options.information.empty()) information += options.information[item];
      if (!relevant.contains(item)) continue;
      if (hits == 0.0) first = 1.0 / place;
      hits += 1.0;
      gain += 1.0 / std::log2(place + 1.0);
      precisions += hits / place;
    }
    of["precision"].push_back(hits / options.k);
    of["recall"].push_back(hits / count);
    of["ndcg"].push_back(gain / ideal);
    of["map"].push_back(precisions / std::min<double>(options.k, count));
    of["mrr"].push_back(first);
    of["hits"].push_back(hits > 0.0 ? 1.0 : 0.0);
    if (!top.empty()) of["novelty"].push_back(information / static_cast<double>(top.size()));

    double won = 0.0;
    double others = 0.0;
    for (const auto& [negative, item] : order) {
      if (relevant.contains(item)) continue;
      others += 1.0;
      for (const Index good : relevant) {
        const double score = model.Score(user, good);
        won += score > -negative ? 1.0 : score == -negative ? 0.5 : 0.0;
      }
    }
    if (others > 0.0) of["auc"].push_back(won / (others * count));
    std::vector<double> distances;
    for (std::size_t a = 0; a < top.size(); ++a) {
      for (std::size_t b = a + 1; b < top.size(); ++b) distances.push_back(1.0 - PlainCosine(model, top[a], top[b]));
    }
    if (!distances.empty()) of["diversity"].push_back(MeanOf(distances));
  }
  return {.precision = MeanOf(of["precision"]),
          .recall = MeanOf(of["recall"]),
          .ndcg = MeanOf(of["ndcg"]),
          .map = MeanOf(of["map"]),
          .mrr = MeanOf(of["mrr"]),
          .auc = MeanOf(of["auc"]),
          .hit_rate = MeanOf(of["hits"]),
          .coverage = static_cast<double>(shown.size()) / model.ItemCount(),
          .diversity = MeanOf(of["diversity"]),
          .novelty = MeanOf(of["novelty"]),
          .users = static_cast<std::int64_t>(of["recall"].size())};
}

/// Every metric, with a name for failures.
struct Named {
  double RankingMetrics::* member;
  const char* name;
};
constexpr Named kMetrics[] = {{&RankingMetrics::precision, "precision"},
                              {&RankingMetrics::recall, "recall"},
                              {&RankingMetrics::ndcg, "ndcg"},
                              {&RankingMetrics::map, "map"},
                              {&RankingMetrics::mrr, "mrr"},
                              {&RankingMetrics::auc, "auc"},
                              {&RankingMetrics::hit_rate, "hit rate"},
                              {&RankingMetrics::coverage, "coverage"},
                              {&RankingMetrics::diversity, "diversity"},
                              {&RankingMetrics::novelty, "novelty"}};

void ExpectMetrics(const RankingMetrics& metrics, const RankingMetrics& expected) {
  for (const auto& [member, name] : kMetrics) {
    if (std::isnan(expected.*member)) {
      EXPECT_TRUE(std::isnan(metrics.*member)) << name;
    } else {
      EXPECT_NEAR(metrics.*member, expected.*member, 1e-12) << name;
    }
  }
  EXPECT_EQ(metrics.users, expected.users);
}

/// Test and excluded pairs of all kinds: users with none, with one, with many and with all items relevant; items and
/// users unknown; relevant items that are excluded; pairs that come twice.
struct MixedPairs {
  Pairs test;
  Pairs excluded;

  MixedPairs(Index users, Index items, unsigned seed) {
    std::mt19937 engine(seed);
    for (Index user = 0; user < users; ++user) {
      const double relevant = user % 7 == 0 ? 0.0 : user % 7 == 1 ? 1.0 : user % 7 == 2 ? 0.6 : 0.03;
      for (Index item = 0; item < items; ++item) {
        if (test::Draw(engine) < relevant) test.Add(user, item);
        if (user % 7 != 1 && test::Draw(engine) < 0.1) excluded.Add(user, item);
      }
      if (user % 5 == 0) test.Add(user, kUnknown);
      if (user % 4 == 0) excluded.Add(user, kUnknown);
    }
    test.Add(kUnknown, 0);
    excluded.Add(kUnknown, 0);
    test.Add(test.users[0], test.items[0]);
    excluded.Add(excluded.users[0], excluded.items[0]);
  }
};

std::vector<double> Information(Index items) {
  std::vector<Index> counts(items);
  for (Index item = 0; item < items; ++item) counts[item] = item % 9;
  return SelfInformation(counts, 12);
}

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
