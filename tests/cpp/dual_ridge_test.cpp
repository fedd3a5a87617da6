#include "rows/dual_ridge.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <numeric>
#include <span>
#include <tuple>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

constexpr Index kOthers = 30;

/// Factors (the last ones of the stride are padding), ratings, biases.
class DualRidges : public testing::TestWithParam<std::tuple<int, int, bool>> {
 protected:
  const int factors = std::get<0>(GetParam());
  const int count = std::get<1>(GetParam());
  const bool biases = std::get<2>(GetParam());
  const int stride = StrideOf(factors);
  FactorMatrix others = FactorMatrix::Zero(kOthers, stride);
  std::vector<Index> rows;
  std::vector<float> targets = test::RandomFloats(static_cast<std::size_t>(count), 2);
  std::vector<float> weights = test::RandomFloats(static_cast<std::size_t>(count), 3);
  std::vector<float> strength = std::vector<float>(stride, 1.0F);
  std::vector<float> mean = std::vector<float>(stride, 0.0F);

  DualRidges() {
    const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(kOthers) * factors, 4);
    for (Index row = 0; row < kOthers; ++row) {
      for (int f = 0; f < factors; ++f) others(row, f) = numbers[row * factors + f];
    }
    for (int j = 0; j < count; ++j) rows.push_back((j * 7) % kOthers);
    for (float& weight : weights) weight = 1.5F + weight;
    const std::vector<float> means = test::RandomFloats(static_cast<std::size_t>(factors), 5);
    for (int f = 0; f < factors; ++f) {
      strength[f] = 0.5F + 0.1F * static_cast<float>(f);
      mean[f] = means[f];
    }
  }

  RidgeRatings Ratings() const { return {.rows = rows, .targets = targets, .weights = weights}; }
  RidgePrior Prior() const { return {.strength = strength, .mean = mean, .bias_strength = 0.7F, .bias_mean = 0.3F}; }
  /// Factors and the bias.
  int Columns() const { return factors + (biases ? 1 : 0); }

  /// The draw for z, of length Columns() + count.
  Eigen::VectorXd Draw(DualRidge& dual, const Eigen::VectorXf& z) const {
    std::vector<float> of_factors(stride);
    std::copy_n(z.data(), factors, of_factors.data());
    const float of_bias = biases ? z(factors) : 0.0F;
    std::vector<float> x(stride, 9.0F);
    float bias = 0.0F;
    dual.Draw(of_factors.data(), of_bias, std::span<const float>(z.data() + Columns(), count), x.data(), &bias);
    Eigen::VectorXd drawn(Columns());
    for (int f = 0; f < factors; ++f) drawn(f) = x[f];
    for (int f = factors; f < stride; ++f) EXPECT_EQ(x[f], 0.0F) << "padding";
    if (biases) drawn(factors) = bias;
    return drawn;
  }
};

/// A draw is c + L z with standard normals z: its mean is c and its covariance L Lᵀ.
TEST_P(DualRidges, DrawsHaveTheMeanAndCovarianceOfTheDensePosterior) {
  Eigen::MatrixXd design = Eigen::MatrixXd::Ones(count, Columns());
  Eigen::VectorXd prior_strength = Eigen::VectorXd::Constant(Columns(), 0.7);
  Eigen::VectorXd prior_mean = Eigen::VectorXd::Constant(Columns(), 0.3);
  for (int f = 0; f < factors; ++f) {
    prior_strength(f) = strength[f];
    prior_mean(f) = mean[f];
    for (int j = 0; j < count; ++j) design(j, f) = others(rows[j], f);
  }
  const Eigen::VectorXd weight = Eigen::Map<const Eigen::VectorXf>(weights.data(), count).cast<double>();
  const Eigen::VectorXd target = Eigen::Map<const Eigen::VectorXf>(targets.data(), count).cast<double>();
  Eigen::MatrixXd precision = design.transpose() * weight.asDiagonal() * design;
  precision.diagonal() += prior_strength;
  const Eigen::MatrixXd covariance = test::Solve(precision, Eigen::MatrixXd::Identity(Columns(), Columns()));
  const Eigen::VectorXd expected =
      covariance * (design.transpose() * weight.cwiseProduct(target) + prior_strength.cwiseProduct(prior_mean));

  DualRidge dual(stride, biases);
  const std::vector<Index> before = {3, 0, 29, 8, 1, 2};
  ASSERT_TRUE(dual.Build(others, {.rows = before, .targets = std::vector<float>(6, 4.0F), .weights = {}}, Prior()));
  ASSERT_TRUE(dual.Build(others, Ratings(), Prior()));  // other numbers are in the buffers
  const Eigen::VectorXd centre = Draw(dual, Eigen::VectorXf::Zero(Columns() + count));
  EXPECT_LT((centre - expected).cwiseAbs().maxCoeff(), 2e-6);
  Eigen::MatrixXd map(Columns(), Columns() + count);
  for (Eigen::Index i = 0; i < map.cols(); ++i) {
    map.col(i) = Draw(dual, Eigen::VectorXf::Unit(map.cols(), i)) - centre;
  }
  EXPECT_LT((map * map.transpose() - covariance).cwiseAbs().maxCoeff(), 5e-6);
}

INSTANTIATE_TEST_SUITE_P(Rows, DualRidges,
                         testing::Combine(testing::Values(3, 8, 30), testing::Values(0, 1, 4, 7, 20, 29),
                                          testing::Bool()));

TEST(DualRidgeCost, PaysForFewRatingsBesideTheFactors) {
  for (const int stride : {64, 128}) {
    int least = 0;
    while (DualRidge::Pays(least, stride)) ++least;
    EXPECT_GT(least, stride / 2);
    EXPECT_LT(least, stride);
    EXPECT_FALSE(DualRidge::Pays(100 * stride, stride));
  }
  EXPECT_FALSE(DualRidge::Pays(8, 8));
}

TEST(DualRidgeErrors, TooWeakAPriorIsRefused) {
  const FactorMatrix others = FactorMatrix::Ones(4, 64);
  const std::vector<Index> rows = {0, 1, 2, 3};
  const std::vector<float> targets(4, 1.0F);
  const std::vector<float> strength(64, 0x1p-60F);
  const std::vector<float> mean(64);
  DualRidge dual(64, false);
  EXPECT_FALSE(
      dual.Build(others, {.rows = rows, .targets = targets, .weights = {}}, {.strength = strength, .mean = mean}));
}

}  // namespace
}  // namespace matfac
