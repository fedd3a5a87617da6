#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "implicit_data.h"
#include "rows/block_descent.h"
#include "rows/conjugate_gradient.h"
#include "rows/gram.h"
#include "rows/gram_basis.h"
#include "rows/implicit_ridge.h"
#include "support.h"

namespace matfac {
namespace {

/// The number of factors and of observed pairs of the row.
class RowImprovers : public testing::TestWithParam<std::tuple<int, int>> {
 protected:
  static constexpr Index kOthers = 90;

  RowImprovers() {
    std::mt19937 engine(5);
    for (int j = 0; j < std::get<1>(GetParam()); ++j) {
      observed_.push_back(static_cast<Index>(j * 3 % kOthers));
      weights_.push_back(static_cast<float>(6.0 * test::Draw(engine)));
    }
  }

  int Factors() const { return std::get<0>(GetParam()); }
  ImplicitRow Row() const {
    return {
        .others = others_, .gram = gram_.Data(), .observed = observed_, .weights = weights_, .regularization = 1.5F};
  }
  std::vector<float> Start() const {
    const FactorMatrix row = test::RandomMatrix(1, Factors(), 0.5, 9);
    return {row.data(), row.data() + row.size()};
  }

  /// ½ Σ_m (x·v_m)² + ½ Σ_j c_j (1 − x·v_j)² + ½ λ ‖x‖², over all pairs, in double precision.
  double Objective(const std::vector<float>& x) const {
    const Eigen::VectorXd scores = Items() * test::Plain(x, Factors());
    double sum = scores.squaredNorm() + 1.5 * test::Plain(x, Factors()).squaredNorm();
    for (std::size_t j = 0; j < observed_.size(); ++j) sum += weights_[j] * std::pow(1.0 - scores(observed_[j]), 2);
    return 0.5 * sum;
  }
  Eigen::VectorXd Minimum() const {
    Eigen::VectorXd c = Eigen::VectorXd::Zero(kOthers);
    for (std::size_t j = 0; j < observed_.size(); ++j) c(observed_[j]) = weights_[j];
    const Eigen::VectorXd all = c.array() + 1.0;
    Eigen::MatrixXd normal = Items().transpose() * all.asDiagonal() * Items();
    normal.diagonal().array() += 1.5;
    return test::Solve(normal, Items().transpose() * c);
  }
  double ObservedPart(const std::vector<float>& x) const {
    const Eigen::VectorXd scores = Items() * test::Plain(x, Factors());
    double sum = 0.0;
    for (std::size_t j = 0; j < observed_.size(); ++j) sum += weights_[j] * std::pow(1.0 - scores(observed_[j]), 2);
    return sum;
  }
  Eigen::MatrixXd Items() const { return test::Plain(others_, Factors()); }

  /// Improves the row to the minimum, which it reaches from above.
  template <typename Improve>
  void ExpectWayDown(int times, const Improve& improve) {
    std::vector<float> x = Start();
    double last = Objective(x);
    for (int time = 0; time < times; ++time) {
      const double observed = improve(x.data());
      EXPECT_NEAR(observed, ObservedPart(x), 1e-4 * (1.0 + observed));
      const double next = Objective(x);
      EXPECT_LE(next, last * (1.0 + 1e-6)) << "time " << time;
      last = next;
    }
    EXPECT_LT((test::Plain(x, Factors()) - Minimum()).cwiseAbs().maxCoeff(), 2e-4);
    for (std::size_t f = Factors(); f < x.size(); ++f) EXPECT_EQ(x[f], 0.0F);
  }

 protected:
  FactorMatrix others_ = test::RandomMatrix(kOthers, std::get<0>(GetParam()), 1.0, 8);
  Gram gram_ = GramOf(others_);
  std::vector<Index> observed_;
  std::vector<float> weights_;
};

TEST_P(RowImprovers, RidgeIsTheMinimum) {
  ImplicitRidge ridge(StrideOf(Factors()));
  ridge.Build(Row());
  std::vector<float> x = Start();
  ridge.Solve(x.data());
  EXPECT_LT((test::Plain(x, Factors()) - Minimum()).cwiseAbs().maxCoeff(), 1e-5);
  EXPECT_NEAR(ObservedLoss(Row(), x.data()), ObservedPart(x), 1e-5 * (1.0 + ObservedPart(x)));
}

TEST_P(RowImprovers, ConjugateGradientGoesDownToTheMinimum) {
  Workers alone(1);
  Budget endless(1e9);
  Preconditioner preconditioner(StrideOf(Factors()));
  ASSERT_TRUE(preconditioner.Work(gram_.Data(), 0.3F, alone, endless));
  ConjugateGradient gradient(StrideOf(Factors()));
  ExpectWayDown(40, [&](float* x) { return gradient.Improve(Row(), preconditioner.Data(), x); });
}

TEST_P(RowImprovers, ConjugateGradientStaysFiniteWhereSquaresVanish) {
  // Small, so that the curvature vanishes before the square does.
  const int stride = StrideOf(Factors());
  std::vector<float> preconditioner(static_cast<std::size_t>(stride) * stride, 0.0F);
  for (int f = 0; f < stride; ++f) preconditioner[f * stride + f] = 0.001F;
  for (int power = 16; power <= 36; ++power) {
    weights_.assign(observed_.size(), std::pow(10.0F, static_cast<float>(-power)));
    std::vector<float> x(stride, 0.0F);
    ConjugateGradient(stride).Improve(Row(), preconditioner.data(), x.data());
    ASSERT_TRUE(test::Plain(x, stride).allFinite()) << "at 1e-" << power;
    EXPECT_LE(test::Plain(x, Factors()).cwiseAbs().maxCoeff(), std::pow(10.0, 2 - power)) << "weights of 1e-" << power;
  }
}

TEST_P(RowImprovers, InTheBasisOfTheGramMatrixTheMinimumIsTheSame) {
  const int stride = StrideOf(Factors());
  Workers alone(1);
  Budget endless(1e9);
  GramBasis basis(Factors());
  FactorMatrix turned = others_;
  ASSERT_TRUE(basis.Work(gram_.Data(), 0.3F, turned, alone, endless));
  const ImplicitRow plain = Row();
  const ImplicitRow row{.others = turned,
                        .gram = nullptr,
                        .observed = plain.observed,
                        .weights = plain.weights,
                        .regularization = plain.regularization,
                        .diagonal = basis.Diagonal()};
  std::vector<float> minimum(stride);
  for (int f = 0; f < Factors(); ++f) minimum[f] = static_cast<float>(Minimum()(f));
  const double least = ObservedPart(minimum);
  std::vector<float> scratch(stride);
  basis.Turn(minimum.data(), scratch.data());

  std::vector<float> improved = Start();
  basis.Turn(improved.data(), scratch.data());
  ConjugateGradient gradient(stride);
  double observed = 0.0;
  for (int time = 0; time < 40; ++time) observed = gradient.Improve(row, basis.Preconditioner(), improved.data());
  EXPECT_NEAR(observed, least, 1e-4 * (1.0 + least));
  EXPECT_LT((test::Plain(improved, stride) - test::Plain(minimum, stride)).cwiseAbs().maxCoeff(), 2e-4);
}

TEST_P(RowImprovers, BlockDescentGoesDownToTheMinimum) {
  BlockDescent descent(StrideOf(Factors()));
  ExpectWayDown(150, [&](float* x) { return descent.Improve(Row(), x); });
}

INSTANTIATE_TEST_SUITE_P(FactorsAndPairs, RowImprovers,
                         testing::Combine(testing::Values(1, 3, 8, 12, 30), testing::Values(1, 2, 7, 29)));

class OneBlock : public RowImprovers {};

TEST_P(OneBlock, IsSolvedAtOnce) {
  std::vector<float> x = Start();
  BlockDescent(StrideOf(Factors())).Improve(Row(), x.data());
  EXPECT_LT((test::Plain(x, Factors()) - Minimum()).cwiseAbs().maxCoeff(), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(FactorsAndPairs, OneBlock,
                         testing::Combine(testing::Values(1, 3, 8), testing::Values(1, 7, 29)));

class TwoFactors : public RowImprovers {};

TEST_P(TwoFactors, AreSolvedByTwoConjugateSteps) {
  Workers alone(1);
  Budget endless(1e9);
  Preconditioner preconditioner(StrideOf(Factors()));
  ASSERT_TRUE(preconditioner.Work(gram_.Data(), 0.3F, alone, endless));
  std::vector<float> x = Start();
  ConjugateGradient(StrideOf(Factors())).Improve(Row(), preconditioner.Data(), x.data());
  EXPECT_LT((test::Plain(x, Factors()) - Minimum()).cwiseAbs().maxCoeff(), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(FactorsAndPairs, TwoFactors,
                         testing::Combine(testing::Values(1, 2), testing::Values(1, 7, 29)));

TEST(Preconditioner, IsTheInverseForARowWithoutRatings) {
  for (const int factors : {1, 3, 8, 30}) {
    const int stride = StrideOf(factors);
    const FactorMatrix others = test::RandomMatrix(90, factors, 1.0, 8);
    const Gram gram = GramOf(others);
    Workers alone(1);
    Budget endless(1e9);
    Preconditioner preconditioner(stride);
    ASSERT_TRUE(preconditioner.Work(gram.Data(), 0.5F, alone, endless));
    const Eigen::MatrixXd wide = others.cast<double>();
    Eigen::MatrixXd product = wide.transpose() * wide;
    product.diagonal().array() += 0.5;
    product *= Eigen::Map<const FactorMatrix>(preconditioner.Data(), stride, stride).cast<double>();
    EXPECT_LT((product - Eigen::MatrixXd::Identity(stride, stride)).cwiseAbs().maxCoeff(), 1e-4) << factors;
  }
}

TEST(Preconditioner, BitsDependNeitherOnThreadsNorOnSlices) {
  constexpr int kFactors = 640;  // more than one slice of inversion
  const Gram gram = GramOf(test::RandomMatrix(50, kFactors, 1.0, 8));
  const auto invert = [&](int threads, double seconds) {
    Workers workers(threads);
    Preconditioner preconditioner(kFactors);
    int slices = 1;
    for (Budget budget(seconds); !preconditioner.Work(gram.Data(), 5.0F, workers, budget); budget = Budget(seconds)) {
      ++slices;
    }
    EXPECT_EQ(slices > 1, seconds == 0.0);
    return FactorMatrix(Eigen::Map<const FactorMatrix>(preconditioner.Data(), kFactors, kFactors));
  };
  const FactorMatrix expected = invert(1, 1e9);
  EXPECT_EQ(invert(1, 0.0), expected);
  EXPECT_EQ(invert(3, 0.0), expected);
}

TEST(Preconditioner, NamesTheRegularizationThatIsTooSmall) {
  const FactorMatrix others = test::RandomMatrix(2, 8, 1.0, 8);  // of rank 2
  Workers alone(1);
  Budget endless(1e9);
  Preconditioner preconditioner(8);
  test::ExpectInvalid([&] { preconditioner.Work(GramOf(others).Data(), 1e-12F, alone, endless); },
                      "regularization must be larger");
}

}  // namespace
}  // namespace matfac
