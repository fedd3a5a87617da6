#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/random_streams.h"
#include "model/user_times.h"
#include "ranking/metrics.h"
#include "solvers/bayesian/bayesian.h"
#include "support.h"
#include "training/trainer.h"

/// Features and days in the Gibbs sampler.
namespace matfac {
namespace {

/// A distribution by its values on a grid, from the logarithm of any multiple of its density.
struct Grid {
  double mean = 0.0;
  double deviation = 0.0;

  template <typename LogDensity>
  Grid(double from, double to, const LogDensity& log_density) {
    constexpr int kPoints = 20'000;
    std::vector<double> logs(kPoints);
    const auto at = [&](int i) { return from + (to - from) * i / (kPoints - 1); };
    for (int i = 0; i < kPoints; ++i) logs[i] = log_density(at(i));
    const double largest = *std::ranges::max_element(logs);
    double sum = 0.0;
    double squares = 0.0;
    double weights = 0.0;
    for (int i = 0; i < kPoints; ++i) {
      const double weight = std::exp(logs[i] - largest);
      weights += weight;
      sum += weight * at(i);
      squares += weight * at(i) * at(i);
    }
    mean = sum / weights;
    deviation = std::sqrt(squares / weights - mean * mean);
  }
};

/// (drawn − mean) / deviation over many draws: standard normal where the draws are right.
struct Scores {
  double sum = 0.0;
  double squares = 0.0;
  int count = 0;

  void Add(double drawn, const Grid& grid) {
    const double score = (drawn - grid.mean) / grid.deviation;
    sum += score;
    squares += score * score;
    ++count;
  }
  /// Five standard errors.
  void ExpectStandard() const {
    EXPECT_NEAR(sum / count, 0.0, 5.0 / std::sqrt(count));
    EXPECT_NEAR(squares / count, 1.0, 5.0 * std::sqrt(2.0 / count));
  }
};

Features OneColumn(const std::vector<float>& values) {
  std::vector<Offset> offsets(values.size() + 1);
  for (std::size_t row = 0; row <= values.size(); ++row) offsets[row] = static_cast<Offset>(row);
  return {"features", offsets, std::vector<Index>(values.size()), values, 1};
}

TEST(BayesianTerms, DrawAFeaturesWeightFromItsPosteriorGivenTheRows) {
  constexpr Index kRows = 5;
  const auto ratings = test::Freeze(test::RandomColumns(kRows, 4, 1.0, 1), kRows, 4);
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.factors = 1;
  const std::vector<float> values = {1.0F, -0.5F, 2.0F, 0.3F, 0.0F};
  const BayesianUses uses{RandomUse::kBayesianUserPrior, RandomUse::kBayesianUsers};
  const BayesianUses of_terms{RandomUse::kBayesianUserFeaturePrior, RandomUse::kBayesianUserFeatures};
  const FactorMatrix factors =
      (FactorMatrix(kRows, 4) << 0.4F, 0, 0, 0, 1.1F, 0, 0, 0, 0.2F, 0, 0, 0, -0.7F, 0, 0, 0, 0.5F, 0, 0, 0).finished();
  const std::vector<float> bias = {-0.3F, 0.8F, 0.6F, 0.1F, -0.2F};
  Workers workers(1);
  Scores of_factors;
  Scores of_biases;
  for (int epoch = 1; epoch <= 1000; ++epoch) {
    BayesianSide users(BayesianSide::Kind::kUsers, *ratings, options, {}, true, uses, 1);
    users.Start(factors, bias);
    users.DrawPrior(epoch);
    BayesianTerms terms(OneColumn(values), options, {}, of_terms);
    Budget budget(test::kEndless);
    // The first draw is about rows without terms, the second after the first has moved a part of each row.
    ASSERT_TRUE(terms.Draw(2 * epoch, users, workers, budget));
    NormalPrior prior(4);
    DrawPrior(terms.Rows(), 1, {},
              Random(options.training.seed, StreamOf(RandomUse::kBayesianUserFeaturePrior, 2 * epoch + 1, 0)), prior);
    ASSERT_TRUE(terms.Draw(2 * epoch + 1, users, workers, budget));
    const auto posterior = [&](double own_mean, double own_precision, double mean, double precision, const auto& row) {
      return Grid(-8.0, 8.0, [&, own_mean, own_precision, mean, precision](double y) {
        double log_density = -0.5 * precision * (y - mean) * (y - mean);
        for (Index x = 0; x < kRows; ++x) {
          const double own = row(x) - values[x] * y - own_mean;
          log_density -= 0.5 * own_precision * own * own;
        }
        return log_density;
      });
    };
    of_factors.Add(terms.Rows().factors(0, 0),
                   posterior(users.Prior().mean[0], users.Prior().precision[0], prior.mean[0], prior.precision[0],
                             [&](Index x) { return factors(x, 0); }));
    of_biases.Add(terms.Rows().bias[0],
                  posterior(users.Prior().bias_mean, users.Prior().bias_precision, prior.bias_mean,
                            prior.bias_precision, [&](Index x) { return bias[x]; }));
    for (Index x = 0; x < kRows; ++x) {
      ASSERT_NEAR(users.Own().bias[x], bias[x] - values[x] * terms.Rows().bias[0], 1e-5);
      ASSERT_NEAR(users.Own().factors(x, 0), factors(x, 0) - values[x] * terms.Rows().factors(0, 0), 1e-5);
    }
  }
  of_factors.ExpectStandard();
  of_biases.ExpectStandard();
}

TEST(BayesianDays, DrawADaysBiasFromItsPosteriorGivenTheErrors) {
  RatingColumns columns{.users = {0, 0, 0, 0}, .items = {0, 1, 2, 3}, .values = {1.0F, 2.0F, 3.0F, 4.0F}};
  columns.times = {5.0, kSecondsPerDay + 7.0, 11.0, kSecondsPerDay - 1.0};
  const auto ratings = test::Freeze(columns, 1, 4);
  Options options = DefaultOptions(SolverKind::kBayesian);
  const std::vector<float> weights = {1.5F, 1.0F, 0.5F, 2.0F};
  const std::vector<float> errors = {0.9F, 0.4F, -0.2F, 0.5F};
  Scores scores;
  for (int epoch = 1; epoch <= 2000; ++epoch) {
    BayesianDays days(*ratings, options, 1.0);
    days.DrawPrior(epoch);
    // Biases of zeros: Gamma(1 + ½ · 2) / 0.1.
    Random prior(options.training.seed, StreamOf(RandomUse::kBayesianDayPrior, epoch, 0));
    const double precision = prior.Gamma(2.0) / 0.1;
    std::vector<float> left = errors;
    Random random(7, epoch);
    days.Draw(0, 1.3, weights, left, random);
    const Grid grid(-6.0, 6.0, [&](double bias) {
      double log_density = -0.5 * precision * bias * bias;
      for (const int j : {0, 2, 3}) log_density -= 0.5 * 1.3 * weights[j] * (errors[j] - bias) * (errors[j] - bias);
      return log_density;
    });
    scores.Add(errors[0] - left[0], grid);
    ASSERT_NEAR(errors[2] - left[2], errors[0] - left[0], 1e-5) << "the same day";
    ASSERT_NEAR(days.Last(0), errors[1] - left[1], 1e-5) << "the day after";
    std::vector<float> targets(4, 1.0F);
    days.SubtractUser(0, targets);
    ASSERT_NEAR(targets[3], 1.0F - (errors[3] - left[3]), 1e-5);
    std::vector<float> of_item(1, 1.0F);
    days.SubtractItem(1, of_item);
    ASSERT_NEAR(of_item[0], targets[1], 1e-6);
  }
  scores.ExpectStandard();
}

RatingColumns WithTimes(RatingColumns columns) {
  std::mt19937 engine(3);
  for (std::size_t i = 0; i < columns.values.size(); ++i) columns.times.push_back(1e9 + 5e5 * test::Draw(engine));
  return columns;
}

/// One of `kinds` for each row, at random.
Features RandomKinds(Index rows, Index kinds, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<Offset> offsets(rows + 1);
  std::vector<Index> columns(rows);
  for (Index row = 0; row < rows; ++row) {
    offsets[row + 1] = row + 1;
    columns[row] = static_cast<Index>(kinds * test::Draw(engine));
  }
  return {"features", offsets, columns, std::vector<float>(rows, 1.0F), kinds};
}

Options SmallOptions() {
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.preference = false;
  options.model.factors = 5;
  options.model.samples = 6;
  options.model.implicit_terms = ImplicitTerms::kBoth;
  options.training.epochs = 20;
  return options;
}

using SharedFeatures = std::shared_ptr<const SideFeatures>;

Model Trained(const test::SharedRatings& ratings, const Options& options, const SharedFeatures& features,
              const std::optional<WarmStart>& start = std::nullopt) {
  Trainer trainer(ratings, options, {}, start, features);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

class BayesianWithAll : public testing::Test {
 protected:
  static Options WithDays() {
    Options options = SmallOptions();
    options.model.time = TimeKind::kDays;
    return options;
  }

  const GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), 1);
  const test::SharedRatings ratings =
      test::Freeze(WithTimes(generated.columns), generated.user_count, generated.item_count);
  const SharedFeatures features = std::make_shared<const SideFeatures>(
      SideFeatures{.users = RandomKinds(generated.user_count, 4, 1), .items = RandomKinds(generated.item_count, 7, 2)});
  const Options options = WithDays();
};

TEST_F(BayesianWithAll, DoesNotDependOnSlicesOrThreads) {
  const Model expected = Trained(ratings, options, features);
  Options threaded = options;
  threaded.training.threads = 3;
  EXPECT_TRUE(test::SameBits(Trained(ratings, threaded, features), expected));
  Trainer sliced(ratings, options, {}, std::nullopt, features);
  while (!sliced.Finished()) sliced.Advance(0.0);
  EXPECT_TRUE(test::SameBits(sliced.Result(), expected));
  EXPECT_EQ(sliced.Result().user_times, expected.user_times);
  EXPECT_FALSE(test::SameBits(Trained(ratings, options, nullptr), expected));
}

TEST_F(BayesianWithAll, GoesOnToTheBitAfterAPause) {
  Trainer trainer(ratings, options, {}, std::nullopt, features);
  for (int epoch = 0; epoch < 12; ++epoch) trainer.Step();
  WarmStart start{.model = trainer.Result(), .users = {}, .items = {}, .epochs_done = 12};
  for (Index user = 0; user < ratings->UserCount(); ++user) start.users.push_back(user);
  for (Index item = 0; item < ratings->ItemCount(); ++item) start.items.push_back(item);
  Options rest = options;
  rest.training.epochs = 8;
  const Model resumed = Trained(ratings, rest, features, start);
  const Model whole = Trained(ratings, options, features);
  EXPECT_TRUE(test::SameBits(resumed, whole));
  EXPECT_EQ(resumed.user_times, whole.user_times);
}

TEST_F(BayesianWithAll, PredictsAtATimeWithTheDaysBias) {
  const Model model = Trained(ratings, options, features);
  const UserTimes times(model);
  const RatingsRow row = ratings->ByUser().Row(0);
  const auto last = std::ranges::max_element(row.times);
  const double origin = ratings->TimeOrigin();
  EXPECT_NEAR(times.Shift(0, origin + *last), 0.0, 1e-6) << "the model is that of the user's last day";
  EXPECT_NEAR(times.Shift(0, origin - 5.0 * kSecondsPerDay), -times.Last(0), 1e-6) << "no bias on an unknown day";
  // The means over the samples of the last day's bias, as the state has the last sample's.
  double mean = 0.0;
  for (int sample = 0; sample < options.model.samples; ++sample) mean += model.posterior.user_bias(0, sample);
  EXPECT_NEAR(model.UserBias(0), mean / options.model.samples, 1e-5);
}

TEST_F(BayesianWithAll, RefusesATimeThatItDoesNotHave) {
  Options mood = options;
  mood.model.time = TimeKind::kMood;
  test::ExpectError<std::invalid_argument>([&] { Trainer(ratings, mood); }, {"time must be", "days", "it is 'mood'"});
  Options plain = options;
  plain.model.biases = false;
  test::ExpectError<std::invalid_argument>([&] { Trainer(ratings, plain); }, {"biases must be true", "it is false"});
}

/// Ratings whose items have a bias and a factor by their kind, and whose users have moods by the day.
struct PlantedData {
  static constexpr Index kUsers = 150;
  static constexpr Index kItems = 120;
  static constexpr Index kKinds = 6;
  /// The items from here on have no ratings to train on.
  static constexpr Index kCold = 100;

  RatingColumns train;
  RatingColumns cold;
  RatingColumns test;
  SharedFeatures features =
      std::make_shared<const SideFeatures>(SideFeatures{.users = {}, .items = RandomKinds(kItems, kKinds, 4)});

  PlantedData() {
    Random random(5);
    std::array<double, kKinds> bias{};
    std::array<double, kKinds> factor{};
    for (double& kind : bias) kind = random.Normal();
    for (double& kind : factor) kind = random.Normal();
    for (Index user = 0; user < kUsers; ++user) {
      const double taste = random.Normal();
      std::array<double, 4> moods{};
      for (double& mood : moods) mood = 0.8 * random.Normal();
      for (Index item = 0; item < kItems; ++item) {
        if (random.Uniform() > 0.4) continue;
        const Index kind = features->items.Row(item).columns[0];
        const auto day = static_cast<int>(random.Below(4));
        const double value = 3.0 + bias[kind] + taste * factor[kind] + moods[day] + 0.5 * random.Normal();
        RatingColumns& to = item >= kCold ? cold : random.Uniform() < 0.2 ? test : train;
        to.users.push_back(user);
        to.items.push_back(item);
        to.values.push_back(static_cast<float>(value));
        to.times.push_back(kSecondsPerDay * (20'000 + day) + 60.0 * item);
      }
    }
  }

  Model Train(bool with_features, TimeKind time) const {
    Options options = SmallOptions();
    options.model.implicit_terms = ImplicitTerms::kNone;
    options.model.time = time;
    options.model.samples = 32;
    options.training.epochs = 120;
    return Trained(test::Freeze(train, kUsers, kItems), options, with_features ? features : nullptr);
  }
};

TEST(BayesianSideInformation, PlantedFeaturesPredictItemsWithoutRatings) {
  const PlantedData data;
  const double without = Evaluate(data.Train(false, TimeKind::kDays), data.cold.View()).rmse;
  const double with = Evaluate(data.Train(true, TimeKind::kDays), data.cold.View()).rmse;
  EXPECT_GT(without, 1.2) << "what a kind adds";
  EXPECT_LT(with, 0.75) << "the noise of 0.5, and what is not known of kinds, tastes and moods";
}

TEST(BayesianSideInformation, PlantedMoodsOfADayPredictItsRatings) {
  const PlantedData data;
  const double without = Evaluate(data.Train(true, TimeKind::kNone), data.test.View()).rmse;
  const Model model = data.Train(true, TimeKind::kDays);
  EXPECT_GT(without, 0.85);
  EXPECT_LT(Evaluate(model, data.test.View()).rmse, 0.65);
}

TEST(BayesianSideInformation, FeaturesThatMeanNothingChangeLittle) {
  const PlantedData data;
  const double without = Evaluate(data.Train(false, TimeKind::kDays), data.test.View()).rmse;
  PlantedData noise;
  noise.features = std::make_shared<const SideFeatures>(
      SideFeatures{.users = RandomKinds(PlantedData::kUsers, 5, 8), .items = RandomKinds(PlantedData::kItems, 5, 9)});
  EXPECT_NEAR(Evaluate(noise.Train(true, TimeKind::kDays), data.test.View()).rmse, without, 0.002);
}

}  // namespace
}  // namespace matfac
