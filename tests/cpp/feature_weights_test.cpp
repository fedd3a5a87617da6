#include "rows/feature_weights.h"

#include <gtest/gtest.h>

#include <Eigen/Core>

#include "support.h"

namespace matfac {
namespace {

constexpr Index kRows = 40;
constexpr Index kColumns = 6;
constexpr int kWidth = 4;

/// About half of all cells, and their dense matrix.
struct Planted {
  Features features;
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(kRows, kColumns);

  Planted() {
    const std::vector<float> draws = test::RandomFloats(static_cast<std::size_t>(kRows) * kColumns, 3);
    std::vector<Offset> offsets{0};
    std::vector<Index> columns;
    std::vector<float> values;
    for (Index row = 0; row < kRows; ++row) {
      for (Index column = 0; column < kColumns; ++column) {
        const float value = draws[row * kColumns + column];
        if (value < 0.1F) continue;
        columns.push_back(column);
        values.push_back(value);
        dense(row, column) = value;
      }
      offsets.push_back(static_cast<Offset>(columns.size()));
    }
    features = Features("features", std::move(offsets), std::move(columns), std::move(values), kColumns);
  }
};

class FeatureWeightsTest : public testing::Test {
 protected:
  FeatureWeightsTest() {
    const std::vector<float> draws = test::RandomFloats(static_cast<std::size_t>(kRows) * kWidth, 5);
    targets_ = Eigen::Map<const FactorMatrix>(draws.data(), kRows, kWidth);
    for (Index row = 0; row < kRows; ++row) row_weights_.push_back(1.0F + 0.1F * static_cast<float>(row % 7));
  }

  /// (XᵀΩX + ρ I)⁻¹ XᵀΩ y of an entry.
  Eigen::VectorXd ClosedForm(int entry) const {
    const Eigen::MatrixXd weighted =
        Eigen::Map<const Eigen::VectorXf>(row_weights_.data(), kRows).cast<double>().asDiagonal() * planted_.dense;
    Eigen::MatrixXd system = planted_.dense.transpose() * weighted;
    system.diagonal().array() += ridge_[entry];
    return test::Solve(system, weighted.transpose() * targets_.col(entry).cast<double>());
  }
  double Objective(const FeatureWeights& weights) const {
    const Eigen::MatrixXd w = weights.Weights().cast<double>();
    const Eigen::MatrixXd errors = targets_.cast<double>() - planted_.dense * w;
    double sum = 0.0;
    for (Index row = 0; row < kRows; ++row) sum += row_weights_[row] * errors.row(row).squaredNorm();
    for (int d = 0; d < kWidth; ++d) sum += ridge_[d] * w.col(d).squaredNorm();
    return sum;
  }

  Planted planted_;
  FactorMatrix targets_;
  std::vector<float> row_weights_;
  std::vector<float> ridge_ = {0.5F, 1.0F, 2.0F, 8.0F};
};

TEST_F(FeatureWeightsTest, SweepsEndAtTheClosedForm) {
  FeatureWeights weights(planted_.features, kWidth, row_weights_);
  weights.Improve(targets_, ridge_, 200);
  for (int d = 0; d < kWidth; ++d) {
    const Eigen::VectorXd expected = ClosedForm(d);
    for (Index column = 0; column < kColumns; ++column)
      EXPECT_NEAR(weights.Weights()(column, d), expected(column), 1e-5);
  }
  const Eigen::MatrixXd means = planted_.dense * weights.Weights().cast<double>();
  EXPECT_LT((weights.Means().cast<double>() - means).cwiseAbs().maxCoeff(), 1e-6);
}

TEST_F(FeatureWeightsTest, NoSweepRaisesTheObjective) {
  FeatureWeights weights(planted_.features, kWidth, row_weights_);
  double before = Objective(weights);
  for (int sweep = 0; sweep < 20; ++sweep) {
    weights.Improve(targets_, ridge_, 1);
    const double after = Objective(weights);
    EXPECT_LE(after, before * (1.0 + 1e-7));
    before = after;
  }
}

TEST_F(FeatureWeightsTest, ContinuesFromWeightsToTheBit) {
  FeatureWeights whole(planted_.features, kWidth);
  whole.Improve(targets_, ridge_, 1);
  FeatureWeights continued(planted_.features, kWidth);
  continued.SetWeights(whole.Weights());
  whole.Improve(targets_, ridge_, 1);
  continued.Improve(targets_, ridge_, 1);
  EXPECT_EQ(whole.Weights(), continued.Weights());
  EXPECT_EQ(whole.Means(), continued.Means());
}

}  // namespace
}  // namespace matfac
