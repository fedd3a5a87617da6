#include <gtest/gtest.h>

#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <vector>

#include "solvers/variational/row_prior.h"
#include "support.h"

/// Compares the prior of a side with Bayesian linear regression by dense algebra.
namespace matfac {
namespace {

constexpr Index kRows = 60;
constexpr int kFeatures = 4;
constexpr int kEntries = 2;
constexpr int kColumns = kFeatures + kEntries;

/// [1, features, entries] of each row: the first entry follows from the features, the last not.
FactorMatrix RandomRows(double constant) {
  const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(kRows) * kColumns, 9);
  FactorMatrix rows = FactorMatrix::Zero(kRows, StrideOf(kColumns));
  for (Index row = 0; row < kRows; ++row) {
    for (int i = 1; i < kColumns; ++i) rows(row, i) = numbers[row * kColumns + i];
    rows(row, 0) = 1.0F;
    rows(row, 3) = static_cast<float>(constant > 0.0 ? constant : 2.0 + 0.5 * rows(row, 3));
    rows(row, kFeatures) = 0.3F + 0.8F * rows(row, 1) - 0.4F * rows(row, 2) + 0.2F * rows(row, kFeatures);
  }
  return rows;
}

/// λ, γ, the weights of one entry and what it adds to the free energy, by the formulas of row_prior.h.
struct Regression {
  double precision;
  double shrinkage = 1.0;
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(kFeatures);
  double free_energy = 0.0;

  void Learn(const Eigen::MatrixXd& rows, int entry, double variance) {
    constexpr int kSlopes = kFeatures - 1;
    Eigen::MatrixXd features = rows.middleCols(1, kSlopes);
    const Eigen::RowVectorXd means = features.colwise().mean();
    features.rowwise() -= means;
    const Eigen::RowVectorXd deviations = (features.colwise().squaredNorm() / kRows).cwiseSqrt();
    features = features * deviations.cwiseInverse().asDiagonal();
    const Eigen::VectorXd target = rows.col(kFeatures + entry);
    const double mean = target.mean();
    const Eigen::VectorXd centred = target.array() - mean;
    Eigen::MatrixXd system = precision * features.transpose() * features;
    system.diagonal().array() += shrinkage;
    const Eigen::MatrixXd covariance = system.inverse();
    const Eigen::VectorXd slopes = precision * covariance * features.transpose() * centred;
    const double spread = (features * covariance * features.transpose()).trace();
    const double most = 0.03 * kRows * precision;
    precision = kRows / ((centred - features * slopes).squaredNorm() + spread + variance);
    const double norm = slopes.squaredNorm() + covariance.trace();
    shrinkage = std::min(kSlopes / norm, most);
    // KL of two normals, and ½ λ fᵀ Σ f of the rows
    free_energy = 0.5 * (shrinkage * norm - kSlopes - std::log(covariance.determinant()) -
                         kSlopes * std::log(shrinkage) + precision * spread);
    weights.tail(kSlopes) = slopes.cwiseQuotient(deviations.transpose());
    weights(0) = mean - means * weights.tail(kSlopes);
  }
};

TEST(RowPrior, IsVariationalLinearRegression) {
  const FactorMatrix rows = RandomRows(0.0);
  const Eigen::MatrixXd dense = rows.leftCols(kColumns).cast<double>();
  const Gram gram = GramOf(rows);
  const std::vector<double> variances = {1.5, 4.0};
  RowPrior prior(kEntries, kFeatures, 2.0F, 5.0F);
  std::vector<Regression> expected = {{.precision = 2.0}, {.precision = 5.0}};
  for (int round = 0; round < 4; ++round) {
    prior.Learn(gram, kRows, variances);
    double energy = 0.0;
    for (int entry = 0; entry < kEntries; ++entry) {
      expected[entry].Learn(dense, entry, variances[entry]);
      energy += expected[entry].free_energy;
      const double precision = expected[entry].precision;
      EXPECT_NEAR(prior.Precisions()[entry], precision, 1e-3 * precision) << round;
      for (int i = 0; i < kFeatures; ++i) {
        EXPECT_NEAR(prior.Weights()[entry * kFeatures + i], expected[entry].weights(i), 1e-4) << round;
      }
    }
    EXPECT_NEAR(prior.FreeEnergy(), energy, 1e-3 * std::abs(energy)) << round;
  }
  EXPECT_NEAR(expected[0].weights(1), 0.8, 0.2) << "the regression must find what was planted";
  std::vector<float> means(kEntries);
  prior.MeansOf(RowOf(rows, 7), means.data());
  for (int entry = 0; entry < kEntries; ++entry) {
    EXPECT_NEAR(means[entry], expected[entry].weights.dot(dense.row(7).head(kFeatures)), 1e-4);
  }
}

TEST(RowPrior, PrecisionsAloneAreThoseOfMeansOfZero) {
  const FactorMatrix rows = RandomRows(0.0);
  RowPrior prior(kEntries, kFeatures, 2.0F, 5.0F);
  prior.LearnPrecisions(GramOf(rows), kRows, std::vector<double>{1.5, 4.0});
  for (int entry = 0; entry < kEntries; ++entry) {
    const double squares = rows.col(kFeatures + entry).cast<double>().squaredNorm();
    EXPECT_NEAR(prior.Precisions()[entry], kRows / (squares + (entry == 0 ? 1.5 : 4.0)), 1e-4);
  }
  for (const float weight : prior.Weights()) EXPECT_EQ(weight, 0.0F);
}

// As where every user rated every item: the sums of float32 leave a variance of rounding errors.
TEST(RowPrior, AConstantFeatureHasNoWeight) {
  for (const double constant : {0.3, 5.3033, 17.77}) {
    const FactorMatrix rows = RandomRows(constant);
    RowPrior prior(kEntries, kFeatures, 2.0F, 5.0F);
    for (int round = 0; round < 3; ++round) prior.Learn(GramOf(rows), kRows, std::vector<double>{1.5, 4.0});
    for (int entry = 0; entry < kEntries; ++entry) EXPECT_EQ(prior.Weights()[entry * kFeatures + 3], 0.0F) << constant;
    EXPECT_NEAR(prior.Weights()[1], 0.8, 0.2);
    EXPECT_TRUE(std::isfinite(prior.FreeEnergy()));
  }
}

}  // namespace
}  // namespace matfac
