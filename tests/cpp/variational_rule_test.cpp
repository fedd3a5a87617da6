#include "fold_in/variational_rule.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <numeric>
#include <vector>

#include "features_data.h"
#include "fold_in/fold_in.h"
#include "fold_in/new_rows.h"
#include "fold_in/preference_rule.h"
#include "model/row_priors.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

class VariationalFoldIn : public testing::TestWithParam<bool> {
 protected:
  VariationalFoldIn() {
    Options options = DefaultOptions(SolverKind::kVariational);
    options.model.factors = 5;
    options.model.preference = GetParam();
    Trainer trainer(test::Freeze(Generate(GeneratorSizeFromName("tiny"), 4)), options);
    while (!trainer.Finished()) trainer.Step();
    model_ = trainer.Result();
  }

  /// The mean and the covariance of [u; b] on standardized ratings, whole, with the diagonals of the items.
  struct Posterior {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;
  };
  Posterior Expected() const {
    const int factors = model_.options.factors;
    const RowPriors priors = RowPriors::OfUsers(model_);
    const int features = RowPriors::FeaturesOf(model_.options);
    Eigen::VectorXd f = Eigen::VectorXd::Ones(features);
    f(features - 1) = std::log(1.0 + static_cast<double>(items_.size()));
    if (GetParam()) {
      const auto taken = PreferenceRule(model_).FoldIn(items_, values_, {}).taken;
      for (int i = 0; i < model_.options.preference_factors; ++i) f(1 + i) = taken[i];
    }
    Eigen::MatrixXd precision = Eigen::MatrixXd::Zero(factors + 1, factors + 1);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(factors + 1);
    for (int d = 0; d <= factors; ++d) {
      double mean = 0.0;
      for (int i = 0; i < features; ++i) mean += priors.weights[d * features + i] * f(i);
      precision(d, d) = priors.precisions[d];
      right(d) = priors.precisions[d] * mean;
    }
    for (std::size_t j = 0; j < items_.size(); ++j) {
      Eigen::VectorXd z = ItemRow(items_[j]);
      precision += z * z.transpose() / priors.noise;
      for (int d = 0; d < factors; ++d) precision(d, d) += Variance(items_[j], d) / priors.noise;
      right += (values_[j] - model_.mean - model_.item_bias[items_[j]]) / model_.scale * z / priors.noise;
    }
    const Eigen::MatrixXd covariance = test::Solve(precision, Eigen::MatrixXd::Identity(factors + 1, factors + 1));
    return {.mean = covariance * right, .covariance = covariance};
  }
  /// Of [v; b] on standardized ratings.
  double Variance(Index item, int d) const {
    return model_.item_variances(item, d) / std::pow(model_.scale, d < model_.options.factors ? 1 : 2);
  }
  /// [v; 1] on standardized ratings.
  Eigen::VectorXd ItemRow(Index item) const {
    const int factors = model_.options.factors;
    Eigen::VectorXd z = Eigen::VectorXd::Ones(factors + 1);
    for (int d = 0; d < factors; ++d) z(d) = model_.item_factors(item, d) / std::sqrt(model_.scale);
    return z;
  }

  Model model_;
  const std::vector<Index> items_ = {1, 5, 9, 20, 41};
  const std::vector<float> values_ = {5.0F, 1.0F, 3.0F, 4.0F, 0.5F};
};

TEST_P(VariationalFoldIn, IsThePosteriorMeanOfTheDenseNormalEquations) {
  const Profile profile = FoldIn(model_, items_, values_);
  const Posterior expected = Expected();
  const int factors = model_.options.factors;
  for (int d = 0; d < factors; ++d) {
    EXPECT_NEAR(profile.factors[d], std::sqrt(model_.scale) * expected.mean(d), 1e-4);
  }
  for (int d = factors; d < model_.Stride(); ++d) EXPECT_EQ(profile.factors[d], 0.0F) << "padding";
  EXPECT_NEAR(profile.bias, model_.scale * expected.mean(factors), 1e-4);
}

TEST_P(VariationalFoldIn, ContributionsSumToTheProduct) {
  const Profile profile = FoldIn(model_, items_, values_);
  for (Index item = 0; item < model_.ItemCount(); item += 11) {
    const std::vector<float> parts = Explain(model_, items_, values_, item);
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    EXPECT_NEAR(sum, Score(model_, profile, item) - model_.mean - profile.bias - model_.item_bias[item], 1e-4);
  }
}

TEST_P(VariationalFoldIn, UncertaintyIsThatOfTheDensePosterior) {
  const Posterior expected = Expected();
  const int factors = model_.options.factors;
  const std::vector<Index> asked = {0, 7, 33};
  const std::vector<float> found = Visitors(model_).Uncertainty(items_, values_, asked);
  for (std::size_t a = 0; a < asked.size(); ++a) {
    const Eigen::VectorXd z = ItemRow(asked[a]);
    double variance = RowPriors::OfUsers(model_).noise + z.dot(expected.covariance * z);
    for (int d = 0; d < factors; ++d) variance += Variance(asked[a], d) * std::pow(expected.mean(d), 2);
    variance += Variance(asked[a], factors);
    EXPECT_NEAR(found[a], model_.scale * std::sqrt(variance), 1e-3);
  }
}

/// W x + A (B x − the mean of B x) without ratings.
TEST(VariationalColdItems, ExpectWhatFeaturesTellOfWhoTakesThem) {
  Options options = DefaultOptions(SolverKind::kVariational);
  options.model.factors = 4;
  const auto both = std::make_shared<SideFeatures>();
  both->users = test::KindOfRow(test::Tastes::kUsers, 2);
  both->items = test::KindOfRow(test::Tastes::kItems, test::Tastes::kKinds);
  const Model model = test::Train(test::Tastes().Frozen(), options, both);
  const int entries = options.model.factors + 1;
  const int columns = RowPriors::FeaturesOf(model.options);
  const float* const of_sides = model.row_priors.data() + 1;
  const std::vector<Index> kind = {1};
  const std::vector<float> value = {0.8F};
  const FeaturesRow features{.columns = kind, .values = value};
  const auto expected = [&](int d) {
    const float* const weights = of_sides + RowPriors::SideLength(model.options) + entries;
    double sum = 0.0;
    for (int i = 0; i < columns - 2; ++i) {
      double mean = 0.0;
      for (Index item = 0; item < model.ItemCount(); ++item) {
        mean += static_cast<double>(model.liked_items(item, i)) / model.ItemCount();
      }
      sum += weights[d * columns + 1 + i] * (0.8 * model.item_feature_liked(1, i) - mean);
    }
    const double unit = d + 1 < entries ? std::sqrt(model.scale) : model.scale;
    return unit * sum + 0.8 * model.item_feature_weights(1, d);
  };
  const std::vector<NewRow> rows = {{.features = features}};
  const Model grown = WithItems(model, rows);
  for (int d = 0; d + 1 < entries; ++d) {
    EXPECT_NEAR(grown.item_factors(model.ItemCount(), d), expected(d), 1e-5);
  }
  EXPECT_NEAR(grown.item_bias[model.ItemCount()], expected(entries - 1), 1e-5);
}

TEST_P(VariationalFoldIn, OfNoRatingsExpectsTheMean) {
  const Profile profile = FoldIn(model_, {}, {});
  for (const float factor : profile.factors) EXPECT_EQ(factor, 0.0F);
  EXPECT_EQ(profile.bias, 0.0F);
  EXPECT_DOUBLE_EQ(Predict(model_, profile, kUnknown), model_.mean);
  EXPECT_TRUE(Explain(model_, {}, {}, 3).empty());
}

// The common noise stands for the user's own, and the diagonal for the items' covariances.
TEST_P(VariationalFoldIn, OfAUsersOwnRatingsIsNearlyThatUser) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 4));
  double difference = 0.0;
  double deviation = 0.0;
  for (Index user = 0; user < model_.UserCount(); ++user) {
    const RatingsRow row = ratings->ByUser().Row(user);
    const Profile profile = FoldIn(model_, row.others, row.values);
    for (Index item = 0; item < model_.ItemCount(); ++item) {
      difference += std::pow(Score(model_, profile, item) - model_.Score(user, item), 2);
      deviation += std::pow(model_.Score(user, item) - model_.mean, 2);
    }
  }
  EXPECT_LT(difference, 0.02 * deviation);
}

INSTANTIATE_TEST_SUITE_P(Preference, VariationalFoldIn, testing::Bool());

TEST(VariationalFoldInErrors, AModelThatIsNotTrained) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 4));
  Options options = DefaultOptions(SolverKind::kVariational);
  options.training.epochs = 1;
  const Trainer trainer(ratings, options);
  EXPECT_ANY_THROW(Visitors visitors(trainer.Result()));
}

}  // namespace
}  // namespace matfac
