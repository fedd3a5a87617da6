#include "solvers/gradient_descent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

using test::PlainModel;

constexpr Index kUsers = 9;
constexpr Index kItems = 12;
constexpr double kRate = 0.05;
constexpr double kLambda = 0.3;

/// With and without biases and regularization; five factors have a stride of 8.
class GradientDescentStep : public testing::TestWithParam<std::tuple<bool, bool>> {
 protected:
  const RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.4, 1);
  const test::SharedRatings ratings = test::Freeze(columns, kUsers, kItems);
  Options options = DefaultOptions(SolverKind::kGradientDescent);

  GradientDescentStep() {
    options.model.factors = 5;
    options.model.biases = std::get<0>(GetParam());
    options.model.regularization = std::get<1>(GetParam()) ? kLambda : 0.0;
    options.training.learning_rate = kRate;
  }

  /// ½ Σ e² + ½ λ (‖U‖² + ‖V‖² + ‖biases‖²)
  double Loss(const PlainModel& model) const {
    return model.SquaredLoss(columns) + 0.5 * options.model.regularization * model.SquaredNorm();
  }
};

TEST_P(GradientDescentStep, IsTheStepOfDenseMatrices) {
  Model model = test::StartModel(*ratings, options);
  const PlainModel before(model);
  Eigen::MatrixXd rated = Eigen::MatrixXd::Zero(kUsers, kItems);
  Eigen::MatrixXd mask = Eigen::MatrixXd::Zero(kUsers, kItems);
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    rated(columns.users[i], columns.items[i]) = columns.values[i];
    mask(columns.users[i], columns.items[i]) = 1.0;
  }
  Eigen::MatrixXd scores = before.users * before.items.transpose();
  scores.array() += before.baseline;
  scores.colwise() += before.user_bias;
  scores.rowwise() += before.item_bias.transpose();
  const Eigen::MatrixXd error = (scores - rated).cwiseProduct(mask);
  const double lambda = options.model.regularization;
  PlainModel expected = before;
  expected.users -= kRate * (error * before.items + lambda * before.users);
  expected.items -= kRate * (error.transpose() * before.users + lambda * before.items);
  if (options.model.biases) {
    expected.user_bias -= kRate * (error.rowwise().sum() + lambda * before.user_bias);
    expected.item_bias -= kRate * (error.colwise().sum().transpose() + lambda * before.item_bias);
  }

  Workers alone(1);
  GradientDescent solver(*ratings, options, alone);
  test::WorkWhole(solver, 1, model);
  EXPECT_LT(test::LargestDifference(PlainModel(model), expected), 2e-6);
  EXPECT_GT(test::LargestDifference(before, expected), 0.1) << "the step is too small to test anything";
  EXPECT_TRUE(test::PaddingIsZero(model));
}

TEST_P(GradientDescentStep, GradientAgreesWithFiniteDifferences) {
  const Model model = test::StartModel(*ratings, options);
  PlainModel point(model);
  const auto slope = [&](double& parameter) {
    constexpr double kStep = 1e-5;
    const double centre = parameter;
    parameter = centre + kStep;
    const double above = Loss(point);
    parameter = centre - kStep;
    const double below = Loss(point);
    parameter = centre;
    return (above - below) / (2.0 * kStep);
  };
  const auto expect = [&](float actual, double& parameter) {
    const double expected = slope(parameter);
    EXPECT_NEAR(actual, expected, 1e-4 * std::max(std::abs(expected), 0.01));
  };
  Workers alone(1);
  const Gradient gradient = GradientDescent(*ratings, options, alone).At(model);
  for (int f = 0; f < options.model.factors; ++f) {
    for (Index user = 0; user < kUsers; ++user) expect(gradient.user_factors(user, f), point.users(user, f));
    for (Index item = 0; item < kItems; ++item) expect(gradient.item_factors(item, f), point.items(item, f));
  }
  ASSERT_EQ(gradient.user_bias.size(), options.model.biases ? kUsers : 0U);
  ASSERT_EQ(gradient.item_bias.size(), options.model.biases ? kItems : 0U);
  for (std::size_t n = 0; n < gradient.user_bias.size(); ++n) expect(gradient.user_bias[n], point.user_bias(n));
  for (std::size_t m = 0; m < gradient.item_bias.size(); ++m) expect(gradient.item_bias[m], point.item_bias(m));
}

TEST_P(GradientDescentStep, LossFallsAtEveryStepForASmallLearningRate) {
  options.training.learning_rate = 1e-3;
  options.training.epochs = 100;
  Trainer trainer(ratings, options);
  double loss = Loss(PlainModel(trainer.Result()));
  while (!trainer.Finished()) {
    trainer.Step();
    const double next = Loss(PlainModel(trainer.Result()));
    ASSERT_LT(next, loss) << "in epoch " << trainer.EpochsDone();
    loss = next;
  }
}

INSTANTIATE_TEST_SUITE_P(BiasesAndRegularization, GradientDescentStep,
                         testing::Combine(testing::Bool(), testing::Bool()));

TEST(GradientDescent, RowsWithoutRatingsStayWithoutRegularization) {
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 1), kUsers, kItems);
  const Options options = DefaultOptions(SolverKind::kGradientDescent);
  const Model before = InitialModel(*ratings, options.model, 1);
  Model model = before;
  Workers alone(1);
  GradientDescent solver(*ratings, options, alone);
  test::WorkWhole(solver, 1, model);
  EXPECT_EQ(model.user_factors.row(kUsers - 1), before.user_factors.row(kUsers - 1));
  EXPECT_EQ(model.item_factors.row(kItems - 1), before.item_factors.row(kItems - 1));
}

TEST(GradientDescent, SlicesAndThreadsDoNotChangeTheModel) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Options options = DefaultOptions(SolverKind::kGradientDescent);
  options.model.factors = 512;  // so many that three threads take several slices
  options.model.biases = true;
  options.model.regularization = 0.1;
  options.training.epochs = 3;
  Trainer whole(ratings, options);
  while (!whole.Finished()) whole.Step();
  options.training.threads = 3;
  Trainer sliced(ratings, options);
  int slices = 0;
  for (; !sliced.Finished(); ++slices) sliced.Advance(0.0);
  EXPECT_GT(slices, 9);
  EXPECT_TRUE(test::SameBits(whole.Result(), sliced.Result()));
}

TEST(GradientDescent, LearningRateDecays) {
  const auto ratings = test::Freeze({.users = {0}, .items = {0}, .values = {4.0F}}, 1, 1);
  Options options = DefaultOptions(SolverKind::kGradientDescent);
  options.model.factors = 1;
  options.training.learning_rate = 0.5;
  options.training.learning_rate_decay = 0.25;
  Workers alone(1);
  GradientDescent solver(*ratings, options, alone);
  for (const auto& [epoch, rate] : {std::pair(1, 0.5), std::pair(2, 0.125), std::pair(4, 0.0078125)}) {
    Model model = InitialModel(*ratings, options.model, 1);
    model.user_factors(0, 0) = 1.0F;
    model.item_factors(0, 0) = 2.0F;  // e = 2 − 4
    test::WorkWhole(solver, epoch, model);
    EXPECT_FLOAT_EQ(model.user_factors(0, 0), static_cast<float>(1.0 + rate * 2.0 * 2.0));
    EXPECT_FLOAT_EQ(model.item_factors(0, 0), static_cast<float>(2.0 + rate * 2.0 * 1.0));
  }
}

TEST(GradientDescent, DivergenceNamesTheLearningRateAndLeavesAFiniteModel) {
  for (const bool biases : {false, true}) {
    Options options = DefaultOptions(SolverKind::kGradientDescent);
    options.model.biases = biases;
    options.training.learning_rate = 0.25;
    Trainer trainer(test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1)), options);
    const auto train = [&] {
      while (!trainer.Finished()) trainer.Step();
    };
    test::ExpectError<DivergenceError>(train,
                                       {"learningRate must be smaller; it is 0.25, and the loss diverges in epoch "});
    EXPECT_TRUE(test::IsFinite(trainer.Result()));
    EXPECT_TRUE(std::isfinite(trainer.Result().Predict(0, 0)));
    test::ExpectError<DivergenceError>([&] { trainer.Step(); }, {"learningRate must be smaller; it is 0.25"});
    EXPECT_TRUE(test::IsFinite(trainer.Result()));
  }
}

}  // namespace
}  // namespace matfac
