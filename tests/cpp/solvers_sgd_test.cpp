#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "solvers/sgd.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using test::PlainModel;

/// The steps of Chin et al. for one pair, in double precision.
struct PlainAdaptive {
  PlainModel model;
  double user_squares = 1.0;
  double item_squares = 1.0;

  void Visit(double rating, const Options& options) {
    const double lambda = options.model.regularization;
    const double bias_lambda = options.model.BiasRegularization();
    const double bias_rate = options.training.bias_learning_rate;
    const double error = rating - model.Score(0, 0);
    model.user_bias(0) += bias_rate * (error - bias_lambda * model.user_bias(0));
    model.item_bias(0) += bias_rate * (error - bias_lambda * model.item_bias(0));
    const Eigen::RowVectorXd user_gradient = lambda * model.users.row(0) - error * model.items.row(0);
    const Eigen::RowVectorXd item_gradient = lambda * model.items.row(0) - error * model.users.row(0);
    model.users.row(0) -= *options.training.learning_rate / std::sqrt(user_squares) * user_gradient;
    model.items.row(0) -= *options.training.learning_rate / std::sqrt(item_squares) * item_gradient;
    user_squares += user_gradient.squaredNorm() / options.model.factors;
    item_squares += item_gradient.squaredNorm() / options.model.factors;
  }
};

TEST(SgdSteps, AdaptiveOnesShrinkWithTheGradientsSeen) {
  const auto ratings = test::Freeze({.users = {0}, .items = {0}, .values = {4.5F}}, 1, 1);
  Options options = DefaultOptions(SolverKind::kSgd);
  options.model = {
      .solver = SolverKind::kSgd, .factors = 6, .regularization = 0.3, .biases = true, .initial_scale = 2.0};
  options.model.bias_regularization = 0.05;
  options.training.learning_rate = 0.2;
  options.training.bias_learning_rate = 0.01;
  options.training.adaptive = true;
  Model model = test::StartModel(*ratings, options);
  PlainAdaptive expected{.model = PlainModel(model)};
  Workers alone(1);
  Sgd solver(*ratings, options, alone);
  for (int epoch = 1; epoch <= 5; ++epoch) {
    expected.Visit(4.5, options);
    test::WorkWhole(solver, epoch, model);
    EXPECT_LT(test::LargestDifference(PlainModel(model), expected.model), 1e-5) << epoch;
    EXPECT_TRUE(test::PaddingIsZero(model));
  }
  EXPECT_GT(expected.user_squares, 1.2) << "the accumulators must matter for this to show anything";
}

TEST(SgdSteps, BiasesHaveARateAndARegularizationOfTheirOwn) {
  const auto ratings = test::Freeze({.users = {0}, .items = {0}, .values = {4.5F}}, 1, 1);
  Options options = DefaultOptions(SolverKind::kSgd);
  options.model.biases = true;
  options.model.regularization = 0.5;
  options.model.bias_regularization = 0.125;
  options.training.learning_rate = 0.1;
  options.training.learning_rate_decay = 0.5;
  options.training.bias_learning_rate = 0.03;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    Model model = test::StartModel(*ratings, options);
    const double error = 4.5 - model.Score(0, 0);
    const double bias = model.user_bias[0];
    Workers alone(1);
    Sgd solver(*ratings, options, alone);
    test::WorkWhole(solver, epoch, model);
    EXPECT_NEAR(model.user_bias[0], bias + 0.03 * (error - 0.125 * bias), 1e-6) << "not decayed in epoch " << epoch;
  }
}

TEST(SgdSteps, AdaptiveOnesLearn) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options = DefaultOptions(SolverKind::kSgd);
  options.training.adaptive = true;
  options.training.learning_rate = 0.1;
  Trainer trainer(ratings, options);
  const double first = trainer.Step().loss;
  for (int epoch = 2; epoch <= 20; ++epoch) trainer.Step();
  EXPECT_LT(trainer.Step().loss, 0.5 * first);
}

TEST(SgdSteps, OptionsOutOfRangeAreNamed) {
  const auto expect_error = [](auto&& change, std::initializer_list<const char*> parts) {
    Options options = DefaultOptions(SolverKind::kSgd);
    change(options);
    test::ExpectError<std::invalid_argument>([&] { Validate(options); }, parts);
  };
  expect_error([](Options& o) { o.model.bias_regularization = -0.5; }, {"biasRegularization", "-0.5", "0 or more"});
  expect_error([](Options& o) { o.model.bias_regularization = kNan; }, {"biasRegularization", "0 or more"});
  expect_error([](Options& o) { o.training.bias_learning_rate = -1.0; }, {"biasLearningRate", "-1", "0 or more"});
  Options als = DefaultOptions(SolverKind::kAls);
  als.training.adaptive = true;
  test::ExpectError<std::invalid_argument>([&] { Validate(als); }, {"adaptive", "sgd", "als"});
}

}  // namespace
}  // namespace matfac
