#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ranking/ranking_pass.h"
#include "support.h"

/// Shared by the tests of ranking metrics: models and pairs of all kinds, and the metrics by their plain formulas.
namespace matfac::test {

inline constexpr float kAll = -std::numeric_limits<float>::infinity();

/// Small whole numbers everywhere: scores are exact in float32, and many are equal.
inline Model WholeNumberModel(Index users, Index items, int factors, unsigned seed) {
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
  double slice = kEndless;
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

inline double PlainCosine(const Model& model, Index a, Index b) {
  const Eigen::VectorXd x = model.item_factors.row(a).cast<double>();
  const Eigen::VectorXd y = model.item_factors.row(b).cast<double>();
  return x.norm() > 0.0 && y.norm() > 0.0 ? x.dot(y) / (x.norm() * y.norm()) : 0.0;
}

inline double MeanOf(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// The metrics as the header defines them, user by user over a full sort and over every pair.
inline RankingMetrics Plain(const Model& model, const Pairs& test, const Pairs& excluded,
                            const RankingOptions& options) {
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
inline constexpr Named kMetrics[] = {{&RankingMetrics::precision, "precision"},
                                     {&RankingMetrics::recall, "recall"},
                                     {&RankingMetrics::ndcg, "ndcg"},
                                     {&RankingMetrics::map, "map"},
                                     {&RankingMetrics::mrr, "mrr"},
                                     {&RankingMetrics::auc, "auc"},
                                     {&RankingMetrics::hit_rate, "hit rate"},
                                     {&RankingMetrics::coverage, "coverage"},
                                     {&RankingMetrics::diversity, "diversity"},
                                     {&RankingMetrics::novelty, "novelty"}};

inline void ExpectMetrics(const RankingMetrics& metrics, const RankingMetrics& expected) {
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
        if (Draw(engine) < relevant) test.Add(user, item);
        if (user % 7 != 1 && Draw(engine) < 0.1) excluded.Add(user, item);
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

inline std::vector<double> Information(Index items) {
  std::vector<Index> counts(items);
  for (Index item = 0; item < items; ++item) counts[item] = item % 9;
  return SelfInformation(counts, 12);
}

}  // namespace matfac::test
