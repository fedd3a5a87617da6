#include "fold_in/bayesian_rule.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <numeric>
#include <tuple>
#include <vector>

#include "base/errors.h"
#include "base/kernels.h"
#include "fold_in/fold_in.h"
#include "fold_in/uncertainty.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

class BayesianFoldIn : public testing::TestWithParam<std::tuple<ImplicitTerms, bool>> {
 protected:
  const bool biases = std::get<1>(GetParam());
  const test::SharedRatings ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  const std::vector<Index> items = {3, 50, 7, 119, 0, 64, 65};
  const std::vector<float> values = {5.0F, 0.5F, 3.0F, 4.5F, 1.0F, 2.0F, 4.0F};
  Model model;
  int factors = 0;
  int stride = 0;
  int samples = 0;

  BayesianFoldIn() {
    Options options = DefaultOptions(SolverKind::kBayesian);
    options.model.implicit_terms = std::get<0>(GetParam());
    options.model.biases = biases;
    options.model.factors = 6;
    options.model.samples = 9;
    options.training.epochs = 40;
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) trainer.Step();
    model = trainer.Result();
    factors = model.options.factors;
    stride = StrideOf(factors);
    samples = static_cast<int>(model.posterior.samples.size());
  }

  double Stored(const FactorMatrix& matrix, Index row, int sample, int f) const {
    return matrix(row, sample * stride + f);
  }

  /// The visitor's posterior mean in one sample, from dense matrices: factors and then the bias.
  Eigen::VectorXd Dense(int sample, Eigen::MatrixXd* covariance = nullptr) const {
    const PosteriorSample& drawn = model.posterior.samples[sample];
    const auto count = static_cast<Eigen::Index>(items.size());
    const int columns = factors + (biases ? 1 : 0);
    Eigen::MatrixXd design = Eigen::MatrixXd::Ones(count, columns);
    Eigen::VectorXd targets(count);
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(columns);
    Eigen::VectorXd precision(columns);
    const double root = std::sqrt(static_cast<double>(count));
    for (Eigen::Index j = 0; j < count; ++j) {
      targets(j) = values[j] - drawn.level;
      if (biases) targets(j) -= model.posterior.item_bias(items[j], sample);
      for (int f = 0; f < factors; ++f) {
        design(j, f) = samples * Stored(model.item_factors, items[j], sample, f) + drawn.item_mean[f];
        if (model.item_implicit.rows() > 0) mean(f) += Stored(model.item_implicit, items[j], sample, f) / root;
      }
      if (biases && model.item_implicit.rows() > 0) {
        mean(factors) += model.posterior.item_implicit_bias(items[j], sample) / root;
      }
    }
    for (int f = 0; f < factors; ++f) {
      mean(f) += drawn.user_mean[f];
      precision(f) = drawn.user_precision[f];
    }
    if (biases) precision(factors) = drawn.user_bias_precision;
    Eigen::MatrixXd normal = drawn.noise_precision * design.transpose() * design;
    normal.diagonal() += precision;
    if (covariance != nullptr) *covariance = test::Solve(normal, Eigen::MatrixXd::Identity(columns, columns));
    return test::Solve(normal, drawn.noise_precision * design.transpose() * targets + precision.cwiseProduct(mean));
  }
};

TEST_P(BayesianFoldIn, IsThePosteriorMeanInEachSample) {
  const Profile profile = FoldIn(model, items, values);
  double bias = 0.0;
  for (int sample = 0; sample < samples; ++sample) {
    const Eigen::VectorXd expected = Dense(sample);
    if (biases) bias += expected(factors) / samples;
    for (int f = 0; f < factors; ++f) {
      EXPECT_NEAR(profile.factors[sample * stride + f], expected(f), 2e-4);
      if (biases) bias += expected(f) * model.posterior.samples[sample].item_mean[f] / samples;
    }
  }
  EXPECT_NEAR(profile.bias, bias, 2e-4);
}

TEST_P(BayesianFoldIn, UncertaintyIsThatOfTheMixtureOfTheSamples) {
  const std::vector<Index> asked = {1, 3, 77};
  const std::vector<float> found = Visitors(model).Uncertainty(items, values, asked);
  ASSERT_EQ(found.size(), asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    std::vector<double> scores;
    double within = 0.0;
    for (int sample = 0; sample < samples; ++sample) {
      const PosteriorSample& drawn = model.posterior.samples[sample];
      Eigen::MatrixXd covariance;
      const Eigen::VectorXd side = Dense(sample, &covariance);
      Eigen::VectorXd row = Eigen::VectorXd::Ones(side.size());
      for (int f = 0; f < factors; ++f) {
        row(f) = samples * Stored(model.item_factors, asked[i], sample, f) + drawn.item_mean[f];
      }
      const double item_bias = biases ? model.posterior.item_bias(asked[i], sample) : 0.0;
      scores.push_back(drawn.level + item_bias + row.dot(side));
      within += (row.dot(covariance * row) + 1.0 / drawn.noise_precision) / samples;
    }
    const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / samples;
    double between = 0.0;
    for (const double score : scores) between += (score - mean) * (score - mean) / (samples - 1);
    EXPECT_NEAR(found[i], std::sqrt(between + within), 2e-4);
  }
}

TEST_P(BayesianFoldIn, ARatingMakesItsItemLessUncertain) {
  const Visitors visitors(model);
  const std::vector<Index> asked = {1};
  const float before = visitors.Uncertainty(items, values, asked)[0];
  std::vector<Index> more = items;
  std::vector<float> with = values;
  more.push_back(1);
  with.push_back(static_cast<float>(Predict(model, visitors.FoldIn(items, values), 1)));
  EXPECT_LT(visitors.Uncertainty(more, with, asked)[0], before);
}

TEST_P(BayesianFoldIn, ExplanationsSumToTheProduct) {
  const Profile profile = FoldIn(model, items, values);
  for (const Index item : {1, 3, 77}) {
    const std::vector<float> contributions = Explain(model, items, values, item);
    const double sum = std::accumulate(contributions.begin(), contributions.end(), 0.0);
    EXPECT_NEAR(sum, kernels::Dot(profile.factors.data(), RowOf(model.item_factors, item), model.Stride()), 1e-4);
  }
}

TEST_P(BayesianFoldIn, WithoutRatingsIsThePriorMean) {
  const Profile profile = FoldIn(model, {}, {});
  EXPECT_EQ(profile.bias, 0.0F);
  for (int sample = 0; sample < samples; ++sample) {
    for (int f = 0; f < factors; ++f) {
      EXPECT_NEAR(profile.factors[sample * stride + f], model.posterior.samples[sample].user_mean[f], 1e-5);
    }
  }
  EXPECT_TRUE(Explain(model, {}, {}, 2).empty());
}

TEST_P(BayesianFoldIn, OfAUsersOwnRatingsIsAboutThatUser) {
  double squares = 0.0;
  double spread = 0.0;
  for (Index user = 0; user < 20; ++user) {
    const RatingsRow row = ratings->ByUser().Row(user);
    const Profile profile = FoldIn(model, row.others, row.values);
    for (Index item = 0; item < ratings->ItemCount(); ++item) {
      const double difference = Score(model, profile, item) - model.Score(user, item);
      squares += difference * difference;
      spread += std::pow(Uncertainty(model, user, item), 2) - model.posterior.user_noise[user];
    }
  }
  // The user's rows are draws about these means, so that the mean of nine differs by a third of their spread.
  EXPECT_LT(squares, 0.5 * spread);
}

INSTANTIATE_TEST_SUITE_P(TermsAndBiases, BayesianFoldIn,
                         testing::Combine(testing::Values(ImplicitTerms::kNone, ImplicitTerms::kUser,
                                                          ImplicitTerms::kBoth),
                                          testing::Bool()));

TEST(BayesianFoldInErrors, AModelWithoutSamplesCannot) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  const Model model = InitialModel(*ratings, DefaultOptions(SolverKind::kBayesian).model, 1);
  const std::vector<Index> items = {1};
  const std::vector<float> values = {3.0F};
  EXPECT_THROW(FoldIn(model, items, values), UnsupportedError);
}

}  // namespace
}  // namespace matfac
