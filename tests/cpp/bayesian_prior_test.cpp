#include "solvers/bayesian/bayesian_prior.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "rows/ridge.h"
#include "support.h"

/// Tests the samplers of single steps by their moments.
namespace matfac {
namespace {

struct Sample {
  double sum = 0.0;
  double squares = 0.0;
  int count = 0;

  void Add(double x) {
    sum += x;
    squares += x * x;
    ++count;
  }
  double Mean() const { return sum / count; }
  double Variance() const { return squares / count - Mean() * Mean(); }
};

TEST(Random, GammaHasTheMomentsOfTheDistribution) {
  constexpr int kCount = 200'000;
  for (const double shape : {1.0, 1.5, 4.0, 50.0, 40'000.5}) {
    Random random(7);
    Sample drawn;
    double logs = 0.0;
    for (int i = 0; i < kCount; ++i) {
      const double x = random.Gamma(shape);
      ASSERT_GT(x, 0.0);
      drawn.Add(x);
      logs += std::log(x);
    }
    // Mean and variance are both the shape; five standard errors. The fourth cumulant is 6 · shape.
    EXPECT_NEAR(drawn.Mean(), shape, 5.0 * std::sqrt(shape / kCount)) << shape;
    EXPECT_NEAR(drawn.Variance(), shape, 5.0 * std::sqrt((2.0 * shape * shape + 6.0 * shape) / kCount)) << shape;
    // E ln x = ψ(shape), here by the difference of lgamma; its variance ψ′(shape) is at most π²/6 for shape ≥ 1.
    const double digamma = (std::lgamma(shape + 1e-4) - std::lgamma(shape - 1e-4)) / 2e-4;
    EXPECT_NEAR(logs / kCount, digamma, 5.0 * std::sqrt(1.65 / shape / kCount) + 1e-5) << shape;
  }
}

TEST(DrawPrior, HasTheMomentsOfTheNormalGammaPosterior) {
  const std::vector<float> column = {0.5F, 1.5F, -0.2F, 2.0F, 0.9F, 1.1F};
  BayesianRows rows{.factors = FactorMatrix::Zero(6, 4), .bias = column};
  for (Index row = 0; row < 6; ++row) rows.factors(row, 1) = 10.0F * column[row];
  const auto count = static_cast<double>(column.size());
  const double sum = std::accumulate(column.begin(), column.end(), 0.0);
  const double squares = std::inner_product(column.begin(), column.end(), column.begin(), 0.0);
  // By completing the square in λ^(a + n/2 − ½ …) exp(−λ (…)), with λ ~ Gamma(1, rate ½) and scale² / 10 = ½.
  const double shape = 1.0 + 0.5 * count;
  const double rate = 0.5 + 0.5 * (squares - sum * sum / (count + 1.0));
  const PriorScale scale{.factors = 10.0 * std::sqrt(5.0), .bias = std::sqrt(5.0)};
  Sample precision;
  Sample mean;
  Sample factor_mean;
  NormalPrior prior(4);
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) {
    DrawPrior(rows, 3, scale, Random(3, i), prior);
    precision.Add(prior.bias_precision);
    mean.Add(prior.bias_mean);
    factor_mean.Add(prior.mean[1]);
    ASSERT_EQ(prior.mean[3], 0.0F) << "padding";
    ASSERT_EQ(prior.precision[3], 1.0F) << "padding";
  }
  EXPECT_NEAR(precision.Mean(), shape / rate, 5.0 * std::sqrt(shape / kCount) / rate);
  EXPECT_NEAR(precision.Variance(), shape / (rate * rate), 0.05 * shape / (rate * rate));
  const double mean_variance = rate / ((shape - 1.0) * (count + 1.0));
  EXPECT_NEAR(mean.Mean(), sum / (count + 1.0), 5.0 * std::sqrt(mean_variance / kCount));
  EXPECT_NEAR(mean.Variance(), mean_variance, 0.05 * mean_variance);
  EXPECT_NEAR(factor_mean.Mean(), 10.0 * sum / (count + 1.0), 50.0 * std::sqrt(mean_variance / kCount));
}

class RidgeDraws : public testing::TestWithParam<bool> {};

/// Ten weighted ratings of rows of length 4, whose last column is padding, with a prior.
TEST_P(RidgeDraws, HaveTheMeanAndCovarianceOfTheDensePosterior) {
  const bool biases = GetParam();
  constexpr int kFactors = 3;
  const std::vector<float> numbers = test::RandomFloats(10 * kFactors, 5);
  FactorMatrix others = FactorMatrix::Zero(10, 4);
  std::vector<Index> rows(10);
  std::iota(rows.begin(), rows.end(), 0);
  for (Index row = 0; row < 10; ++row) {
    for (int f = 0; f < kFactors; ++f) others(row, f) = numbers[row * kFactors + f];
  }
  const std::vector<float> targets = test::RandomFloats(10, 6);
  std::vector<float> weights = test::RandomFloats(10, 7);
  for (float& weight : weights) weight = 1.5F + weight;
  const std::vector<float> strength = {0.5F, 1.0F, 2.0F, 1.0F};
  const std::vector<float> mean = {1.0F, -0.5F, 0.25F, 0.0F};
  RidgeSystem system(4, biases);
  ASSERT_TRUE(system.Build(others, {.rows = rows, .targets = targets, .weights = weights},
                           {.strength = strength, .mean = mean, .bias_strength = 0.7F, .bias_mean = 0.3F}));

  const int columns = kFactors + (biases ? 1 : 0);
  Eigen::MatrixXd design = Eigen::MatrixXd::Ones(10, columns);
  Eigen::VectorXd prior_strength(columns);
  Eigen::VectorXd prior_mean(columns);
  for (int f = 0; f < columns; ++f) {
    prior_strength(f) = f < kFactors ? strength[f] : 0.7;
    prior_mean(f) = f < kFactors ? mean[f] : 0.3;
  }
  for (Index row = 0; row < 10; ++row) {
    for (int f = 0; f < kFactors; ++f) design(row, f) = others(row, f);
  }
  const Eigen::VectorXd weight = Eigen::Map<const Eigen::VectorXf>(weights.data(), 10).cast<double>();
  const Eigen::VectorXd target = Eigen::Map<const Eigen::VectorXf>(targets.data(), 10).cast<double>();
  Eigen::MatrixXd precision = design.transpose() * weight.asDiagonal() * design;
  precision.diagonal() += prior_strength;
  const Eigen::MatrixXd covariance =
      test::Solve(precision, Eigen::MatrixXd::Identity(precision.rows(), precision.cols()));
  const Eigen::VectorXd expected =
      covariance * (design.transpose() * weight.cwiseProduct(target) + prior_strength.cwiseProduct(prior_mean));

  std::vector<float> x(4);
  float bias = 0.0F;
  system.Solve(x.data(), &bias);
  for (int f = 0; f < kFactors; ++f) EXPECT_NEAR(x[f], expected(f), 1e-5);
  if (biases) EXPECT_NEAR(bias, expected(kFactors), 1e-5);

  constexpr int kCount = 100'000;
  constexpr double kDeviation = 1.7;
  Random random(11);
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(columns);
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(columns, columns);
  for (int i = 0; i < kCount; ++i) {
    std::vector<float> noise(4);
    for (int f = 0; f < kFactors; ++f) noise[f] = static_cast<float>(kDeviation * random.Normal());
    system.Draw(noise.data(), static_cast<float>(kDeviation * random.Normal()), x.data(), &bias);
    Eigen::VectorXd drawn(columns);
    for (int f = 0; f < columns; ++f) drawn(f) = f < kFactors ? x[f] : bias;
    sum += drawn - expected;
    products += (drawn - expected) * (drawn - expected).transpose();
    ASSERT_EQ(x[kFactors], 0.0F) << "padding";
  }
  const Eigen::MatrixXd wanted = kDeviation * kDeviation * covariance;
  const double largest = std::sqrt(wanted.diagonal().maxCoeff());
  EXPECT_LT((sum / kCount).cwiseAbs().maxCoeff(), 5.0 * largest / std::sqrt(kCount));
  EXPECT_LT((products / kCount - wanted).cwiseAbs().maxCoeff(), 0.02 * largest * largest);
}

INSTANTIATE_TEST_SUITE_P(Biases, RidgeDraws, testing::Bool());

}  // namespace
}  // namespace matfac
