#include "solvers/als.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

using test::PlainModel;

constexpr Index kUsers = 14;
constexpr Index kItems = 19;

/// λ √n, or λ where there are no ratings.
double Strength(double lambda, double count) { return lambda * std::sqrt(std::max(count, 1.0)); }

/// One side of the model in dense double precision: row `n` of `targets` where `mask` is 1, on the columns of `others`
/// (and a column of ones for the bias), with the penalty λ √n of the bias and scale · λ √n of the factors.
struct DenseSide {
  Eigen::MatrixXd factors;
  Eigen::VectorXd bias;
};

DenseSide SolveDensely(const Eigen::MatrixXd& targets, const Eigen::MatrixXd& mask, const Eigen::MatrixXd& others,
                       double lambda, double scale, bool biases) {
  const Eigen::Index columns = others.cols() + (biases ? 1 : 0);
  Eigen::MatrixXd design = Eigen::MatrixXd::Ones(others.rows(), columns);
  design.rightCols(others.cols()) = others;
  DenseSide side{.factors = Eigen::MatrixXd(targets.rows(), others.cols()),
                 .bias = Eigen::VectorXd::Zero(targets.rows())};
  for (Eigen::Index row = 0; row < targets.rows(); ++row) {
    const Eigen::VectorXd weights = mask.row(row);  // 0 or 1, so that they are their own squares
    Eigen::VectorXd penalties = Eigen::VectorXd::Constant(columns, Strength(scale * lambda, weights.sum()));
    if (biases) penalties(0) = Strength(lambda, weights.sum());
    const Eigen::VectorXd solution =
        test::DenseRidge(weights.asDiagonal() * design, weights.cwiseProduct(targets.row(row).transpose()), penalties);
    side.factors.row(row) = solution.tail(others.cols());
    if (biases) side.bias(row) = solution(0);
  }
  return side;
}

/// Whether there are biases, and λ.
class AlsEpochs : public testing::TestWithParam<std::tuple<bool, double>> {
 protected:
  Options options = DefaultOptions(SolverKind::kAls);

  AlsEpochs() {
    options.model.biases = std::get<0>(GetParam());
    options.model.regularization = std::get<1>(GetParam());
  }

  /// An epoch from `model`: all items with the users fixed, then all users with the new items fixed.
  void DenseEpoch(PlainModel& model, const Eigen::MatrixXd& rated, const Eigen::MatrixXd& mask, double scale) const {
    const auto [biases, lambda] = GetParam();
    const Eigen::MatrixXd centred = rated.array() - model.baseline;
    const Eigen::MatrixXd for_items = centred.colwise() - model.user_bias;
    const DenseSide items = SolveDensely(for_items.transpose(), mask.transpose(), model.users, lambda, scale, biases);
    model.items = items.factors;
    model.item_bias = items.bias;
    const Eigen::MatrixXd for_users = centred.rowwise() - model.item_bias.transpose();
    const DenseSide users = SolveDensely(for_users, mask, model.items, lambda, scale, biases);
    model.users = users.factors;
    model.user_bias = users.bias;
  }
};

TEST_P(AlsEpochs, AreTheDenseClosedForm) {
  options.model.factors = 3;
  options.model.initial_scale = 1.0;
  const RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.4, 1);
  const auto ratings = test::Freeze(columns, kUsers, kItems);
  Eigen::MatrixXd rated = Eigen::MatrixXd::Zero(kUsers, kItems);
  Eigen::MatrixXd mask = Eigen::MatrixXd::Zero(kUsers, kItems);
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    rated(columns.users[i], columns.items[i]) = columns.values[i];
    mask(columns.users[i], columns.items[i]) = 1.0;
  }
  Model model = test::StartModel(*ratings, options);
  Workers workers(1);
  const SideFeatures none;
  Als solver(*ratings, options, workers, none);
  for (int epoch = 1; epoch <= 3; ++epoch) {
    PlainModel expected(model);
    DenseEpoch(expected, rated, mask, ratings->Deviation());
    test::WorkWhole(solver, epoch, model);
    EXPECT_LT(test::LargestDifference(PlainModel(model), expected), 1e-4) << "epoch " << epoch;
    EXPECT_TRUE(test::PaddingIsZero(model));
  }
}

TEST_P(AlsEpochs, ObjectiveNeverRises) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), 1);
  const auto ratings = test::Freeze(generated);
  options.training.epochs = 30;
  const double lambda = options.model.regularization;
  const double scale = ratings->Deviation();
  const auto objective = [&](const PlainModel& model) {
    double penalty = 0.0;
    for (Index user = 0; user < ratings->UserCount(); ++user) {
      penalty += Strength(lambda, static_cast<double>(ratings->ByUser().Count(user))) *
                 (scale * model.users.row(user).squaredNorm() + std::pow(model.user_bias(user), 2));
    }
    for (Index item = 0; item < ratings->ItemCount(); ++item) {
      penalty += Strength(lambda, static_cast<double>(ratings->ByItem().Count(item))) *
                 (scale * model.items.row(item).squaredNorm() + std::pow(model.item_bias(item), 2));
    }
    return model.SquaredLoss(generated.columns) + 0.5 * penalty;
  };
  Trainer trainer(ratings, options);
  double last = objective(PlainModel(trainer.Result()));
  const double first = last;
  while (!trainer.Finished()) {
    const EpochReport report = trainer.Step();
    const double next = objective(PlainModel(trainer.Result()));
    EXPECT_NEAR(report.loss, next, 1e-6 * next);
    ASSERT_LE(next, last * (1.0 + 1e-6)) << "in epoch " << report.epoch;
    last = next;
  }
  EXPECT_LT(last, 0.85 * first);
}

TEST_P(AlsEpochs, UsersAndItemsWithoutRatingsAreZero) {
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.3, 2), kUsers, kItems);
  options.model.factors = 30;  // more factors than any user has ratings
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) ASSERT_TRUE(std::isfinite(trainer.Step().loss));
  const Model& model = trainer.Result();
  EXPECT_TRUE(test::IsFinite(model));
  EXPECT_TRUE(model.user_factors.row(kUsers - 1).isZero(0.0F));
  EXPECT_TRUE(model.item_factors.row(kItems - 1).isZero(0.0F));
  EXPECT_EQ(model.UserBias(kUsers - 1), 0.0F);
  EXPECT_EQ(model.ItemBias(kItems - 1), 0.0F);
}

INSTANTIATE_TEST_SUITE_P(BiasesAndRegularization, AlsEpochs,
                         testing::Combine(testing::Bool(), testing::Values(0.05, 0.3, 1.4, 10.0)));

}  // namespace
}  // namespace matfac
