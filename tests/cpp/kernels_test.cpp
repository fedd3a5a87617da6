#include "base/kernels.h"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "base/positive_definite.h"
#include "support.h"

namespace matfac::kernels {
namespace {

using test::RandomFloats;

/// The kernels with lengths that take each path: fewer than 16, whole 16s, and each remainder.
class Kernels : public testing::TestWithParam<int> {
 protected:
  const int stride = GetParam();
  const std::size_t length = static_cast<std::size_t>(stride);

  /// Σ x_n x_nᵀ over `count` random rows, in double.
  Eigen::MatrixXd Gram(const std::vector<float>& rows, int count) const {
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(stride, stride);
    for (int n = 0; n < count; ++n) {
      const Eigen::VectorXd row = Eigen::Map<const Eigen::VectorXf>(rows.data() + n * stride, stride).cast<double>();
      gram += row * row.transpose();
    }
    return gram;
  }

  /// A positive definite matrix, with NaN below the diagonal, where the kernels must not look.
  std::vector<float> UpperOf(const Eigen::MatrixXd& matrix) const {
    std::vector<float> upper(length * length, std::nanf(""));
    for (int i = 0; i < stride; ++i) {
      for (int j = i; j < stride; ++j) upper[i * stride + j] = static_cast<float>(matrix(i, j));
    }
    return upper;
  }
};

TEST_P(Kernels, Dot) {
  const auto a = RandomFloats(length, 1);
  const auto b = RandomFloats(length, 2);
  double expected = 0.0;
  for (int i = 0; i < stride; ++i) expected += static_cast<double>(a[i]) * b[i];
  EXPECT_NEAR(Dot(a.data(), b.data(), stride), expected, 1e-6 * std::sqrt(stride));
}

TEST_P(Kernels, DotCountsEveryPlaceOnce) {
  const std::vector<float> ones(length, 1.0F);
  for (int i = 0; i < stride; ++i) {
    std::vector<float> unit(length);
    unit[i] = 1.0F;
    ASSERT_EQ(Dot(unit.data(), ones.data(), stride), 1.0F) << i;
  }
}

TEST_P(Kernels, Axpy) {
  const auto x = RandomFloats(length, 3);
  const auto before = RandomFloats(length, 4);
  auto y = before;
  Axpy(-1.7F, x.data(), y.data(), stride);
  for (int i = 0; i < stride; ++i) {
    EXPECT_NEAR(y[i], before[i] + static_cast<double>(-1.7F) * x[i], 3e-7);
  }
}

TEST_P(Kernels, Scale) {
  const auto before = RandomFloats(length, 5);
  auto x = before;
  Scale(0.3F, x.data(), stride);
  for (int i = 0; i < stride; ++i) EXPECT_EQ(x[i], 0.3F * before[i]);
}

TEST_P(Kernels, UpdatePairUsesTheOldValuesOfBoth) {
  const auto old_u = RandomFloats(length, 6);
  const auto old_v = RandomFloats(length, 7);
  auto u = old_u;
  auto v = old_v;
  UpdatePair(u.data(), v.data(), 0.8F, 0.9F, stride);
  for (int i = 0; i < stride; ++i) {
    EXPECT_NEAR(u[i], 0.9 * old_u[i] + 0.8 * old_v[i], 3e-7);
    EXPECT_NEAR(v[i], 0.9 * old_v[i] + 0.8 * old_u[i], 3e-7);
  }
}

TEST_P(Kernels, AddOuterProducts) {
  for (const int count : {0, 1, 5, 64}) {
    const auto rows = RandomFloats(length * count, 8);
    const auto before = RandomFloats(length * length, 9);
    auto a = before;
    AddOuterProducts(a.data(), rows.data(), count, stride);
    const Eigen::MatrixXd gram = Gram(rows, count);
    for (int i = 0; i < stride; ++i) {
      for (int j = i; j < stride; ++j) {
        ASSERT_NEAR(a[i * stride + j], before[i * stride + j] + gram(i, j), 1e-6 * (1 + count)) << i << ' ' << j;
      }
    }
  }
}

TEST_P(Kernels, FactorizeAgreesWithEigen) {
  const Eigen::MatrixXd matrix = Gram(RandomFloats(length * 2 * length, 10), 2 * stride) +
                                 0.5 * stride * Eigen::MatrixXd::Identity(stride, stride);
  auto a = UpperOf(matrix);
  ASSERT_TRUE(Factorize(a.data(), stride));
  const Eigen::MatrixXd upper = matrix.llt().matrixU();
  for (int i = 0; i < stride; ++i) {
    for (int j = i; j < stride; ++j) ASSERT_NEAR(a[i * stride + j], upper(i, j), 1e-5 * std::sqrt(stride));
  }
}

TEST_P(Kernels, SolveFactorizedAgreesWithEigen) {
  const Eigen::MatrixXd matrix = Gram(RandomFloats(length * 2 * length, 11), 2 * stride) +
                                 0.5 * stride * Eigen::MatrixXd::Identity(stride, stride);
  auto a = UpperOf(matrix);
  auto x = RandomFloats(length, 12);
  const Eigen::VectorXd expected =
      test::Solve(matrix, Eigen::Map<const Eigen::VectorXf>(x.data(), stride).cast<double>());
  ASSERT_TRUE(Factorize(a.data(), stride));
  SolveFactorized(a.data(), x.data(), stride);
  const Eigen::VectorXd actual = Eigen::Map<const Eigen::VectorXf>(x.data(), stride).cast<double>();
  EXPECT_LT((actual - expected).norm(), 1e-5 * expected.norm());
}

TEST_P(Kernels, FactorizeRefusesWhatIsNotPositiveDefinite) {
  for (int bad = 0; bad < stride; bad += 3) {
    for (const double pivot : {0.0, -1.0, std::nan("")}) {
      Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(stride, stride);
      matrix(bad, bad) = pivot;
      auto a = UpperOf(matrix);
      EXPECT_FALSE(Factorize(a.data(), stride)) << bad << ' ' << pivot;
    }
  }
  // Positive on the diagonal, but indefinite: eigenvalues 1 ± 2.
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(stride, stride);
  matrix(0, stride - 1) = matrix(stride - 1, 0) = 2.0;
  auto a = UpperOf(matrix);
  EXPECT_FALSE(Factorize(a.data(), stride));
}

INSTANTIATE_TEST_SUITE_P(Strides, Kernels, testing::Values(4, 8, 12, 16, 20, 28, 32, 64, 100));

}  // namespace
}  // namespace matfac::kernels
