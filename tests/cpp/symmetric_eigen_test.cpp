#include "base/symmetric_eigen.h"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Eigen's solver finds the same values; the vectors are orthonormal and give the matrix back.
void ExpectEigen(const Matrix& matrix) {
  const auto n = static_cast<int>(matrix.rows());
  Matrix lower = matrix.triangularView<Eigen::Lower>();
  const SymmetricEigen found = EigenOf({lower.data(), lower.data() + lower.size()}, n);
  const Eigen::VectorXd expected = Eigen::SelfAdjointEigenSolver<Matrix>(matrix).eigenvalues().reverse();
  const auto values = Eigen::Map<const Eigen::VectorXd>(found.values.data(), n);
  const auto vectors = Eigen::Map<const Matrix>(found.vectors.data(), n, n);
  const double tolerance = 1e-12 * (1.0 + matrix.norm());
  EXPECT_LT((values - expected).norm(), tolerance);
  EXPECT_LT((vectors * vectors.transpose() - Matrix::Identity(n, n)).norm(), 1e-12 * n);
  EXPECT_LT((vectors.transpose() * values.asDiagonal() * vectors - matrix).norm(), 10.0 * tolerance);
}

Matrix Random(int n, unsigned seed) {
  const std::vector<float> numbers = test::RandomFloats(static_cast<std::size_t>(n) * n, seed);
  const auto any = Eigen::Map<const FactorMatrix>(numbers.data(), n, n).cast<double>();
  return any + any.transpose();
}

TEST(SymmetricEigen, IsEigensOwn) {
  for (const int n : {1, 2, 3, 4, 7, 16, 65}) ExpectEigen(Random(n, n));
}

TEST(SymmetricEigen, OfEqualAndOfNoEigenvalues) {
  ExpectEigen(Matrix::Identity(6, 6));
  ExpectEigen(Matrix::Zero(5, 5));
  ExpectEigen(Matrix::Ones(8, 8));
  Matrix blocks = Matrix::Zero(8, 8);
  blocks.topLeftCorner(3, 3) = Random(3, 1);
  blocks.bottomRightCorner(3, 3) = blocks.topLeftCorner(3, 3);
  ExpectEigen(blocks);
}

TEST(SymmetricEigen, OfScalesFarApart) {
  const Eigen::VectorXd scales =
      Eigen::VectorXd::LinSpaced(12, 0.0, -11.0).unaryExpr([](double power) { return std::pow(10.0, power); });
  ExpectEigen(scales.asDiagonal() * Random(12, 4) * scales.asDiagonal());
}

TEST(SymmetricEigen, EndsWhereThereAreNoNumbers) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(EigenOf({1.0, kNan, kNan, 1.0}, 2), std::invalid_argument);
}

}  // namespace
}  // namespace matfac
