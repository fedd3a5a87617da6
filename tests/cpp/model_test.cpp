#include "model/model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "support.h"

namespace matfac {
namespace {

class ModelPredictions : public testing::TestWithParam<bool> {
 protected:
  const test::SharedRatings ratings = test::Freeze(test::RandomColumns(30, 40, 0.3, 1), 30, 40);
  Options options = DefaultOptions(SolverKind::kSgd);

  ModelPredictions() {
    options.model.factors = 7;
    options.model.biases = GetParam();
    options.model.initial_scale = 2.5;
  }
};

TEST_P(ModelPredictions, AreTheClippedScores) {
  const Model model = test::StartModel(*ratings, options);
  const test::PlainModel plain(model);
  int below = 0;
  int above = 0;
  for (Index user = 0; user < model.UserCount(); ++user) {
    for (Index item = 0; item < model.ItemCount(); ++item) {
      const double score = plain.Score(user, item);
      below += score < 0.5 ? 1 : 0;
      above += score > 5.0 ? 1 : 0;
      ASSERT_NEAR(model.Score(user, item), score, 1e-5);
      ASSERT_NEAR(model.Predict(user, item), std::min(std::max(score, 0.5), 5.0), 1e-5);
    }
  }
  EXPECT_GT(below, 0);
  EXPECT_GT(above, 0) << "both ends of the range must be reached for this to test the clipping";
}

TEST_P(ModelPredictions, ForUnknownsAreMeanAndKnownBiases) {
  Model model = test::StartModel(*ratings, options);
  const bool biases = GetParam();
  EXPECT_DOUBLE_EQ(model.Predict(kUnknown, kUnknown), ratings->Mean());
  EXPECT_DOUBLE_EQ(model.Predict(3, kUnknown), ratings->Mean() + (biases ? model.user_bias[3] : 0.0F));
  EXPECT_DOUBLE_EQ(model.Predict(kUnknown, 5), ratings->Mean() + (biases ? model.item_bias[5] : 0.0F));
  if (!biases) return;
  model.user_bias[3] = 100.0F;
  model.item_bias[5] = -100.0F;
  EXPECT_EQ(model.Predict(3, kUnknown), 5.0) << "these are clipped, too";
  EXPECT_EQ(model.Predict(kUnknown, 5), 0.5);
}

TEST_P(ModelPredictions, RefuseIndicesOutsideTheModel) {
  using test::ExpectError;
  const Model model = test::StartModel(*ratings, options);
  ExpectError<std::invalid_argument>([&] { model.Predict(30, 0); }, {"user 30", "0 to 29"});
  ExpectError<std::invalid_argument>([&] { model.Predict(-2, 0); }, {"user -2", "0 to 29"});
  ExpectError<std::invalid_argument>([&] { model.Predict(0, 40); }, {"item 40", "0 to 39"});
  ExpectError<std::invalid_argument>([&] { model.Predict(kUnknown, -2); }, {"item -2", "0 to 39"});
  ExpectError<std::invalid_argument>([&] { model.CheckUser(kUnknown); }, {"user -1"});
  ExpectError<std::invalid_argument>([&] { model.CheckItem(kUnknown); }, {"item -1"});
  EXPECT_NO_THROW(model.CheckUser(29));
  EXPECT_NO_THROW(model.CheckItem(39));
}

TEST_P(ModelPredictions, RangeMayBeUnbounded) {
  Model model = test::StartModel(*ratings, options);
  model.minimum = -std::numeric_limits<float>::infinity();
  model.maximum = std::numeric_limits<float>::infinity();
  for (Index user = 0; user < model.UserCount(); ++user) {
    EXPECT_EQ(model.Predict(user, 7), model.Score(user, 7));
  }
}

INSTANTIATE_TEST_SUITE_P(Biases, ModelPredictions, testing::Bool());

TEST(InitialModel, HasSeededNormalFactorsOfTheScaleAskedFor) {
  const auto ratings = test::Freeze({.users = {0, 1}, .items = {0, 1}, .values = {1.0F, 4.0F}}, 4000, 3000);
  const ModelOptions options{.factors = 6, .initial_scale = 0.9};
  const Model model = InitialModel(*ratings, options, 5);
  ASSERT_EQ(model.user_factors.rows(), 4000);
  ASSERT_EQ(model.item_factors.rows(), 3000);
  ASSERT_EQ(model.Stride(), 8);
  EXPECT_TRUE(test::PaddingIsZero(model));
  const test::PlainModel plain(model);
  const double deviation = std::sqrt(1.5) * 0.9 / std::sqrt(6.0);  // the ratings deviate by 1.5
  for (const Eigen::MatrixXd* factors : {&plain.users, &plain.items}) {
    const auto count = static_cast<double>(factors->size());
    // Five standard errors of a mean, and of a variance of normal numbers.
    EXPECT_NEAR(factors->mean(), 0.0, 5.0 * deviation / std::sqrt(count));
    EXPECT_NEAR(factors->squaredNorm() / count, deviation * deviation,
                5.0 * deviation * deviation * std::sqrt(2.0 / count));
    const double within_one = static_cast<double>((factors->array().abs() < deviation).count()) / count;
    EXPECT_NEAR(within_one, 0.6827, 0.02);
    for (int f = 1; f < 6; ++f) {
      const double correlation =
          factors->col(f).dot(factors->col(0)) / (factors->col(f).norm() * factors->col(0).norm());
      EXPECT_NEAR(correlation, 0.0, 0.1) << "columns 0 and " << f;
    }
  }
  EXPECT_NE(model.user_factors.topRows(3000), model.item_factors) << "users and items have streams of their own";
}

TEST(InitialModel, DependsOnTheSeedAlone) {
  const auto ratings = test::Freeze({.users = {0, 1}, .items = {0, 1}, .values = {1.0F, 4.0F}}, 10, 10);
  const ModelOptions options{.factors = 5, .initial_scale = 1.0};
  EXPECT_TRUE(test::SameBits(InitialModel(*ratings, options, 7), InitialModel(*ratings, options, 7)));
  EXPECT_NE(InitialModel(*ratings, options, 7).user_factors, InitialModel(*ratings, options, 8).user_factors);
  EXPECT_NE(InitialModel(*ratings, options, 7).item_factors, InitialModel(*ratings, options, 8).item_factors);
}

TEST(InitialModel, TakesMeanAndRangeFromTheRatings) {
  const auto ratings = test::Freeze({.users = {0, 1}, .items = {0, 1}, .values = {1.0F, 4.0F}}, 3, 2);
  ModelOptions options{.factors = 1, .biases = true, .initial_scale = 1.0};
  const Model with = InitialModel(*ratings, options, 1);
  EXPECT_EQ(with.mean, 2.5);
  EXPECT_EQ(with.scale, 1.5);
  EXPECT_EQ(with.minimum, 1.0F);
  EXPECT_EQ(with.maximum, 4.0F);
  EXPECT_EQ(with.Baseline(), 2.5);
  EXPECT_EQ(with.user_bias, std::vector<float>(3));
  EXPECT_EQ(with.item_bias, std::vector<float>(2));
  options.biases = false;
  const Model without = InitialModel(*ratings, options, 1);
  EXPECT_TRUE(without.user_bias.empty());
  EXPECT_TRUE(without.item_bias.empty());
  EXPECT_EQ(without.UserBias(0), 0.0F);
  EXPECT_EQ(without.ItemBias(0), 0.0F);
  EXPECT_EQ(without.Baseline(), 0.0);
}

}  // namespace
}  // namespace matfac
