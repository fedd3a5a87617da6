#include <gtest/gtest.h>

#include <cmath>
#include <tuple>
#include <vector>

#include "implicit_data.h"
#include "rows/block_descent.h"
#include "rows/ridge_gradient.h"
#include "rows/ridge_preconditioners.h"
#include "support.h"

namespace matfac {
namespace {

constexpr float kLambda = 1.5F;
constexpr float kBiasLambda = 0.5F;

/// The number of factors and of ratings of the row, and whether there is a bias.
class RidgeImprovers : public testing::TestWithParam<std::tuple<int, int, bool>> {
 protected:
  static constexpr Index kOthers = 90;

  RidgeImprovers() {
    targets_ = test::RandomFloats(std::get<1>(GetParam()), 6);
    for (std::size_t j = 0; j < targets_.size(); ++j) rated_.push_back(static_cast<Index>(j * 3 % kOthers));
    identity_.assign(static_cast<std::size_t>(Stride()) * Stride(), 0.0F);
    for (int f = 0; f < Stride(); ++f) identity_[f * Stride() + f] = 1.0F;
  }

  int Factors() const { return std::get<0>(GetParam()); }
  int Stride() const { return StrideOf(Factors()); }
  bool Biases() const { return std::get<2>(GetParam()); }
  RidgeRow Row() const {
    return {
        .others = others_, .rated = rated_, .targets = targets_, .strength = {.factors = kLambda, .bias = kBiasLambda}};
  }

  /// A column of ones, if there is a bias, and the rated rows.
  Eigen::MatrixXd Design() const {
    const Eigen::Index ones = Biases() ? 1 : 0;
    Eigen::MatrixXd design = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(rated_.size()), Factors() + ones);
    for (std::size_t j = 0; j < rated_.size(); ++j) {
      design.row(static_cast<Eigen::Index>(j)).tail(Factors()) =
          others_.row(rated_[j]).leftCols(Factors()).cast<double>();
    }
    return design;
  }
  Eigen::VectorXd Penalties() const {
    Eigen::VectorXd penalties = Eigen::VectorXd::Constant(Design().cols(), kLambda);
    if (Biases()) penalties(0) = kBiasLambda;
    return penalties;
  }
  Eigen::VectorXd Targets() const { return test::Plain(targets_, static_cast<int>(targets_.size())); }
  Eigen::VectorXd Solution(const std::vector<float>& x, float bias) const {
    Eigen::VectorXd solution(Design().cols());
    solution.tail(Factors()) = test::Plain(x, Factors());
    if (Biases()) solution(0) = bias;
    return solution;
  }
  double Objective(const Eigen::VectorXd& solution) const {
    return 0.5 * ((Targets() - Design() * solution).squaredNorm() +
                  Penalties().dot(Eigen::VectorXd(solution.array().square())));
  }

  /// Improves the row to the minimum, which it reaches from above.
  template <typename Improve>
  void ExpectWayDown(int times, const Improve& improve) {
    const FactorMatrix start = test::RandomMatrix(1, Factors(), 0.5, 9);
    std::vector<float> x(start.data(), start.data() + start.size());
    float bias = 0.25F;
    double last = Objective(Solution(x, bias));
    for (int time = 0; time < times; ++time) {
      improve(x.data(), Biases() ? &bias : nullptr);
      const double next = Objective(Solution(x, bias));
      EXPECT_LE(next, last * (1.0 + 1e-6)) << "time " << time;
      last = next;
    }
    const Eigen::VectorXd minimum = test::DenseRidge(Design(), Targets(), Penalties());
    EXPECT_LT((Solution(x, bias) - minimum).cwiseAbs().maxCoeff(), 2e-4);
    for (std::size_t f = Factors(); f < x.size(); ++f) EXPECT_EQ(x[f], 0.0F);
  }

  FactorMatrix others_ = test::RandomMatrix(kOthers, std::get<0>(GetParam()), 1.0, 8);
  std::vector<Index> rated_;
  std::vector<float> targets_;
  std::vector<float> identity_;
};

TEST_P(RidgeImprovers, ConjugateGradientGoesDownToTheMinimum) {
  RidgeGradient gradient(Stride(), Biases());
  ExpectWayDown(40, [&](float* x, float* bias) { gradient.Improve(Row(), identity_.data(), x, bias); });
}

TEST_P(RidgeImprovers, ConjugateGradientStaysFiniteWhereSquaresVanish) {
  // Small, so that the curvature vanishes before the square does.
  for (float& entry : identity_) entry *= 0.01F;
  for (int power = 16; power <= 36; ++power) {
    targets_ = test::RandomFloats(std::get<1>(GetParam()), 6);
    for (float& target : targets_) target *= std::pow(10.0F, static_cast<float>(-power));
    std::vector<float> x(Stride(), 0.0F);
    float bias = 0.0F;
    RidgeGradient(Stride(), Biases()).Improve(Row(), identity_.data(), x.data(), Biases() ? &bias : nullptr);
    ASSERT_TRUE(test::Plain(x, Stride()).allFinite()) << "at 1e-" << power;
    EXPECT_LE(test::Plain(x, Stride()).cwiseAbs().maxCoeff(), std::pow(10.0, 1 - power)) << "targets of 1e-" << power;
    EXPECT_LE(std::abs(bias), std::pow(10.0, 1 - power));
  }
}

TEST_P(RidgeImprovers, BlockDescentGoesDownToTheMinimum) {
  BlockDescent descent(Stride());
  ExpectWayDown(200, [&](float* x, float* bias) { descent.Improve(Row(), x, bias); });
}

INSTANTIATE_TEST_SUITE_P(FactorsRatingsBiases, RidgeImprovers,
                         testing::Combine(testing::Values(1, 3, 8, 12, 30), testing::Values(1, 2, 7, 29),
                                          testing::Bool()));

class TwoRidgeFactors : public RidgeImprovers {};

TEST_P(TwoRidgeFactors, AreSolvedByTwoConjugateSteps) {
  RidgeGradient gradient(Stride(), Biases());
  ExpectWayDown(1, [&](float* x, float* bias) { gradient.Improve(Row(), identity_.data(), x, bias); });
}

INSTANTIATE_TEST_SUITE_P(FactorsRatingsBiases, TwoRidgeFactors,
                         testing::Combine(testing::Values(1, 2), testing::Values(1, 7, 29), testing::Bool()));

class RidgePreconditionersTest : public testing::TestWithParam<bool> {};

TEST_P(RidgePreconditionersTest, AreTheInversesOfTheTypicalRows) {
  constexpr int kFactors = 6;
  const auto ratings = test::Freeze(test::RandomColumns(40, 60, 0.3, 3), 40, 60);
  Model model{.options = DefaultOptions(SolverKind::kAls).model, .scale = 1.5};
  model.options.biases = GetParam();
  const FactorMatrix items = test::RandomMatrix(60, kFactors, 1.0, 8);
  const RatingsSide& by_item = ratings->ByItem();
  Eigen::VectorXd shares(60);
  for (Index item = 0; item < 60; ++item) shares(item) = static_cast<double>(by_item.Count(item));
  shares /= shares.sum();
  Eigen::MatrixXd centred = test::Plain(items, kFactors);
  if (GetParam()) centred.rowwise() -= Eigen::RowVectorXd(shares.transpose() * centred);
  const Eigen::MatrixXd covariance = centred.transpose() * shares.asDiagonal() * centred;

  RidgePreconditioners preconditioners(ratings->ByUser(), StrideOf(kFactors));
  Workers alone(1);
  Budget endless(1e9);
  ASSERT_TRUE(preconditioners.Work(items, by_item, model, alone, endless));
  // From 4 to 15 ratings the typical row has 8, and from 16 to 63 it has 32.
  for (const auto& [count, typical] : {std::pair{4, 8.0}, {15, 8.0}, {16, 32.0}, {30, 32.0}}) {
    Eigen::MatrixXd system = covariance;
    system.diagonal().array() += model.scale * model.options.regularization / std::sqrt(typical);
    const Eigen::MatrixXd inverse = test::Plain(
        Eigen::Map<const FactorMatrix>(preconditioners.For(count), StrideOf(kFactors), StrideOf(kFactors)), kFactors);
    EXPECT_LT(
        (system * inverse.topRows(kFactors) - Eigen::MatrixXd::Identity(kFactors, kFactors)).cwiseAbs().maxCoeff(),
        1e-4)
        << count << " ratings";
  }
}

/// Every third row tells the covariance of 40,000 well enough.
TEST_P(RidgePreconditionersTest, OfManyRowsAreNearTheInverses) {
  constexpr int kFactors = 4;
  constexpr Index kItems = 40'000;
  constexpr Index kUsers = 4;
  RatingColumns columns;
  for (Index item = 0; item < kItems; ++item) {
    columns.users.push_back(item % kUsers);
    columns.items.push_back(item);
    columns.values.push_back(static_cast<float>(item % 5));
  }
  const auto ratings = test::Freeze(columns, kUsers, kItems);
  Model model{.options = DefaultOptions(SolverKind::kAls).model, .scale = 1.5};
  model.options.biases = GetParam();
  const FactorMatrix items = test::RandomMatrix(kItems, kFactors, 1.0, 8);
  Eigen::MatrixXd centred = test::Plain(items, kFactors);
  if (GetParam()) centred.rowwise() -= Eigen::RowVectorXd(centred.colwise().mean());
  Eigen::MatrixXd system = centred.transpose() * centred / kItems;
  system.diagonal().array() += model.scale * model.options.regularization / std::sqrt(8192.0);

  RidgePreconditioners preconditioners(ratings->ByUser(), kFactors);
  Workers alone(1);
  Budget endless(1e9);
  ASSERT_TRUE(preconditioners.Work(items, ratings->ByItem(), model, alone, endless));
  const Eigen::MatrixXd inverse =
      test::Plain(Eigen::Map<const FactorMatrix>(preconditioners.For(10'000), kFactors, kFactors), kFactors);
  EXPECT_LT((system * inverse - Eigen::MatrixXd::Identity(kFactors, kFactors)).cwiseAbs().maxCoeff(), 0.05);
}

INSTANTIATE_TEST_SUITE_P(Biases, RidgePreconditionersTest, testing::Bool());

}  // namespace
}  // namespace matfac
