#include <gtest/gtest.h>

#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <vector>

#include "solvers/variational/row_solution.h"
#include "support.h"

/// Compares the loops of variational with dense algebra in double precision.
namespace matfac {
namespace {

FactorMatrix RandomMatrix(Index rows, Index columns, unsigned seed) {
  const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(rows) * columns, seed);
  return Eigen::Map<const FactorMatrix>(numbers.data(), rows, columns);
}

// Strides of one tile, of some, and of an odd and an even number of them.
TEST(SolveRow, IsTheMeanAndTheInverseOfADensePrecision) {
  for (const int stride : {4, 8, 12, 20, 36}) {
    const Eigen::MatrixXd root = RandomMatrix(stride, stride, 7).cast<double>();
    const Eigen::MatrixXd precision =
        root * root.transpose() + Eigen::MatrixXd(Eigen::VectorXd::Constant(stride, 2.0).asDiagonal());
    const Eigen::VectorXd right = RandomMatrix(stride, 1, 8).cast<double>();
    FactorMatrix matrix = precision.cast<float>();
    const Eigen::VectorXf right_side = right.cast<float>();
    FactorMatrix lower(stride, stride);
    FactorMatrix found(stride, stride);
    Eigen::VectorXf found_mean(stride);
    ASSERT_TRUE(SolveRow(matrix.data(), right_side.data(), stride, lower.data(), found.data(), found_mean.data()));

    const Eigen::MatrixXd covariance = precision.inverse();
    const Eigen::VectorXd mean = covariance * right;
    for (int i = 0; i < stride; ++i) {
      EXPECT_NEAR(found_mean(i), mean(i), 2e-5) << stride;
      for (int j = i; j < stride; ++j) {
        EXPECT_NEAR(found(i, j), covariance(i, j), 1e-5) << stride;
      }
    }
  }
}

TEST(SolveRow, RefusesAMatrixThatIsNotPositiveDefinite) {
  FactorMatrix matrix = FactorMatrix::Identity(4, 4);
  matrix(2, 2) = -1.0F;
  FactorMatrix lower(4, 4);
  FactorMatrix covariance(4, 4);
  const std::vector<float> right(4);
  std::vector<float> mean(4);
  EXPECT_FALSE(SolveRow(matrix.data(), right.data(), 4, lower.data(), covariance.data(), mean.data()));
}

constexpr Index kRows = 12;
constexpr int kFactors = 6;
constexpr MomentLayout kLayout(kFactors);

/// The first of these, in an order with repetitions.
std::vector<Index> SomeRows(std::size_t count) {
  std::vector<Index> rows{3, 7, 1, 11, 0, 7, 5, 2, 9};
  rows.resize(count);
  return rows;
}

TEST(AddRecords, SumsRecordsAndWeighsTheirHeads) {
  const FactorMatrix records = RandomMatrix(kRows, kLayout.length, 9);
  const std::vector<float> targets = test::RandomFloats(9, 10);
  for (std::size_t count = 0; count <= targets.size(); ++count) {
    const std::vector<Index> rows = SomeRows(count);
    std::vector<float> moments(kLayout.length, 0.5F);
    std::vector<float> weighted(kLayout.head, 0.25F);
    AddRecords(records, rows, std::span(targets).first(count), kLayout, moments.data(), weighted.data());
    for (int i = 0; i < kLayout.length; ++i) {
      double sum = 0.5;
      double of_targets = 0.25;
      for (std::size_t j = 0; j < count; ++j) {
        sum += records(rows[j], i);
        of_targets += static_cast<double>(targets[j]) * records(rows[j], i);
      }
      EXPECT_NEAR(moments[i], sum, 1e-5);
      if (i < kLayout.head) EXPECT_NEAR(weighted[i], of_targets, 1e-5);
    }
  }
}

TEST(StandardScores, AreDotProductsWithBothBiases) {
  FactorMatrix records = RandomMatrix(kRows, kLayout.length, 11);
  // The padding of the factors is zero.
  for (int i = kFactors; i < kLayout.ones; ++i) records.col(i).setZero();
  const float* const own = RowOf(records, 4);
  for (std::size_t count = 0; count <= 9; ++count) {
    const std::vector<Index> rows = SomeRows(count);
    std::vector<float> scores(StrideOf(static_cast<int>(count)));
    StandardScores(own, records, rows, kLayout, scores.data());
    for (std::size_t j = 0; j < count; ++j) {
      double score = static_cast<double>(own[kLayout.BiasMean()]) + records(rows[j], kLayout.BiasMean());
      for (int f = 0; f < kFactors; ++f) score += static_cast<double>(own[f]) * records(rows[j], f);
      EXPECT_NEAR(scores[j], score, 1e-5);
    }
  }
}

}  // namespace
}  // namespace matfac
