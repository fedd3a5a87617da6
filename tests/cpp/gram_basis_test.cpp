#include "rows/gram_basis.h"

#include <gtest/gtest.h>

#include "implicit_data.h"
#include "rows/gram.h"
#include "support.h"

namespace matfac {
namespace {

class GramBases : public testing::TestWithParam<int> {};

TEST_P(GramBases, KeepTheScoresAndMakeTheGramMatrixDiagonal) {
  const int factors = GetParam();
  const FactorMatrix items = test::RandomMatrix(300, factors, 1.0, 8);
  const FactorMatrix users = test::RandomMatrix(40, factors, 1.0, 9);
  Workers alone(1);
  Budget endless(1e9);
  GramBasis basis(factors);
  FactorMatrix turned = items;
  ASSERT_TRUE(basis.Work(GramOf(items).Data(), 0.5F, turned, alone, endless));
  FactorMatrix turned_users = users;
  std::vector<float> scratch(StrideOf(factors));
  for (Index user = 0; user < users.rows(); ++user) basis.Turn(RowOf(turned_users, user), scratch.data());

  const Eigen::MatrixXd scores = test::Plain(users, factors) * test::Plain(items, factors).transpose();
  const Eigen::MatrixXd turned_scores = test::Plain(turned_users, factors) * test::Plain(turned, factors).transpose();
  EXPECT_LT((scores - turned_scores).cwiseAbs().maxCoeff(), 1e-5 * scores.cwiseAbs().maxCoeff());
  const Eigen::MatrixXd gram = test::Plain(turned, factors).transpose() * test::Plain(turned, factors);
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(factors, factors);
  for (int f = 0; f < factors; ++f) {
    expected(f, f) = basis.Diagonal()[f];
    EXPECT_NEAR(basis.Preconditioner()[f], 1.0 / (basis.Diagonal()[f] + 0.5), 1e-6);
  }
  EXPECT_LT((gram - expected).cwiseAbs().maxCoeff(), 2e-6 * gram.cwiseAbs().maxCoeff());
  for (int f = factors; f < StrideOf(factors); ++f) {
    EXPECT_TRUE(turned.col(f).isZero(0.0F));
    EXPECT_EQ(basis.Diagonal()[f], 0.0F);
  }
}

INSTANTIATE_TEST_SUITE_P(Factors, GramBases, testing::Values(1, 2, 3, 8, 13, 64));

TEST(GramBasis, BitsDependNeitherOnThreadsNorOnSlices) {
  constexpr int kFactors = 128;
  const FactorMatrix items = test::RandomMatrix(9000, kFactors, 1.0, 8);  // more than one slice
  const Gram gram = GramOf(items);
  const auto turn = [&](int threads, double seconds) {
    Workers workers(threads);
    GramBasis basis(kFactors);
    FactorMatrix turned = items;
    int slices = 1;
    for (Budget budget(seconds); !basis.Work(gram.Data(), 0.5F, turned, workers, budget); budget = Budget(seconds)) {
      ++slices;
    }
    EXPECT_EQ(slices > 1, seconds == 0.0);
    return turned;
  };
  const FactorMatrix expected = turn(1, 1e9);
  EXPECT_EQ(turn(1, 0.0), expected);
  EXPECT_EQ(turn(3, 0.0), expected);
}

TEST(GramBasis, NamesTheRegularizationThatIsTooSmall) {
  FactorMatrix items = test::RandomMatrix(2, 8, 1.0, 8);  // of rank 2
  Workers alone(1);
  Budget endless(1e9);
  GramBasis basis(8);
  const Gram gram = GramOf(items);
  test::ExpectInvalid([&] { basis.Work(gram.Data(), 1e-12F, items, alone, endless); }, "regularization must be larger");
}

}  // namespace
}  // namespace matfac
