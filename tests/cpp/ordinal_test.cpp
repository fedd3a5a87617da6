#include "model/ordinal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "base/random.h"
#include "fold_in/fold_in.h"
#include "fold_in/uncertainty.h"
#include "model/user_times.h"
#include "ordinal_data.h"
#include "support.h"
#include "training/trainer.h"

/// Models of ordered ratings: what they predict, how they fold in, and what they cannot do.
namespace matfac {
namespace {

using test::LevelProbability;
using test::OrdinalOptions;

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

/// r̂ of a visitor in one sample: x and the bias are of the user.
double VisitorScore(const Model& model, int sample, Index item, const Eigen::VectorXd& x) {
  const PosteriorSample& drawn = model.posterior.samples[sample];
  const int factors = model.options.factors;
  const auto samples = static_cast<double>(model.posterior.samples.size());
  double score = drawn.level + model.posterior.item_bias(item, sample) + x[factors];
  for (int f = 0; f < factors; ++f) {
    const double q = model.item_factors(item, sample * StrideOf(factors) + f);
    score += x[f] * (drawn.item_mean[f] + samples * q);
  }
  return score;
}

/// Minus the logarithm of the posterior of a visitor in one sample, but for a constant: x and the bias are of the user.
double MinusLogPosterior(const Model& model, int sample, const std::vector<Index>& items,
                         const std::vector<float>& values, const Eigen::VectorXd& x) {
  const PosteriorSample& drawn = model.posterior.samples[sample];
  const OrdinalTerms terms = OrdinalTerms::Of(model);
  const std::vector<double> cuts(terms.cuts.begin(), terms.cuts.end());
  const int factors = model.options.factors;
  double sum = 0.5 * drawn.user_bias_precision * x[factors] * x[factors];
  for (int f = 0; f < factors; ++f) sum += 0.5 * drawn.user_precision[f] * std::pow(x[f] - drawn.user_mean[f], 2.0);
  for (std::size_t j = 0; j < items.size(); ++j) {
    const double score = VisitorScore(model, sample, items[j], x);
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

TEST(Ordinal, AVisitorsDistributionIsTheMeanOverDrawsOfTheVisitor) {
  const Model model = Train(Planted({1, 2, 3, 4, 5}, 40, 30), OrdinalOptions(2, 30));
  const std::vector<Index> items = {1, 4, 9, 16, 25};
  const std::vector<float> values = {1.0F, 5.0F, 3.0F, 4.0F, 2.0F};
  const std::vector<Index> asked = {7, 9, 20};
  const auto samples = static_cast<int>(model.posterior.samples.size());
  const OrdinalTerms terms = OrdinalTerms::Of(model);
  const std::vector<double> cuts(terms.cuts.begin(), terms.cuts.end());
  Random random(7);
  std::vector<double> expected(asked.size() * terms.levels.size());
  for (int sample = 0; sample < samples; ++sample) {
    const PosteriorSample& drawn = model.posterior.samples[sample];
    std::vector<double> sums(expected.size());
    double weights = 0.0;
    for (int draw = 0; draw < 20'000; ++draw) {
      // From the prior, with the likelihood of the ratings as weight.
      Eigen::Vector3d x;
      for (int f = 0; f < 2; ++f) x[f] = drawn.user_mean[f] + random.Normal() / std::sqrt(drawn.user_precision[f]);
      x[2] = random.Normal() / std::sqrt(drawn.user_bias_precision);
      double weight = 1.0;
      for (std::size_t j = 0; j < items.size(); ++j) {
        weight *= LevelProbability(cuts, terms.LevelOf(values[j]), VisitorScore(model, sample, items[j], x),
                                   std::sqrt(drawn.noise_precision));
      }
      weights += weight;
      for (std::size_t at = 0; at < expected.size(); ++at) {
        const double score = VisitorScore(model, sample, asked[at / terms.levels.size()], x);
        sums[at] += weight * LevelProbability(cuts, at % terms.levels.size(), score, std::sqrt(drawn.noise_precision));
      }
    }
    for (std::size_t at = 0; at < expected.size(); ++at) expected[at] += sums[at] / weights / samples;
  }
  // Both the posterior in a sample and the mixture of the samples are taken as normal.
  const std::vector<float> found = Visitors(model).Distributions(items, values, asked);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t at = 0; at < expected.size(); ++at) EXPECT_NEAR(found[at], expected[at], 0.02) << at;
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
