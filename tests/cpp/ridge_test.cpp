#include "rows/ridge.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "support.h"

namespace matfac {
namespace {

constexpr int kFactors = 6;  // a stride of 8: two columns of padding
constexpr Index kOthers = 300;

FactorMatrix RandomRows(unsigned seed) {
  FactorMatrix rows = FactorMatrix::Zero(kOthers, StrideOf(kFactors));
  const auto numbers = test::RandomFloats(static_cast<std::size_t>(kOthers) * kFactors, seed);
  for (Index row = 0; row < kOthers; ++row) {
    for (int f = 0; f < kFactors; ++f) rows(row, f) = numbers[row * kFactors + f];
  }
  return rows;
}

/// Rows (1, v_j), or v_j without a bias.
Eigen::MatrixXd DesignOf(const FactorMatrix& others, const std::vector<Index>& rows, bool biases) {
  Eigen::MatrixXd design = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(rows.size()), kFactors + (biases ? 1 : 0));
  for (std::size_t j = 0; j < rows.size(); ++j) {
    design.row(j).tail(kFactors) = others.row(rows[j]).head(kFactors).cast<double>();
  }
  return design;
}

/// The number of ratings, and whether there is a bias. 64 rows are gathered at a time.
class Ridge : public testing::TestWithParam<std::tuple<int, bool>> {
 protected:
  const int count = std::get<0>(GetParam());
  const bool biases = std::get<1>(GetParam());
  const FactorMatrix others = RandomRows(1);
  const RidgeStrength strength{.factors = 0.7F, .bias = 0.3F};
  std::vector<Index> rows;
  std::vector<float> targets = test::RandomFloats(static_cast<std::size_t>(count), 2);

  Ridge() {
    for (int j = 0; j < count; ++j) rows.push_back((j * 7) % kOthers);
    for (float& target : targets) target = 3.0F * target + 0.5F;
  }
};

TEST_P(Ridge, SolveAgreesWithTheDenseAugmentedSystem) {
  RidgeSystem system(StrideOf(kFactors), biases);
  const auto other_rows = std::vector<Index>{299, 0, 3};
  system.Build(others, other_rows, std::vector<float>{9.0F, -9.0F, 4.0F},
               strength);  // leaves other numbers in the buffers
  system.Build(others, rows, targets, strength);
  std::vector<float> x(StrideOf(kFactors), std::nanf(""));
  float bias = 0.0F;
  system.Solve(x.data(), &bias);
  const Eigen::MatrixXd design = DesignOf(others, rows, biases);
  Eigen::VectorXd penalties = Eigen::VectorXd::Constant(design.cols(), strength.factors);
  if (biases) penalties(0) = strength.bias;
  const Eigen::VectorXd wanted = Eigen::Map<const Eigen::VectorXf>(targets.data(), count).cast<double>();
  const Eigen::VectorXd expected = test::DenseRidge(design, wanted, penalties);
  EXPECT_NEAR(bias, biases ? expected(0) : 0.0, 2e-6);
  for (int f = 0; f < kFactors; ++f) EXPECT_NEAR(x[f], expected.tail(kFactors)(f), 2e-6) << f;
  for (std::size_t f = kFactors; f < x.size(); ++f) EXPECT_EQ(x[f], 0.0F) << "padding";
}

TEST_P(Ridge, ApplyAndCentreAreThoseOfTheFormula) {
  RidgeSystem system(StrideOf(kFactors), biases);
  system.Build(others, rows, targets, strength);
  Eigen::MatrixXd s = Eigen::MatrixXd::Identity(kFactors, kFactors) * static_cast<double>(strength.factors);
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(kFactors);
  for (const Index row : rows) {
    const Eigen::VectorXd v = others.row(row).head(kFactors).cast<double>();
    s += v * v.transpose();
    sum += v;
  }
  const Eigen::VectorXd centre = biases ? Eigen::VectorXd(sum / (count + 0.3)) : Eigen::VectorXd::Zero(kFactors);
  s -= sum * centre.transpose();
  std::vector<float> y = {1.0F, -2.0F, 0.5F, 3.0F, 0.0F, 1.5F, 0.0F, 0.0F};
  const Eigen::VectorXd before = Eigen::Map<Eigen::VectorXf>(y.data(), kFactors).cast<double>();
  system.Apply(y.data());
  const Eigen::VectorXd after = Eigen::Map<Eigen::VectorXf>(y.data(), kFactors).cast<double>();
  for (int f = 0; f < kFactors; ++f) EXPECT_NEAR(system.Centre()[f], centre(f), 1e-6) << f;
  EXPECT_LT((s * after - before).norm(), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Counts, Ridge,
                         testing::Combine(testing::Values(0, 1, 2, 5, 63, 64, 65, 200), testing::Bool()));

TEST(RidgeErrors, TooLittleRegularizationIsNamed) {
  const FactorMatrix others = RandomRows(3);
  RidgeSystem system(StrideOf(kFactors), false);
  test::ExpectError<std::invalid_argument>(
      [&] { system.Build(others, std::vector<Index>{1, 2}, std::vector<float>{1.0F, 2.0F}, {.factors = 0.0F}); },
      {"regularization must be larger", "2 ratings", "singular"});
}

TEST(RidgeStrengths, AreThoseOfEachObjective) {
  Model model{.options = {.regularization = 0.5}, .scale = 3.0};
  const auto expect = [&](SolverKind solver, Offset count, float factors, float bias) {
    model.options.solver = solver;
    EXPECT_FLOAT_EQ(StrengthOf(model, count).factors, factors);
    EXPECT_FLOAT_EQ(StrengthOf(model, count).bias, bias);
  };
  // Those of the textbook are in units of a rating.
  expect(SolverKind::kGradientDescent, 0, 0.5F, 0.5F);
  expect(SolverKind::kGradientDescent, 9, 0.5F, 0.5F);
  expect(SolverKind::kSgd, 9, 4.5F, 4.5F);
  expect(SolverKind::kAls, 9, 4.5F, 1.5F);
  expect(SolverKind::kAls, 0, 1.5F, 0.5F);  // a row without ratings is still kept at zero
  expect(SolverKind::kNmf, 9, 13.5F, 4.5F);
  expect(SolverKind::kSvdpp, 0, 0.0F, 0.0F);
  model.scale = 1.0;  // of a model from elsewhere
  expect(SolverKind::kAls, 9, 1.5F, 1.5F);
}

}  // namespace
}  // namespace matfac
