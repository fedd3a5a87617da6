#include "rows/gram.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/kernels.h"
#include "implicit_data.h"

namespace matfac {
namespace {

Eigen::MatrixXf Full(const Gram& gram, int stride) {
  return Eigen::Map<const FactorMatrix>(gram.Data(), stride, stride);
}

TEST(Gram, IsTheSumOfOuterProducts) {
  for (const auto& [rows, factors] : {std::pair{1, 3}, {127, 4}, {128, 5}, {129, 8}, {1000, 17}, {3000, 64}}) {
    const FactorMatrix x = test::RandomMatrix(rows, factors, 1.0, 7);
    const Eigen::MatrixXd wide = x.cast<double>();
    const Eigen::MatrixXd expected = wide.transpose() * wide;
    const Eigen::MatrixXd found = Full(GramOf(x), StrideOf(factors)).cast<double>();
    EXPECT_LT((found - expected).cwiseAbs().maxCoeff(), 1e-6 * (1.0 + expected.cwiseAbs().maxCoeff()))
        << rows << " × " << factors;
  }
}

TEST(Gram, DotIsTheSumOfAllSquaredScores) {
  const FactorMatrix x = test::RandomMatrix(300, 10, 1.0, 1);
  const FactorMatrix y = test::RandomMatrix(170, 10, 1.0, 2);
  const double expected = (x.cast<double>() * y.cast<double>().transpose()).squaredNorm();
  EXPECT_NEAR(GramOf(x).Dot(GramOf(y)), expected, 1e-6 * expected);
}

TEST(Gram, BitsDependNeitherOnThreadsNorOnSlices) {
  constexpr int kFactors = 64;
  const FactorMatrix x = test::RandomMatrix(20'000, kFactors, 1.0, 3);
  const Eigen::MatrixXf expected = Full(GramOf(x), kFactors);
  for (const int threads : {1, 2, 3}) {
    Workers workers(threads);
    Gram gram(kFactors);
    int slices = 1;
    for (Budget none(0.0); !gram.Work(x, workers, none); none = Budget(0.0)) ++slices;
    EXPECT_GT(slices, 1);
    EXPECT_EQ(Full(gram, kFactors), expected) << threads << " threads";
  }
}

TEST(Gram, CanBeSummedAgain) {
  Workers alone(1);
  Gram gram(4);
  for (const unsigned seed : {1U, 2U}) {
    const FactorMatrix x = test::RandomMatrix(50, 4, 1.0, seed);
    Budget endless(1e9);
    ASSERT_TRUE(gram.Work(x, alone, endless));
    EXPECT_EQ(Full(gram, 4), Full(GramOf(x), 4));
  }
}

TEST(KernelSums, AreFourTimesSum) {
  const FactorMatrix x = test::RandomMatrix(4, 4, 1.0, 4);
  kernels::Float4 rows[4];
  for (int r = 0; r < 4; ++r) rows[r] = kernels::Load(RowOf(x, r));
  const kernels::Float4 sums = kernels::Sums(rows[0], rows[1], rows[2], rows[3]);
  for (int r = 0; r < 4; ++r) EXPECT_EQ(sums[r], kernels::Sum(rows[r]));
}

}  // namespace
}  // namespace matfac
