#include "ranking/item_map.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/errors.h"
#include "support.h"

namespace matfac {
namespace {

constexpr int kFactors = 6;

/// Rows of different spread along oblique directions and away from zero, padded to the stride.
FactorMatrix SomeFactors(Index rows, unsigned seed) {
  const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(rows) * kFactors, seed);
  FactorMatrix factors = FactorMatrix::Zero(rows, StrideOf(kFactors));
  for (Index row = 0; row < rows; ++row) {
    for (int f = 0; f < kFactors; ++f) {
      float value = 0.3F * static_cast<float>(f);
      for (int g = 0; g < kFactors; ++g) {
        const auto turn = static_cast<float>(std::sin(1.0 + 3.0 * f + 2.0 * g));
        value += turn * numbers[row * kFactors + g] / static_cast<float>(1 + g);
      }
      factors(row, f) = value;
    }
  }
  return factors;
}

/// x by its definition.
FactorMatrix PlainRows(const FactorMatrix& factors, const std::vector<float>& trust) {
  Eigen::MatrixXd directions = factors.cast<double>().rowwise().normalized();
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(factors.cols());
  double total = 0.0;
  for (Index row = 0; row < factors.rows(); ++row) {
    mean += trust[row] * directions.row(row);
    total += trust[row];
  }
  for (Index row = 0; row < factors.rows(); ++row) {
    directions.row(row) = trust[row] * (directions.row(row) - mean / total);
  }
  return directions.cast<float>();
}

/// C by its definition, for each pair of columns.
Eigen::MatrixXd PlainCovariance(const FactorMatrix& rows) {
  const Eigen::Index columns = rows.cols();
  Eigen::MatrixXd covariance(columns, columns);
  for (Eigen::Index i = 0; i < columns; ++i) {
    for (Eigen::Index j = 0; j < columns; ++j) {
      double sum_i = 0.0;
      double sum_j = 0.0;
      double sum_ij = 0.0;
      for (Eigen::Index row = 0; row < rows.rows(); ++row) {
        const double a = rows(row, i);
        const double b = rows(row, j);
        sum_i += a;
        sum_j += b;
        sum_ij += a * b;
      }
      const auto n = static_cast<double>(rows.rows());
      covariance(i, j) = sum_ij / n - (sum_i / n) * (sum_j / n);
    }
  }
  return covariance;
}

/// The largest variance along any direction orthogonal to those found: power iteration with deflation.
std::vector<double> PlainVariances(Eigen::MatrixXd covariance, int count) {
  std::vector<double> variances;
  for (int k = 0; k < count; ++k) {
    Eigen::VectorXd axis = Eigen::VectorXd::LinSpaced(covariance.rows(), 0.5, 1.5);
    for (int step = 0; step < 20000; ++step) axis = (covariance * axis).normalized();
    variances.push_back(axis.dot(covariance * axis));
    covariance -= variances.back() * axis * axis.transpose();
  }
  return variances;
}

TEST(MapItems, PlacesAreCentredUncorrelatedAndOfTheLargestVariances) {
  for (const Index rows : {7, 128, 300}) {
    const FactorMatrix factors = SomeFactors(rows, 5);
    std::vector<float> trust;
    for (Index row = 0; row < rows; ++row) trust.push_back(static_cast<float>(row % 9) / 8.0F);
    const FactorMatrix places = MapItems(factors, 3, trust);
    ASSERT_EQ(places.rows(), rows);
    ASSERT_EQ(places.cols(), 3);
    const Eigen::MatrixXd covariance = PlainCovariance(places);
    const std::vector<double> variances = PlainVariances(PlainCovariance(PlainRows(factors, trust)), 3);
    for (int k = 0; k < 3; ++k) {
      EXPECT_NEAR(places.col(k).cast<double>().mean(), 0.0, 1e-5);
      EXPECT_NEAR(covariance(k, k), variances[k], 1e-4 * variances[0]);
      for (int other = 0; other < k; ++other) EXPECT_NEAR(covariance(k, other), 0.0, 1e-5);
    }
    EXPECT_GT(covariance(0, 0), covariance(1, 1));
    EXPECT_GT(covariance(1, 1), covariance(2, 2));
  }
}

TEST(MapItems, KeepsTheDistancesOfDirectionsThatLieInAPlane) {
  FactorMatrix factors = FactorMatrix::Zero(50, 8);
  const std::vector<float> numbers = test::RandomFloats(100, 9);
  for (Index row = 0; row < 50; ++row) {
    const float a = numbers[2 * row];
    const float b = numbers[2 * row + 1];
    // Of length 1 to 6, in the plane of two orthogonal vectors.
    const float length = 1.0F + static_cast<float>(row % 6);
    factors.row(row) << a, -a, 2.0F * a, a, b, b, 0.0F, 0.0F;
    factors.row(row) *= length;
  }
  const FactorMatrix directions = factors.rowwise().normalized();
  const FactorMatrix places = MapItems(factors, 3);
  for (Index row = 1; row < 50; ++row) {
    EXPECT_NEAR((places.row(row) - places.row(0)).norm(), (directions.row(row) - directions.row(0)).norm(), 1e-5);
    EXPECT_EQ(places(row, 2), 0.0F);
  }
}

TEST(MapItems, TheSignsAreThoseOfTheWeightiestEntries) {
  FactorMatrix factors = FactorMatrix::Zero(40, 4);
  const std::vector<float> numbers = test::RandomFloats(80, 3);
  for (Index row = 0; row < 40; ++row) {
    factors(row, 2) = 3.0F * numbers[row];
    factors(row, 1) = numbers[40 + row];
    factors.row(row).normalize();
  }
  const FactorMatrix places = MapItems(factors, 2);
  const FactorMatrix mirrored = MapItems(FactorMatrix(-factors), 2);
  for (Index row = 1; row < 40; ++row) {
    if (std::abs(factors(row, 2) - factors(0, 2)) < 0.5F) continue;
    EXPECT_EQ(places(row, 0) > places(0, 0), factors(row, 2) > factors(0, 2));
  }
  // The signs of the factors are reversed; those of the axes are not.
  EXPECT_LT((places + mirrored).cwiseAbs().maxCoeff(), 1e-5F);
}

TEST(MapItems, TheLengthsOfRowsPlayNoPart) {
  const FactorMatrix factors = SomeFactors(60, 8);
  FactorMatrix longer = factors;
  for (Index row = 0; row < 60; ++row) longer.row(row) *= std::ldexp(1.0F, static_cast<int>(row % 7) - 3);
  EXPECT_EQ(MapItems(factors, 3), MapItems(longer, 3));
  EXPECT_EQ(MapItems(factors, 3), MapItems(FactorMatrix(factors * std::ldexp(1.0F, 90)), 3))
      << "squares that float32 does not hold";
}

TEST(MapItems, WhatIsNotTrustedLiesInTheMiddle) {
  FactorMatrix factors = SomeFactors(60, 8);
  factors.row(9).setZero();
  std::vector<float> trust(60, 1.0F);
  trust[4] = 0.0F;
  const FactorMatrix places = MapItems(factors, 3, trust);
  EXPECT_EQ(places.row(4), FactorMatrix::Zero(1, 3));
  EXPECT_EQ(places.row(9), FactorMatrix::Zero(1, 3)) << "a row of zeros has no direction";
  EXPECT_GT(places.row(5).norm(), 0.01F);
  trust.pop_back();
  test::ExpectError<std::invalid_argument>([&] { MapItems(factors, 3, trust); },
                                           {"trust must have 60 numbers; it has 59"});
}

TEST(MapItems, WhatDoesNotSpreadLiesInTheMiddle) {
  EXPECT_TRUE((MapItems(FactorMatrix(FactorMatrix::Constant(5, 4, 0.3F)), 2).array().abs() < 1e-6F).all());
  EXPECT_TRUE((MapItems(FactorMatrix(FactorMatrix::Zero(5, 4)), 3).array() == 0.0F).all());
  EXPECT_EQ(MapItems(FactorMatrix(FactorMatrix::Zero(0, 4)), 3).rows(), 0);
}

TEST(MapItems, TheLargestModelsAreRefused) {
  test::ExpectError<UnsupportedError>([] { MapItems(FactorMatrix(FactorMatrix::Zero(3, 1028)), 2); },
                                      {"1024", "1028", "samples"});
}

}  // namespace
}  // namespace matfac
