#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "base/kernels.h"
#include "features_data.h"
#include "fold_in/bayesian_rule.h"
#include "fold_in/fold_in.h"
#include "model/tensors.h"

/// Visitors of a Bayesian model who have features.
namespace matfac {
namespace {

using test::Tastes;

constexpr Index kKinds = 2;

class BayesianVisitors : public testing::Test {
 protected:
  const Tastes tastes;
  const std::vector<Index> items = {3, 50, 7, 19, 0};
  const std::vector<float> values = {5.0F, 1.0F, 3.0F, 4.5F, 2.0F};
  Model model;

  BayesianVisitors() {
    Options options = DefaultOptions(SolverKind::kBayesian);
    options.model.factors = 3;
    options.model.samples = 8;
    options.model.preference = false;
    options.training.epochs = 60;
    const auto features = std::make_shared<SideFeatures>();
    features->users = test::KindOfRow(Tastes::kUsers, kKinds);
    model = test::Train(tastes.Frozen(), options, features);
  }

  Profile OfKind(Index kind, bool rated) const {
    const std::vector<Index> columns = {kind};
    const std::vector<float> ones = {1.0F};
    const FeaturesRow features{.columns = columns, .values = ones};
    if (rated) return Visitors(model).FoldIn(items, values, features);
    return Visitors(model).FoldIn({}, {}, features);
  }
};

TEST_F(BayesianVisitors, HaveTheTasteOfTheUsersWithTheirFeatures) {
  double error = 0.0;
  double spread = 0.0;
  for (Index kind = 0; kind < kKinds; ++kind) {
    const Profile visitor = OfKind(kind, false);
    for (Index item = 0; item < tastes.rated_items; ++item) {
      error += std::pow(Predict(model, visitor, item) - Tastes::Expected(kind, item), 2.0);
      spread += std::pow(model.Predict(kUnknown, item) - Tastes::Expected(kind, item), 2.0);
    }
  }
  EXPECT_LT(error, 0.1 * spread);
}

TEST_F(BayesianVisitors, WithoutRatingsAverageToTheOneWithoutFeatures) {
  const Profile none = Visitors(model).FoldIn({}, {});
  std::vector<double> mean(none.factors.size());
  for (Index kind = 0; kind < kKinds; ++kind) {
    const Profile visitor = OfKind(kind, false);
    for (std::size_t f = 0; f < mean.size(); ++f) mean[f] += visitor.factors[f] / kKinds;
  }
  for (std::size_t f = 0; f < mean.size(); ++f) EXPECT_NEAR(mean[f], none.factors[f], 1e-5);
}

TEST_F(BayesianVisitors, HaveThePosteriorMeanInEachSample) {
  const int factors = model.options.factors;
  const int stride = StrideOf(factors);
  const auto samples = static_cast<int>(model.posterior.samples.size());
  const Profile visitor = OfKind(1, true);
  for (int sample = 0; sample < samples; ++sample) {
    const PosteriorSample& drawn = model.posterior.samples[sample];
    const auto weight = [&](Index kind, int d) { return model.user_feature_weights(kind, sample * (factors + 1) + d); };
    // Half of the users are of each kind. The prior of one whose kind is not known is about the mean of both, with
    // their variance, each kind as if without the other.
    Eigen::VectorXd mean(factors + 1);
    Eigen::VectorXd precision(factors + 1);
    for (int d = 0; d <= factors; ++d) {
      mean(d) = weight(1, d) - 0.5 * (weight(0, d) + weight(1, d));
      const double unknown = d < factors ? drawn.user_precision[d] : drawn.user_bias_precision;
      const double of_kinds = 0.25 * (std::pow(weight(0, d), 2.0) + std::pow(weight(1, d), 2.0));
      precision(d) = 1.0 / (1.0 / unknown - of_kinds);
    }
    const auto count = static_cast<Eigen::Index>(items.size());
    Eigen::MatrixXd design = Eigen::MatrixXd::Ones(count, factors + 1);
    Eigen::VectorXd targets(count);
    for (Eigen::Index j = 0; j < count; ++j) {
      targets(j) = values[j] - drawn.level - model.posterior.item_bias(items[j], sample);
      for (int f = 0; f < factors; ++f) {
        design(j, f) = samples * model.item_factors(items[j], sample * stride + f) + drawn.item_mean[f];
      }
    }
    Eigen::MatrixXd normal = drawn.noise_precision * design.transpose() * design;
    normal.diagonal() += precision;
    const Eigen::VectorXd expected =
        test::Solve(normal, drawn.noise_precision * design.transpose() * targets + precision.cwiseProduct(mean));
    for (int f = 0; f < factors; ++f) EXPECT_NEAR(visitor.factors[sample * stride + f], expected(f), 1e-3) << sample;
  }
}

TEST_F(BayesianVisitors, ContributionsOfRatingsAndOfFeaturesSumToTheScore) {
  const std::vector<Index> columns = {1};
  const std::vector<float> ones = {1.0F};
  const Visitors visitors(model);
  const Profile visitor = OfKind(1, true);
  const std::vector<float> of_ratings = visitors.Explain(items, values, 9, {.columns = columns, .values = ones});
  double sum = std::accumulate(of_ratings.begin(), of_ratings.end(), 0.0);
  const float* row = RowOf(model.item_factors, 9);
  const int factors = model.options.factors;
  for (int sample = 0; sample < model.options.samples; ++sample) {
    const float* y = model.user_feature_weights.data();
    const int of_sample = sample * (factors + 1);
    const auto width = model.user_feature_weights.cols();
    for (int f = 0; f < factors; ++f) {
      const double mean = 0.5 * (y[width + of_sample + f] - y[of_sample + f]);
      sum += mean * row[sample * StrideOf(factors) + f];
    }
  }
  EXPECT_NEAR(sum, kernels::Dot(visitor.factors.data(), row, model.Stride()), 1e-4);
}

}  // namespace
}  // namespace matfac
