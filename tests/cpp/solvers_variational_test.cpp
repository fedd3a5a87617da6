#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "fold_in/fold_in.h"
#include "fold_in/uncertainty.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr double kNoise = 0.8;
constexpr Index kUsers = 300;
constexpr Index kVisitors = 100;
constexpr Index kItems = 200;

/// Ratings drawn from the model, a fifth held out; those of visitors apart, whom no model knows.
struct Planted {
  RatingColumns train;
  RatingColumns test;
  std::vector<RatingColumns> visitors_known{kVisitors};
  std::vector<RatingColumns> visitors_asked{kVisitors};

  explicit Planted(std::uint64_t seed) {
    constexpr int kFactors = 4;
    Random random(seed, 99);
    const auto draw = [&](std::size_t count, double deviation) {
      std::vector<double> values(count);
      for (double& value : values) value = deviation * random.Normal();
      return values;
    };
    const auto user_bias = draw(kUsers + kVisitors, 0.4);
    const auto item_bias = draw(kItems, 0.6);
    const auto p = draw(static_cast<std::size_t>(kUsers + kVisitors) * kFactors, 0.6);
    const auto q = draw(static_cast<std::size_t>(kItems) * kFactors, 0.6);
    for (Index user = 0; user < kUsers + kVisitors; ++user) {
      for (Index item = 0; item < kItems; ++item) {
        if (random.Uniform() > 0.2) continue;
        double rating = 3.5 + user_bias[user] + item_bias[item] + kNoise * random.Normal();
        for (int f = 0; f < kFactors; ++f) rating += p[user * kFactors + f] * q[item * kFactors + f];
        const bool held = random.Uniform() < 0.2;
        RatingColumns& part =
            user < kUsers ? (held ? test : train) : (held ? visitors_asked : visitors_known)[user - kUsers];
        part.users.push_back(user);
        part.items.push_back(item);
        part.values.push_back(static_cast<float>(rating));
      }
    }
  }
};

Model Trained(const test::SharedRatings& ratings, const Options& options) {
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

/// The shares of held-out ratings within the intervals of 50 and of 90 %, and the RMSE.
struct Coverage {
  double count = 0.0;
  double half = 0.0;
  double ninety = 0.0;
  double squares = 0.0;

  void Add(double error, double deviation) {
    count += 1.0;
    half += std::abs(error) < 0.6745 * deviation ? 1.0 : 0.0;
    ninety += std::abs(error) < 1.645 * deviation ? 1.0 : 0.0;
    squares += error * error;
  }
  void ExpectCalibrated() const {
    EXPECT_GT(ninety / count, 0.87);
    EXPECT_LT(ninety / count, 0.93);
    EXPECT_NEAR(half / count, 0.5, 0.04);
  }
  double Rmse() const { return std::sqrt(squares / count); }
};

class VariationalOnPlanted : public testing::Test {
 protected:
  static Coverage OfUsers(const Model& model, bool uncertain) {
    Coverage coverage;
    for (std::size_t j = 0; j < planted_->test.values.size(); ++j) {
      const Index user = planted_->test.users[j];
      const Index item = planted_->test.items[j];
      coverage.Add(planted_->test.values[j] - model.Score(user, item),
                   uncertain ? Uncertainty(model, user, item) : 1.0);
    }
    return coverage;
  }
  static void SetUpTestSuite() {
    planted_ = new Planted(5);
    ratings_ = test::Freeze(planted_->train, kUsers, kItems);
    model_ = new Model(Trained(ratings_, DefaultOptions(SolverKind::kVariational)));
  }
  static void TearDownTestSuite() {
    delete planted_;
    delete model_;
    ratings_.reset();
  }

  static inline Planted* planted_ = nullptr;
  static inline Model* model_ = nullptr;
  static inline test::SharedRatings ratings_;
};

TEST_F(VariationalOnPlanted, IntervalsCoverHeldOutRatingsOfUsersAsOftenAsTheySay) {
  OfUsers(*model_, true).ExpectCalibrated();
}

TEST_F(VariationalOnPlanted, IntervalsCoverThoseOfVisitorsToo) {
  const Visitors visitors(*model_);
  Coverage coverage;
  for (Index visitor = 0; visitor < kVisitors; ++visitor) {
    const RatingColumns& known = planted_->visitors_known[visitor];
    const RatingColumns& asked = planted_->visitors_asked[visitor];
    const Profile profile = visitors.FoldIn(known.items, known.values);
    const std::vector<float> deviations = visitors.Uncertainty(known.items, known.values, asked.items);
    for (std::size_t j = 0; j < asked.values.size(); ++j) {
      coverage.Add(asked.values[j] - Score(*model_, profile, asked.items[j]), deviations[j]);
    }
  }
  ASSERT_GT(coverage.count, 700.0);
  coverage.ExpectCalibrated();
}

TEST_F(VariationalOnPlanted, IsNearTheNoiseAndNearBayesian) {
  const double found = OfUsers(*model_, false).Rmse();
  const double sampled = OfUsers(Trained(ratings_, DefaultOptions(SolverKind::kBayesian)), false).Rmse();
  EXPECT_GT(found, kNoise);
  EXPECT_LT(found, 1.2 * kNoise);
  // A product of normals understates what rows of some 30 ratings share: sampling stays ahead.
  EXPECT_LT(found, 1.05 * sampled);
  for (const SolverKind other : {SolverKind::kAls, SolverKind::kBias}) {
    Options options = DefaultOptions(other);
    options.model.preference = false;
    EXPECT_LT(found, OfUsers(Trained(ratings_, options), false).Rmse()) << SolverName(other);
  }
}

TEST_F(VariationalOnPlanted, LearnsTheNoise) {
  double mean = 0.0;
  for (const float variance : model_->posterior.user_noise) mean += variance / kUsers;
  EXPECT_NEAR(std::sqrt(mean), kNoise, 0.1 * kNoise);
}

class FreeEnergy : public testing::TestWithParam<const char*> {};

// Without the first layer nothing but the steps of this solver changes it.
TEST_P(FreeEnergy, NeverRises) {
  Options options = DefaultOptions(SolverKind::kVariational);
  options.model.preference = false;
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName(GetParam()), 2));
  Trainer trainer(ratings, options);
  double last = test::kEndless;
  while (!trainer.Finished()) {
    const EpochReport report = trainer.Step();
    EXPECT_LE(report.loss, last + 2e-6 * std::abs(report.loss)) << "in epoch " << report.epoch;
    last = report.loss;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, FreeEnergy, testing::Values("tiny", "ml100k"));

TEST(Variational, StopsByItselfOnceItHasConverged) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Options options = DefaultOptions(SolverKind::kVariational);
  options.training.epochs = 200;
  Trainer trainer(ratings, options);
  std::vector<double> losses;
  while (!trainer.Finished()) losses.push_back(trainer.Step().loss);
  const auto size = static_cast<double>(ratings->Size());
  const auto epochs = losses.size();
  EXPECT_GE(epochs, 10U);
  EXPECT_LT(epochs, 60U);
  EXPECT_LT(losses[epochs - 2] - losses[epochs - 1], 1e-4 * size);
  for (std::size_t epoch = 10; epoch + 1 < epochs; ++epoch)
    EXPECT_GE(losses[epoch - 1] - losses[epoch], 0.99e-4 * size);
}

TEST(Variational, ThreadsAndSlicesDoNotChangeTheModel) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Options options = DefaultOptions(SolverKind::kVariational);
  options.model.factors = 16;
  options.training.epochs = 4;
  const Model one = Trained(ratings, options);
  Trainer sliced(ratings, options);
  options.training.threads = 3;
  Trainer threaded(ratings, options);
  int slices = 0;
  while (!sliced.Finished()) {
    sliced.Advance(0.0);
    ++slices;
  }
  while (!threaded.Finished()) threaded.Advance(0.0);
  EXPECT_GE(slices, 3 * 4) << "too few slices to test slicing";
  EXPECT_TRUE(test::SameBits(sliced.Result(), one));
  EXPECT_TRUE(test::SameBits(threaded.Result(), one));
}

// No two users or items can be told apart, and r̂ is the mean of a normal whose parts are all shrunk to it.
TEST(Variational, OfEqualRatingsPredictsThem) {
  RatingColumns columns = test::RandomColumns(20, 30, 0.5, 2);
  std::ranges::fill(columns.values, 4.0F);
  const auto ratings = test::Freeze(columns, 20, 30);
  const Model model = Trained(ratings, DefaultOptions(SolverKind::kVariational));
  for (Index user = 0; user < 20; ++user) {
    for (Index item = 0; item < 30; ++item) EXPECT_NEAR(model.Score(user, item), 4.0, 1e-3);
  }
}

// Everyone rates everything: log(1 + n) is the same number in each row.
TEST(Variational, OfACompleteMatrixIsNearTheNoise) {
  constexpr Index kRows = 60;
  Random random(4, 2);
  std::vector<double> user(kRows);
  std::vector<double> item(kRows);
  for (double& x : user) x = random.Normal();
  for (double& x : item) x = random.Normal();
  RatingColumns columns;
  double noise = 0.0;
  for (Index n = 0; n < kRows; ++n) {
    for (Index m = 0; m < kRows; ++m) {
      const double error = 0.5 * random.Normal();
      noise += error * error / (kRows * kRows);
      columns.users.push_back(n);
      columns.items.push_back(m);
      columns.values.push_back(static_cast<float>(user[n] * item[m] + error));
    }
  }
  const Model model = Trained(test::Freeze(columns, kRows, kRows), DefaultOptions(SolverKind::kVariational));
  double squares = 0.0;
  for (Index n = 0; n < kRows; ++n) {
    for (Index m = 0; m < kRows; ++m) squares += std::pow(model.Score(n, m) - user[n] * item[m], 2) / (kRows * kRows);
  }
  // Two rows of one factor each are learned from 60 ratings a row.
  EXPECT_LT(std::sqrt(squares), 3.0 * std::sqrt(2.0 * noise / kRows));
}

TEST(Variational, OfTheFewestRatingsIsFinite) {
  const auto one = test::Freeze({.users = {0}, .items = {0}, .values = {70.0F}}, 1, 1);
  const auto row = test::Freeze(test::RandomColumns(2, 40, 0.9, 3), 2, 40);
  const auto column = test::Freeze(test::RandomColumns(40, 2, 0.9, 3), 40, 2);
  for (const auto& ratings : {one, row, column}) {
    for (const bool preference : {false, true}) {
      Options options = DefaultOptions(SolverKind::kVariational);
      options.model.preference = preference;
      const Model model = Trained(ratings, options);
      EXPECT_TRUE(test::IsFinite(model));
      EXPECT_TRUE(std::isfinite(Uncertainty(model, 0, 0)));
      EXPECT_TRUE(model.liked_users.allFinite());
    }
  }
}

}  // namespace
}  // namespace matfac
