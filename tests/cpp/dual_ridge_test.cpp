#include "rows/dual_ridge.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "implicit_data.h"
#include "support.h"

namespace matfac {
namespace {

/// The number of factors and of ratings of the row, and whether there is a bias.
class DualRows : public testing::TestWithParam<std::tuple<int, int, bool>> {
 protected:
  const int factors = std::get<0>(GetParam());
  const int count = std::get<1>(GetParam());
  const bool biases = std::get<2>(GetParam());
  const int stride = StrideOf(factors);
  const int columns = factors + (biases ? 1 : 0);
  const FactorMatrix others = test::RandomMatrix(90, factors, 1.0, 8);
  std::vector<Index> rated;
  std::vector<float> targets = test::RandomFloats(static_cast<std::size_t>(count), 6);
  std::vector<float> weights = test::RandomFloats(static_cast<std::size_t>(count), 7);
  std::vector<float> strength = test::RandomFloats(static_cast<std::size_t>(stride), 9);
  std::vector<float> mean = test::RandomFloats(static_cast<std::size_t>(stride), 10);
  std::vector<float> x = std::vector<float>(static_cast<std::size_t>(stride), std::nanf(""));
  float bias = 0.0F;

  DualRows() {
    for (int j = 0; j < count; ++j) rated.push_back(j * 3 % 90);
    for (float& weight : weights) weight += 1.5F;
    for (float& each : strength) each += 2.0F;
    for (int f = factors; f < stride; ++f) mean[f] = 0.0F;
  }

  RidgeRatings Ratings() const { return {.rows = rated, .targets = targets, .weights = weights}; }
  RidgePrior Prior() const { return {.strength = strength, .mean = mean, .bias_strength = 0.7F, .bias_mean = 0.3F}; }
  /// The rated rows, and a column of ones if there is a bias.
  Eigen::MatrixXd Design() const {
    Eigen::MatrixXd design = Eigen::MatrixXd::Ones(count, columns);
    for (int j = 0; j < count; ++j) design.row(j).head(factors) = others.row(rated[j]).head(factors).cast<double>();
    return design;
  }
  Eigen::VectorXd WithBias(const std::vector<float>& of_factors, double of_bias) const {
    Eigen::VectorXd all = Eigen::VectorXd::Constant(columns, of_bias);
    all.head(factors) = test::Plain(of_factors, factors);
    return all;
  }
  Eigen::MatrixXd Precision() const {
    Eigen::MatrixXd precision = Design().transpose() * test::Plain(weights, count).asDiagonal() * Design();
    precision.diagonal() += WithBias(strength, 0.7F);
    return precision;
  }
  Eigen::VectorXd Peak() const {
    return test::Solve(Precision(),
                       Design().transpose() * test::Plain(weights, count).cwiseProduct(test::Plain(targets, count)) +
                           WithBias(strength, 0.7F).cwiseProduct(WithBias(mean, 0.3F)));
  }
  void ExpectZeroPadding() const {
    for (int f = factors; f < stride; ++f) EXPECT_EQ(x[f], 0.0F);
  }
};

TEST_P(DualRows, AreTheDenseMinimum) {
  DualRidge dual(stride, biases);
  const std::vector<Index> before(11, 4);  // leaves other numbers in the buffers
  ASSERT_TRUE(dual.Build(others, {.rows = before, .targets = std::vector<float>(11, 9.0F), .weights = {}}, Prior()));
  ASSERT_TRUE(dual.Build(others, Ratings(), Prior()));
  const double squares = dual.Solve(x.data(), biases ? &bias : nullptr);
  const Eigen::VectorXd errors = test::Plain(targets, count) - Design() * Peak();
  EXPECT_LT((WithBias(x, bias) - Peak()).cwiseAbs().maxCoeff(), 1e-5);
  EXPECT_NEAR(squares, errors.cwiseAbs2().dot(test::Plain(weights, count)), 1e-5 * (1.0 + squares));
  ExpectZeroPadding();
}

TEST_P(DualRows, WithoutWeightsAndMeansTheyAreThoseOfOnesAndZeros) {
  weights.assign(weights.size(), 1.0F);
  mean.assign(mean.size(), 0.0F);
  RidgePrior prior = Prior();
  prior.bias_mean = 0.0F;
  DualRidge dual(stride, biases);
  ASSERT_TRUE(dual.Build(others, Ratings(), prior));
  dual.Solve(x.data(), &bias);
  std::vector<float> plain(x.size());
  float plain_bias = 0.0F;
  prior.mean = {};
  ASSERT_TRUE(dual.Build(others, {.rows = rated, .targets = targets, .weights = {}}, prior));
  dual.Solve(plain.data(), &plain_bias);
  EXPECT_EQ(plain, x);
  EXPECT_EQ(plain_bias, bias);
}

/// A draw is linear in its normals: the peak without them, and a square root of the covariance times them.
TEST_P(DualRows, DrawsHaveTheMeanAndCovarianceOfTheDensePosterior) {
  DualRidge dual(stride, biases);
  const auto draw = [&](const std::vector<float>& z, float bias_z) {
    EXPECT_TRUE(dual.Build(others, Ratings(), Prior()));
    dual.Draw(z.data(), bias_z, x.data(), &bias);
    ExpectZeroPadding();
    return WithBias(x, bias);
  };
  const std::vector<float> none(static_cast<std::size_t>(stride));
  const Eigen::VectorXd peak = draw(none, 0.0F);
  EXPECT_LT((peak - Peak()).cwiseAbs().maxCoeff(), 1e-5);
  Eigen::MatrixXd root(columns, columns);
  for (int f = 0; f < columns; ++f) {
    std::vector<float> z = none;
    if (f < factors) z[f] = 1.0F;
    root.col(f) = draw(z, f < factors ? 0.0F : 1.0F) - peak;
  }
  const Eigen::MatrixXd covariance = test::Solve(Precision(), Eigen::MatrixXd::Identity(columns, columns));
  EXPECT_LT((root * root.transpose() - covariance).cwiseAbs().maxCoeff(), 2e-5);
}

INSTANTIATE_TEST_SUITE_P(FactorsRatingsAndBiases, DualRows,
                         testing::Combine(testing::Values(1, 6, 16, 30), testing::Values(0, 1, 2, 7, 8, 29),
                                          testing::Bool()));

TEST(DualRidge, RefusesAPriorThatIsTooWeakForFloat32) {
  const FactorMatrix others = test::RandomMatrix(5, 8, 1.0, 8);
  const std::vector<Index> rated = {0, 3};
  const std::vector<float> targets = {1.0F, 2.0F};
  const auto builds = [&](float strength, float bias_strength, float size) {
    DualRidge dual(8, true);
    const std::vector<float> all(8, strength);
    const FactorMatrix scaled = size * others;
    return dual.Build(scaled, {.rows = rated, .targets = targets, .weights = {}},
                      {.strength = all, .mean = {}, .bias_strength = bias_strength});
  };
  EXPECT_TRUE(builds(1.0F, 1.0F, 1.0F));
  EXPECT_FALSE(builds(1e-6F, 1.0F, 1.0F));
  EXPECT_FALSE(builds(0.0F, 1.0F, 1.0F));
  EXPECT_FALSE(builds(1.0F, 0.0F, 1.0F));
  EXPECT_FALSE(builds(1.0F, 1.0F, 1e6F));
  EXPECT_FALSE(builds(1.0F, 1.0F, std::numeric_limits<float>::infinity()));
}

}  // namespace
}  // namespace matfac
