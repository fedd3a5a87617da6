#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/generator.h"
#include "implicit_data.h"
#include "solvers/bpr.h"
#include "solvers/bpr_visit.h"
#include "training/trainer.h"

namespace matfac {
namespace {

Options BprOptions(int factors, double learning_rate, double regularization) {
  Options options = DefaultOptions(SolverKind::kBpr);
  options.model.factors = factors;
  options.model.regularization = regularization;
  options.training.learning_rate = learning_rate;
  options.training.learning_rate_decay = 1.0;
  return options;
}

/// One user who rated the items `rated` out of `items`.
std::shared_ptr<const Ratings> OneUser(const std::vector<Index>& rated, Index items) {
  return test::Frozen(
      {.users = std::vector<Index>(rated.size(), 0), .items = rated, .values = std::vector<float>(rated.size(), 1.0F)},
      1, items);
}

/// −ln σ(d) + ½ λ (‖u‖² + ‖v_i‖² + ‖v_j‖² + b_i² + b_j²) with the parameters in that order.
double SampleLoss(const Eigen::VectorXd& parameters, int factors, double lambda) {
  const auto u = parameters.head(factors);
  const auto v = parameters.segment(factors, factors);
  const auto w = parameters.segment(2 * factors, factors);
  const double d = parameters(3 * factors) - parameters(3 * factors + 1) + u.dot(v - w);
  return std::log1p(std::exp(-d)) + 0.5 * lambda * parameters.squaredNorm();
}

Eigen::VectorXd SampleParameters(const Model& model, Index user, Index rated, Index other) {
  const int factors = model.options.factors;
  Eigen::VectorXd parameters(3 * factors + 2);
  parameters << test::Plain(model.user_factors, factors).row(user).transpose(),
      test::Plain(model.item_factors, factors).row(rated).transpose(),
      test::Plain(model.item_factors, factors).row(other).transpose(), model.item_bias[rated], model.item_bias[other];
  return parameters;
}

BprRows RowsOf(Model& model) {
  return {.users = model.user_factors.data(),
          .items = model.item_factors.data(),
          .biases = model.item_bias.data(),
          .stride = model.Stride()};
}

TEST(Bpr, StepIsTheGradientByFiniteDifferences) {
  constexpr int kFactors = 6;
  constexpr double kLambda = 0.3;
  const auto ratings = test::Frozen(test::RandomWeights(5, 9, 0.4, 1), 5, 9);
  Options options = BprOptions(kFactors, 1.0, kLambda);
  options.model.initial_scale = 2.0;
  Model model = InitialModel(*ratings, options.model, 3);
  for (std::size_t m = 0; m < model.item_bias.size(); ++m) model.item_bias[m] = 0.1F * static_cast<float>(m) - 0.3F;
  const Model before = model;
  const Eigen::VectorXd start = SampleParameters(model, 2, 4, 7);
  const BprSample sample{.user = 2, .item = 4, .other = 7};
  BprLoss loss;
  VisitSamples({&sample, 1}, RowsOf(model), 1.0F, 1.0F - static_cast<float>(kLambda), loss);

  const Eigen::VectorXd moved = SampleParameters(model, 2, 4, 7) - start;
  for (Eigen::Index p = 0; p < start.size(); ++p) {
    constexpr double kStep = 1e-5;
    Eigen::VectorXd above = start;
    Eigen::VectorXd below = start;
    above(p) += kStep;
    below(p) -= kStep;
    const double slope = (SampleLoss(above, kFactors, kLambda) - SampleLoss(below, kFactors, kLambda)) / (2.0 * kStep);
    EXPECT_NEAR(moved(p), -slope, 1e-6) << "parameter " << p;
  }
  for (const Index item : {0, 1, 2, 3, 5, 6, 8}) EXPECT_EQ(model.item_factors.row(item), before.item_factors.row(item));
  EXPECT_TRUE(test::HasZeroPadding(model));
}

/// Without regularization and with tiny factors, the bias of a rated item only rises, and that of another only falls.
TEST(Bpr, DrawsTrueNegativesAlone) {
  constexpr Index kItems = 40;
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    std::mt19937 engine(seed);
    std::vector<Index> rated;
    for (Index item = 0; item < kItems; ++item) {
      if (test::Draw(engine) < 0.2 * seed) rated.push_back(item);
    }
    Options options = BprOptions(4, 0.01, 0.0);
    options.model.initial_scale = 1e-6;
    options.training.epochs = 100;
    Trainer trainer(OneUser(rated, kItems), options);
    while (!trainer.Finished()) trainer.Step();
    for (Index item = 0; item < kItems; ++item) {
      const float bias = trainer.Result().item_bias[item];
      if (std::ranges::binary_search(rated, item)) {
        EXPECT_GT(bias, 0.0F) << item;
      } else {
        EXPECT_LT(bias, 0.0F) << item;
      }
    }
  }
}

/// With a small rate each sample moves two biases by η / 2, so that the biases count the samples.
TEST(Bpr, AnEpochHasOneSampleForEachRatingAndItsNegativesAreUniform) {
  constexpr Index kItems = 4'020;
  constexpr float kRate = 1e-6F;
  std::vector<Index> rated;
  for (Index item = 0; item < kItems; ++item) {
    if (item % 201 != 17) rated.push_back(item);
  }
  Options options = BprOptions(4, kRate, 0.0);
  options.model.initial_scale = 1e-6;
  Trainer trainer(OneUser(rated, kItems), options);
  trainer.Step();
  const std::vector<float>& bias = trainer.Result().item_bias;
  double negatives = 0.0;
  for (Index item = 0; item < kItems; ++item) {
    const double samples = bias[item] / (0.5 * kRate);
    if (item % 201 != 17) {
      EXPECT_NEAR(samples, 1.0, 1e-3);
      continue;
    }
    EXPECT_NEAR(-samples, 200.0, 5.0 * std::sqrt(200.0)) << item;  // 20 items for 4,000 samples
    negatives -= samples;
  }
  EXPECT_NEAR(negatives, 4'000.0, 1.0);
}

TEST(Bpr, AUserWhoRatedEverythingIsLeftOut) {
  const auto ratings = OneUser({0, 1, 2}, 3);
  const Options options = BprOptions(4, 0.1, 0.2);
  Trainer trainer(ratings, options);
  const Model before = trainer.Result();
  EXPECT_EQ(trainer.Step().loss, 0.0);
  EXPECT_TRUE(test::EqualBits(trainer.Result(), before));
}

/// Σ over ratings of the mean over unrated items of SampleLoss.
double ExpectedLoss(const Model& model, const Ratings& ratings) {
  double sum = 0.0;
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    const RatingsRow row = ratings.ByUser().Row(user);
    for (const Index rated : row.others) {
      for (Index other = 0; other < ratings.ItemCount(); ++other) {
        if (std::ranges::binary_search(row.others, other)) continue;
        const double loss = SampleLoss(SampleParameters(model, user, rated, other), model.options.factors,
                                       model.options.regularization);
        sum += loss / static_cast<double>(ratings.ItemCount() - row.others.size());
      }
    }
  }
  return sum;
}

TEST(Bpr, LossIsThatOfItsSamples) {
  const auto ratings = test::Frozen(test::RandomWeights(30, 20, 0.4, 1), 30, 20);
  Options options = BprOptions(5, 1e-12, 0.05);  // too small a rate to change the model
  options.model.initial_scale = 1.5;
  options.training.epochs = 400;
  Trainer trainer(ratings, options);
  const double expected = ExpectedLoss(trainer.Result(), *ratings);
  double sum = 0.0;
  double squares = 0.0;
  while (!trainer.Finished()) {
    const double loss = trainer.Step().loss;
    sum += loss;
    squares += loss * loss;
  }
  const double mean = sum / 400.0;
  const double deviation = std::sqrt((squares / 400.0 - mean * mean) / 400.0);
  EXPECT_NEAR(mean, expected, 4.0 * deviation);
  EXPECT_LT(deviation, 0.002 * expected);
}

TEST(Bpr, LossOfFarScoresIsFinite) {
  const auto ratings = OneUser({0, 1}, 4);
  Options options = BprOptions(4, 1e-12, 0.0);
  options.model.initial_scale = 1.0;
  Workers alone(1);
  const SideFeatures none;
  const auto solver = MakeSolver(*ratings, options, alone, none);
  Model model = InitialModel(*ratings, options.model, 1);
  model.item_bias = {-1000.0F, 2000.0F, 0.0F, 0.0F};
  test::WorkEpoch(*solver, 1, model);
  EXPECT_NEAR(solver->Measure()->loss, 1000.0, 5.0);
}

TEST(Bpr, LearnsToRankWhatWasRated) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), 1);
  const auto ratings = test::Frozen(generated.columns, generated.user_count, generated.item_count);
  Options options = DefaultOptions(SolverKind::kBpr);
  options.model.factors = 8;
  options.training.epochs = 30;
  Trainer trainer(ratings, options);
  const double before = ExpectedLoss(trainer.Result(), *ratings);
  double last = before;
  while (!trainer.Finished()) last = trainer.Step().loss;
  EXPECT_LT(last, 0.5 * before);
  EXPECT_LT(ExpectedLoss(trainer.Result(), *ratings), 0.5 * before);
}

void ExpectTheSameBits(const char* size, int factors) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName(size), 1);
  const auto ratings = test::Frozen(generated.columns, generated.user_count, generated.item_count);
  Options options = BprOptions(factors, 0.1, 0.01);
  options.training.epochs = 2;
  double loss = 0.0;
  const auto train = [&](double slice) {
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) {
      if (const auto report = trainer.Advance(slice)) loss = report->loss;
    }
    return trainer.Result();
  };
  const Model expected = train(1e9);
  const double expected_loss = loss;
  EXPECT_TRUE(test::EqualBits(train(0.0), expected));
  EXPECT_TRUE(test::HasZeroPadding(expected));
  for (const int threads : {2, 5}) {
    options.training.threads = threads;
    EXPECT_TRUE(test::EqualBits(train(1e9), expected)) << threads;
    EXPECT_EQ(loss, expected_loss) << threads;
  }
  options.training.seed = 2;
  EXPECT_FALSE(test::EqualBits(train(1e9), expected));
}

TEST(Bpr, BitsDoNotDependOnSlicesOrThreadsButOnTheSeed) {
  ExpectTheSameBits("ml100k", 80);  // one tile
  ExpectTheSameBits("ml1m", 5);
}

TEST(Bpr, WithoutBiasesThereAreNone) {
  const auto ratings = test::Frozen(test::RandomWeights(30, 20, 0.4, 1), 30, 20);
  Options options = BprOptions(5, 0.1, 0.01);
  options.model.biases = false;
  Trainer trainer(ratings, options);
  EXPECT_TRUE(std::isfinite(trainer.Step().loss));
  EXPECT_TRUE(trainer.Result().item_bias.empty());
}

}  // namespace
}  // namespace matfac
