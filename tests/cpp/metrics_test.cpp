#include "ranking/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

/// Two users and two items with one factor, mean 3 and the range 1 to 5: r̂ = 3 + b_u + b_i + u v.
Model HandMadeModel() {
  Model model;
  model.options = {.factors = 1, .biases = true};
  model.user_factors = FactorMatrix::Zero(2, 4);
  model.item_factors = FactorMatrix::Zero(2, 4);
  model.user_factors.col(0) << 1.0F, -1.0F;
  model.item_factors.col(0) << 0.5F, 2.0F;
  model.user_bias = {0.5F, -0.5F};
  model.item_bias = {0.25F, 1.0F};
  model.mean = 3.0;
  model.minimum = 1.0F;
  model.maximum = 5.0F;
  return model;
}

TEST(Evaluate, ByHand) {
  // Predictions: 3 + 0.5 + 0.25 + 0.5 = 4.25; 3 + 0.5 + 1 + 2 = 6.5, clipped to 5; 3 − 0.5 + 0.25 − 0.5 = 2.25.
  const RatingColumns test{.users = {0, 0, 1}, .items = {0, 1, 0}, .values = {4.0F, 4.5F, 3.0F}};
  const Accuracy accuracy = Evaluate(HandMadeModel(), test.View());
  EXPECT_DOUBLE_EQ(accuracy.rmse, std::sqrt((0.0625 + 0.25 + 0.5625) / 3.0));
  EXPECT_DOUBLE_EQ(accuracy.mae, (0.25 + 0.5 + 0.75) / 3.0);
}

TEST(Evaluate, FallsBackToMeanAndKnownBiases) {
  // Predictions: 3; 3 + 0.5; 3 + 1.
  const RatingColumns test{
      .users = {kUnknown, 0, kUnknown}, .items = {kUnknown, kUnknown, 1}, .values = {3.0F, 4.5F, 6.0F}};
  const Accuracy accuracy = Evaluate(HandMadeModel(), test.View());
  EXPECT_DOUBLE_EQ(accuracy.rmse, std::sqrt((0.0 + 1.0 + 4.0) / 3.0));
  EXPECT_DOUBLE_EQ(accuracy.mae, 1.0);
}

TEST(Evaluate, InPartsIsTheSame) {
  const Model model = HandMadeModel();
  const RatingColumns first{.users = {0, 1}, .items = {0, 1}, .values = {1.0F, 2.0F}};
  const RatingColumns second{.users = {1}, .items = {0}, .values = {5.0F}};
  const RatingColumns both{.users = {0, 1, 1}, .items = {0, 1, 0}, .values = {1.0F, 2.0F, 5.0F}};
  AccuracyPass pass;
  EXPECT_TRUE(std::isnan(pass.Result().rmse));
  EXPECT_TRUE(std::isnan(pass.Result().mae));
  pass.Add(model, first.View(), UserTimes(model));
  pass.Add(model, {}, UserTimes(model));
  pass.Add(model, second.View(), UserTimes(model));
  EXPECT_EQ(pass.Result().rmse, Evaluate(model, both.View()).rmse);
  EXPECT_EQ(pass.Result().mae, Evaluate(model, both.View()).mae);
}

TEST(Evaluate, RefusesWhatItCannotJudge) {
  const Model model = HandMadeModel();
  const auto evaluate = [&](const RatingColumns& test) { return [&model, test] { Evaluate(model, test.View()); }; };
  test::ExpectError<std::invalid_argument>(evaluate({}), {"test ratings must not be empty"});
  test::ExpectError<std::invalid_argument>(evaluate({.users = {2}, .items = {0}, .values = {1.0F}}), {"user 2"});
  test::ExpectError<std::invalid_argument>(evaluate({.users = {0}, .items = {-5}, .values = {1.0F}}), {"item -5"});
  test::ExpectError<std::invalid_argument>(evaluate({.users = {0}, .items = {0, 1}, .values = {1.0F}}),
                                           {"must have the same length; they have 1, 2 and 1"});
}

}  // namespace
}  // namespace matfac
