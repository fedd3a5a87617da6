#include "ranking/diversity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

constexpr Index kItems = 40;

FactorMatrix Factors() {
  FactorMatrix factors = Eigen::Map<const FactorMatrix>(test::RandomFloats(kItems * 8, 2).data(), kItems, 8);
  factors.row(5).setZero();
  return factors;
}

Ranking Pool() {
  Ranking pool;
  for (Index place = 0; place < kItems; ++place) {
    pool.indices.push_back((place * 7) % kItems);
    pool.scores.push_back(4.0F - 0.05F * static_cast<float>(place / 2));
  }
  return pool;
}

double Cosine(const FactorMatrix& factors, Index a, Index b) {
  const Eigen::VectorXd x = factors.row(a).cast<double>();
  const Eigen::VectorXd y = factors.row(b).cast<double>();
  return x.norm() > 0.0 && y.norm() > 0.0 ? x.dot(y) / (x.norm() * y.norm()) : 0.0;
}

/// The value of each choice by its definition, over all items chosen before.
void ExpectGreedy(const FactorMatrix& factors, const Ranking& pool, const Ranking& chosen, double d) {
  const double best = *std::ranges::max_element(pool.scores);
  const double worst = *std::ranges::min_element(pool.scores);
  std::set<Index> before;
  for (const Index item : chosen.indices) {
    const auto value = [&](std::size_t place) {
      double nearest = before.empty() ? 0.0 : -1.0;
      for (const Index other : before) nearest = std::max(nearest, Cosine(factors, pool.indices[place], other));
      return (1.0 - d) * (pool.scores[place] - worst) / (best - worst) - d * nearest;
    };
    const std::size_t place = std::ranges::find(pool.indices, item) - pool.indices.begin();
    ASSERT_FALSE(before.contains(item));
    for (std::size_t other = 0; other < pool.indices.size(); ++other) {
      if (before.contains(pool.indices[other])) continue;
      EXPECT_GE(value(place), value(other) - 1e-6);
    }
    before.insert(item);
  }
}

TEST(Diversify, TakesTheGreatestMarginalRelevanceEachTime) {
  const FactorMatrix factors = Factors();
  const Ranking pool = Pool();
  for (const double d : {0.1, 0.5, 0.9, 1.0}) {
    const Ranking chosen = Diversify(factors, pool, 12, d);
    ASSERT_EQ(chosen.indices.size(), 12U);
    EXPECT_EQ(chosen.indices[0], pool.indices[0]);
    ExpectGreedy(factors, pool, chosen, d);
    for (std::size_t place = 0; place < 12; ++place) {
      const auto there = std::ranges::find(pool.indices, chosen.indices[place]) - pool.indices.begin();
      EXPECT_EQ(chosen.scores[place], pool.scores[there]);
    }
  }
}

TEST(Diversify, OfNothingElseIsThePoolInItsOrder) {
  const Ranking pool = Pool();
  const Ranking all = Diversify(Factors(), pool, 100, 0.0);
  EXPECT_EQ(all.indices, pool.indices);
  EXPECT_EQ(all.scores, pool.scores);
  EXPECT_TRUE(Diversify(Factors(), {}, 10, 0.5).indices.empty());
}

TEST(Diversify, MoreOfItBringsItemsFurtherApart) {
  const FactorMatrix factors = Factors();
  const auto likeness = [&](double d) {
    const Ranking chosen = Diversify(factors, Pool(), 8, d);
    double sum = 0.0;
    for (const Index a : chosen.indices) {
      for (const Index b : chosen.indices) sum += a < b ? Cosine(factors, a, b) : 0.0;
    }
    return sum;
  };
  EXPECT_LT(likeness(0.5), likeness(0.0));
  EXPECT_LT(likeness(1.0), likeness(0.0));
}

TEST(Diversify, WithEqualScoresStartsWithTheFirst) {
  Ranking pool = Pool();
  std::ranges::fill(pool.scores, 2.0F);
  EXPECT_EQ(Diversify(Factors(), pool, 3, 0.3).indices[0], pool.indices[0]);
}

}  // namespace
}  // namespace matfac
