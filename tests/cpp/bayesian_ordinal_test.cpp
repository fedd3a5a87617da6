#include "solvers/bayesian/bayesian_ordinal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "ordinal_data.h"
#include "support.h"

/// Ordered ratings in the sampler: its conditionals against brute force. Simulation-based calibration of the whole
/// sampler is in bayesian_posterior_test.cpp.
namespace matfac {
namespace {

using test::LevelProbability;
using test::OrdinalOptions;
using test::Phi;

/// A user with three ratings of each of four uneven levels, and scores that do not depend on the level.
RatingColumns FourLevels() {
  RatingColumns columns;
  for (Index item = 0; item < 12; ++item) {
    columns.users.push_back(0);
    columns.items.push_back(item);
    columns.values.push_back(std::vector<float>{1.0F, 2.0F, 4.5F, 5.0F}[item % 4]);
  }
  return columns;
}

TEST(BayesianCuts, DrawEachCutPointFromItsPosteriorGivenTheScores) {
  const auto ratings = test::Freeze(FourLevels(), 1, 12);
  Workers workers(1);
  Budget budget(test::kEndless);
  BayesianCuts cuts(*ratings, OrdinalOptions(1, 1), 0.8);
  const std::vector<float> scores = {-0.3F, 0.2F, 0.9F, 0.1F, 1.1F, 2.0F, 1.4F, 0.6F, 2.2F, 2.9F, 1.0F, 1.7F};
  const std::vector<float> roots = {1.1F, 1.3F, 0.9F, 1.0F, 1.2F, 1.4F, 0.8F, 1.5F, 1.1F, 1.2F, 1.0F, 0.9F};
  constexpr double kLevel = 0.7;
  cuts.Start(*ratings, kLevel);
  // The joint posterior of the three cut points on a grid.
  constexpr int kPoints = 81;
  const auto at = [](int i) { return -2.5 + 6.5 * i / (kPoints - 1); };
  std::vector<double> sums(3);
  std::vector<double> squares(3);
  double mass = 0.0;
  for (int i = 0; i < kPoints; ++i) {
    for (int j = i + 1; j < kPoints; ++j) {
      for (int k = j + 1; k < kPoints; ++k) {
        const std::vector<double> point = {at(i), at(j), at(k)};
        double density = 1.0;
        for (const double cut : point) density *= std::exp(-0.5 * std::pow((cut - kLevel) / 2.4, 2.0));
        for (std::size_t n = 0; n < 12; ++n) density *= LevelProbability(point, n / 3, scores[n], roots[n]);
        mass += density;
        for (int c = 0; c < 3; ++c) {
          sums[c] += density * point[c];
          squares[c] += density * point[c] * point[c];
        }
      }
    }
  }
  constexpr int kDraws = 60'000;
  std::vector<double> drawn(3);
  std::vector<double> drawn_squares(3);
  for (int epoch = 1; epoch <= kDraws; ++epoch) {
    ASSERT_TRUE(cuts.Draw(epoch, false, kLevel, {scores, roots}, workers, budget));
    for (int c = 0; c < 3; ++c) {
      drawn[c] += cuts.Cuts()[c];
      drawn_squares[c] += static_cast<double>(cuts.Cuts()[c]) * cuts.Cuts()[c];
    }
  }
  for (int c = 0; c < 3; ++c) {
    const double mean = sums[c] / mass;
    const double deviation = std::sqrt(squares[c] / mass - mean * mean);
    const double drawn_mean = drawn[c] / kDraws;
    const double drawn_deviation = std::sqrt(drawn_squares[c] / kDraws - drawn_mean * drawn_mean);
    // The draws of a chain that forgets within about ten steps have standard errors near 0.013 deviations.
    EXPECT_NEAR((drawn_mean - mean) / deviation, 0.0, 0.06) << "cut point " << c;
    EXPECT_NEAR(drawn_deviation / deviation, 1.0, 0.06) << "cut point " << c;
  }
}

TEST(BayesianCuts, ComeFromFarAndThenMoveInMostDraws) {
  // At first the outer cut points are 25 posterior standard deviations away.
  RatingColumns columns;
  for (Index user = 0; user < 300; ++user) {
    for (Index item = 0; item < 100; ++item) {
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(static_cast<float>((user * 7 + item * 13) % 5 + 1));
    }
  }
  const auto ratings = test::Freeze(columns, 300, 100);
  Workers workers(2);
  Budget budget(test::kEndless);
  BayesianCuts cuts(*ratings, OrdinalOptions(1, 1), 1.0);
  cuts.Start(*ratings, 3.0);
  const std::vector<float> scores(columns.values.size(), 3.0F);
  const std::vector<float> roots(columns.values.size(), 1.0F);
  int moves = 0;
  for (int epoch = 1; epoch <= 200; ++epoch) {
    const std::vector<float> before = cuts.Cuts();
    cuts.Draw(epoch, epoch <= 5, 3.0, {scores, roots}, workers, budget);
    for (std::size_t cut = 0; cut < before.size(); ++cut) moves += cuts.Cuts()[cut] != before[cut] ? 1 : 0;
  }
  EXPECT_GT(moves, 200 * 4 * 3 / 4);
  // With equal scores the posterior is about the quantiles of the shares.
  for (int cut = 0; cut < 4; ++cut) {
    EXPECT_NEAR(Phi(cuts.Cuts()[cut] - 3.0), 0.2 * (cut + 1), 5.0 * std::sqrt(0.25 / 30'000));
  }
}

TEST(BayesianOrdinal, DrawsLatentValuesFromTheirTruncatedNormals) {
  const auto ratings = test::Freeze(FourLevels(), 1, 12);
  Workers workers(1);
  Budget budget(test::kEndless);
  constexpr double kDeviation = 0.9;
  BayesianOrdinal ordinal(*ratings, OrdinalOptions(1, 1), kDeviation);
  ordinal.Start(3.0);
  BayesianRows users{.factors = FactorMatrix::Zero(1, 4), .bias = {0.2F}};
  users.factors(0, 0) = 0.5F;
  BayesianRows items{.factors = FactorMatrix::Zero(12, 4), .bias = std::vector<float>(12)};
  const std::vector<float> user_weights = {1.3F};
  std::vector<float> item_weights(12);
  for (Index item = 0; item < 12; ++item) {
    items.factors(item, 0) = 0.3F * static_cast<float>(item) - 1.5F;
    items.bias[item] = 0.1F * static_cast<float>(item % 3);
    item_weights[item] = 0.8F + 0.05F * static_cast<float>(item);
  }
  const BayesianScores given{.users = users,
                             .items = items,
                             .user_weights = user_weights,
                             .item_weights = item_weights,
                             .days = nullptr,
                             .level = 3.0};
  constexpr int kDraws = 20'000;
  std::vector<double> sums(12);
  for (int epoch = 0; epoch < kDraws; ++epoch) {
    ASSERT_TRUE(ordinal.Draw(epoch, CutMove::kKeep, given, workers, budget));
    for (Index item = 0; item < 12; ++item) {
      sums[item] += ordinal.OfUser(0)[item];
      ASSERT_EQ(ordinal.OfUser(0)[item], ordinal.OfItem(item)[0]);
    }
  }
  const std::vector<double> cuts(ordinal.Cuts().begin(), ordinal.Cuts().end());
  double loss = 0.0;
  for (Index item = 0; item < 12; ++item) {
    const double score = 3.2 + items.bias[item] + 0.5 * items.factors(item, 0);
    const double root = std::sqrt(1.3 * item_weights[item]) / kDeviation;
    const std::size_t level = item % 4;
    const double a = level == 0 ? -50.0 : (cuts[level - 1] - score) * root;
    const double b = level == 3 ? 50.0 : (cuts[level] - score) * root;
    const double mass = Phi(b) - Phi(a);
    const double mean = (std::exp(-0.5 * a * a) - std::exp(-0.5 * b * b)) / std::sqrt(2.0 * std::numbers::pi) / mass;
    EXPECT_NEAR(sums[item] / kDraws, score + mean / root, 5.0 / root / std::sqrt(kDraws)) << "item " << item;
    loss -= std::log(mass);
  }
  EXPECT_NEAR(ordinal.Sum().loss, loss, 1e-4);
}

}  // namespace
}  // namespace matfac
