#include "solvers/bayesian/bayesian_ordinal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/errors.h"
#include "fold_in/fold_in.h"
#include "fold_in/uncertainty.h"
#include "model/ordinal.h"
#include "model/user_times.h"
#include "ranking/metrics.h"
#include "support.h"
#include "training/trainer.h"

/// Ordered ratings: the conditionals of the sampler against brute force, and what a model makes of them.
/// Simulation-based calibration of the whole sampler is in bayesian_posterior_test.cpp.
namespace matfac {
namespace {

double Phi(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// The probability of a level by the error function.
double LevelProbability(const std::vector<double>& cuts, std::size_t level, double score, double root) {
  const double below = level == 0 ? 0.0 : Phi((cuts[level - 1] - score) * root);
  const double above = level == cuts.size() ? 1.0 : Phi((cuts[level] - score) * root);
  return above - below;
}

Options OrdinalOptions(int factors, int epochs) {
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.factors = factors;
  options.model.samples = 8;
  options.model.preference = false;
  options.model.likelihood = Likelihood::kOrdinal;
  options.training.epochs = epochs;
  return options;
}

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
  EXPECT_NEAR(ordinal.Loss(), loss, 1e-4);
}

/// Ratings from planted scores, in steps that are as given, ascending.
test::SharedRatings Planted(const std::vector<float>& steps, Index users, Index items) {
  RatingColumns columns = test::RandomColumns(users, items, 0.4, 3);
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const double taste = std::sin(1.0 + columns.users[i]) * std::cos(2.0 * columns.items[i]);
    const double score = 0.5 + 0.25 * taste + 0.12 * (columns.values[i] / 5.0 - 0.5);
    const auto step = static_cast<std::size_t>(std::clamp(score, 0.0, 0.999) * static_cast<double>(steps.size()));
    columns.values[i] = steps[step];
  }
  return test::Freeze(columns, users, items);
}

Model Train(const test::SharedRatings& ratings, const Options& options) {
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

TEST(Ordinal, PredictsTheMeanOfTheDistributionWhateverTheStepsAre) {
  const std::vector<std::vector<float>> scales = {
      {1, 2, 3, 4, 5}, {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5}, {0, 3, 10}, {-1, 1}};
  for (const std::vector<float>& steps : scales) {
    const auto ratings = Planted(steps, 30, 20);
    const Model model = Train(ratings, OrdinalOptions(2, 20));
    const std::vector<float> levels = LevelsOf(*ratings);
    const OrdinalTerms terms = OrdinalTerms::Of(model);
    ASSERT_TRUE(std::ranges::equal(terms.levels, levels));
    ASSERT_EQ(std::ranges::adjacent_find(terms.cuts, std::ranges::greater_equal()), terms.cuts.end());
    for (const Index user : {Index{0}, Index{29}, kUnknown}) {
      for (const Index item : {Index{3}, Index{19}, kUnknown}) {
        const std::vector<double> probabilities = Distribution(model, user, item, 0.0);
        ASSERT_EQ(probabilities.size(), levels.size());
        double sum = 0.0;
        double mean = 0.0;
        for (std::size_t s = 0; s < levels.size(); ++s) {
          EXPECT_GE(probabilities[s], 0.0);
          sum += probabilities[s];
          mean += probabilities[s] * levels[s];
        }
        EXPECT_NEAR(sum, 1.0, 1e-7);
        EXPECT_NEAR(model.Predict(user, item), mean, 1e-6);
        EXPECT_GT(Distribution(model, user, item, 1.0).back(), probabilities.back());
      }
    }
  }
}

TEST(Ordinal, ProbabilitiesAreThoseOfTheErrorFunction) {
  const Model model = Train(Planted({1, 2, 3, 4}, 20, 15), OrdinalOptions(2, 10));
  const OrdinalTerms terms = OrdinalTerms::Of(model);
  const LatentValue value = LatentOf(model, 2, 5);
  EXPECT_NEAR(value.mean, model.Score(2, 5), 1e-12);
  EXPECT_NEAR(std::sqrt(value.variance), Uncertainty(model, 2, 5), 1e-9);
  const std::vector<double> cuts(terms.cuts.begin(), terms.cuts.end());
  for (std::size_t s = 0; s < 4; ++s) {
    EXPECT_NEAR(LevelProbabilities(terms, value)[s],
                LevelProbability(cuts, s, value.mean, 1.0 / std::sqrt(value.variance)), 1e-7);
  }
}

TEST(Ordinal, AnyNumberOfThreadsGivesTheSameModelInAnySlices) {
  const auto ratings = Planted({1, 2, 3, 4, 5}, 60, 40);
  Options options = OrdinalOptions(3, 12);
  options.model.implicit_terms = ImplicitTerms::kBoth;
  const Model one = Train(ratings, options);
  options.training.threads = 3;
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) {
    while (!trainer.Advance(0.0)) {
    }
  }
  EXPECT_TRUE(test::SameBits(one, trainer.Result()));
}

WarmStart StartFrom(const Model& model, int epochs_done) {
  WarmStart start{.model = model, .epochs_done = epochs_done};
  for (Index user = 0; user < model.UserCount(); ++user) start.users.push_back(user);
  for (Index item = 0; item < model.ItemCount(); ++item) start.items.push_back(item);
  return start;
}

TEST(Ordinal, AWarmStartContinuesToTheBit) {
  const auto ratings = Planted({1, 2, 3, 4, 5}, 40, 30);
  const Options whole = OrdinalOptions(2, 30);
  Options rest = whole;
  rest.training.epochs = 13;
  Trainer trainer(ratings, whole);
  for (int epoch = 0; epoch < 17; ++epoch) trainer.Step();
  Trainer next(ratings, rest, {}, StartFrom(trainer.Result(), 17));
  while (!next.Finished()) next.Step();
  while (!trainer.Finished()) trainer.Step();
  EXPECT_TRUE(test::SameBits(trainer.Result(), next.Result()));
}

TEST(Ordinal, StartsFromAGaussianModelAndTheReverse) {
  const auto ratings = Planted({1, 2, 3, 4, 5}, 40, 30);
  const Options ordinal = OrdinalOptions(2, 10);
  Options gaussian = ordinal;
  gaussian.model.likelihood = Likelihood::kGaussian;
  for (const auto& [first, second] : {std::pair(ordinal, gaussian), std::pair(gaussian, ordinal)}) {
    Trainer trainer(ratings, second, {}, StartFrom(Train(ratings, first), 10));
    while (!trainer.Finished()) trainer.Step();
    EXPECT_EQ(trainer.Result().ordinal_terms.empty(), !IsOrdinal(second.model));
    EXPECT_TRUE(std::isfinite(trainer.Result().Predict(1, 2)));
  }
}

TEST(Ordinal, RatingsOfTooManyOrTooFewValuesAreAnErrorThatSaysSo) {
  RatingColumns many = test::RandomColumns(30, 20, 0.5, 1);
  for (std::size_t i = 0; i < many.values.size(); ++i) many.values[i] = 0.01F * static_cast<float>(i);
  RatingColumns same = many;
  std::ranges::fill(same.values, 3.0F);
  const auto train = [](const RatingColumns& columns) { Trainer(test::Freeze(columns, 30, 20), OrdinalOptions(2, 1)); };
  test::ExpectError<std::invalid_argument>(
      [&] { train(many); }, {"ratings must have 2 to 64 distinct values for the likelihood 'ordinal'; they have "});
  test::ExpectError<std::invalid_argument>([&] { train(same); }, {"; they have 1"});
}

TEST(Ordinal, WhatItCannotDoIsAnErrorThatSaysSo) {
  const auto ratings = Planted({1, 2, 3, 4, 5}, 20, 15);
  Options options = OrdinalOptions(2, 5);
  const Model model = Train(ratings, options);
  WarmStart start = StartFrom(model, 5);
  start.keep = true;
  test::ExpectError<std::invalid_argument>([&] { Trainer(ratings, options, {}, start); },
                                           {"likelihood must be 'gaussian'", "keep"});
  options.model.likelihood = Likelihood::kGaussian;
  const Model gaussian = Train(ratings, options);
  test::ExpectError<UnsupportedError>([&] { Distribution(gaussian, 0, 0, 0.0); },
                                      {"distribution needs", "'ordinal'", "'gaussian'"});
}

/// Minus the logarithm of the posterior of a visitor in one sample, but for a constant: x and the bias are of the user.
double MinusLogPosterior(const Model& model, int sample, const std::vector<Index>& items,
                         const std::vector<float>& values, const Eigen::VectorXd& x) {
  const PosteriorSample& drawn = model.posterior.samples[sample];
  const OrdinalTerms terms = OrdinalTerms::Of(model);
  const std::vector<double> cuts(terms.cuts.begin(), terms.cuts.end());
  const int factors = model.options.factors;
  const int stride = StrideOf(factors);
  const auto samples = static_cast<double>(model.posterior.samples.size());
  double sum = 0.5 * drawn.user_bias_precision * x[factors] * x[factors];
  for (int f = 0; f < factors; ++f) sum += 0.5 * drawn.user_precision[f] * std::pow(x[f] - drawn.user_mean[f], 2.0);
  for (std::size_t j = 0; j < items.size(); ++j) {
    double score = drawn.level + model.posterior.item_bias(items[j], sample) + x[factors];
    for (int f = 0; f < factors; ++f) {
      score += x[f] * (drawn.item_mean[f] + samples * model.item_factors(items[j], sample * stride + f));
    }
    sum -= std::log(LevelProbability(cuts, terms.LevelOf(values[j]), score, std::sqrt(drawn.noise_precision)));
  }
  return sum;
}

TEST(Ordinal, AVisitorsFactorsAreTheModeOfThePosterior) {
  const auto ratings = Planted({1, 2, 3, 4, 5}, 40, 30);
  Options options = OrdinalOptions(3, 30);
  const Model model = Train(ratings, options);
  const std::vector<Index> items = {1, 4, 9, 16, 25};
  const std::vector<float> values = {1.0F, 5.0F, 3.0F, 4.6F, 2.0F};
  const Profile profile = FoldIn(model, items, values);
  double bias = 0.0;
  const int stride = StrideOf(3);
  for (int sample = 0; sample < static_cast<int>(model.posterior.samples.size()); ++sample) {
    // Given the factors of the profile, the bias is at the minimum of a function of one variable.
    Eigen::VectorXd x(4);
    for (int f = 0; f < 3; ++f) x[f] = profile.factors[sample * stride + f];
    double low = -20.0;
    double high = 20.0;
    for (int step = 0; step < 100; ++step) {
      x[3] = low + (high - low) / 3.0;
      const double at_low = MinusLogPosterior(model, sample, items, values, x);
      x[3] = high - (high - low) / 3.0;
      if (at_low < MinusLogPosterior(model, sample, items, values, x)) {
        high = x[3];
      } else {
        low = low + (high - low) / 3.0;
      }
    }
    for (int f = 0; f < 3; ++f) {
      Eigen::VectorXd above = x;
      Eigen::VectorXd below = x;
      above[f] += 1e-4;
      below[f] -= 1e-4;
      const double slope = (MinusLogPosterior(model, sample, items, values, above) -
                            MinusLogPosterior(model, sample, items, values, below)) /
                           2e-4;
      const double curvature = model.posterior.samples[sample].user_precision[f];
      EXPECT_NEAR(slope / curvature, 0.0, 2e-3) << "sample " << sample << ", factor " << f;
    }
    double of_user = x[3];
    for (int f = 0; f < 3; ++f) of_user += x[f] * model.posterior.samples[sample].item_mean[f];
    bias += of_user / static_cast<double>(model.posterior.samples.size());
  }
  EXPECT_NEAR(profile.bias, bias, 1e-2);
}

TEST(Ordinal, ContributionsSumToTheScoreOfAVisitor) {
  const auto ratings = Planted({1, 2, 3, 4, 5}, 40, 30);
  const Model model = Train(ratings, OrdinalOptions(3, 20));
  const std::vector<Index> items = {1, 4, 9, 16, 25};
  const std::vector<float> values = {1.0F, 5.0F, 3.0F, 4.0F, 2.0F};
  const Profile profile = FoldIn(model, items, values);
  double sum = 0.0;
  for (const float contribution : Explain(model, items, values, 7)) sum += contribution;
  EXPECT_NEAR(sum, Score(model, profile, 7) - model.mean - profile.bias - model.item_bias[7], 1e-3);
}

TEST(Ordinal, DaysShiftTheDistribution) {
  RatingColumns columns;
  Random random(5);
  for (Index user = 0; user < 30; ++user) {
    for (Index item = 0; item < 20; ++item) {
      const int day = random.Uniform() < 0.5 ? 0 : 1;
      const double score = 3.0 + (day == 0 ? 1.2 : -1.2) + 0.4 * random.Normal();
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(static_cast<float>(std::clamp(std::round(score), 1.0, 5.0)));
      columns.times.push_back(kSecondsPerDay * (100 + day) + item);
    }
  }
  Options options = OrdinalOptions(1, 60);
  options.model.time = TimeKind::kDays;
  const Model model = Train(test::Freeze(columns, 30, 20), options);
  const UserTimes times(model);
  const double first = PredictAt(model, times, 0, 0, kSecondsPerDay * 100 + 5);
  EXPECT_GT(first, PredictAt(model, times, 0, 0, kSecondsPerDay * 101 + 5) + 0.2);
}

}  // namespace
}  // namespace matfac
