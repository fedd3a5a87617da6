#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "data/generator.h"
#include "fold_in/fold_in.h"
#include "model/option_table.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr Index kUsers = 23;
constexpr Index kItems = 31;

Options SmallOptions(Sweep sweep, int factors) {
  Options options = DefaultOptions(SolverKind::kAls);
  options.model.factors = factors;
  options.model.initial_scale = 1.0;
  options.training.epochs = 8;
  options.training.sweep = sweep;
  return options;
}

class AlsSweeps : public testing::TestWithParam<Sweep> {
 protected:
  const RatingColumns columns_ = test::RandomColumns(kUsers, kItems, 0.4, 1);
  const test::SharedRatings ratings_ = test::Freeze(columns_, kUsers, kItems);

  /// ½ Σ (r − r̂)² + ½ Σ λ √n (σ ‖x‖² + b²) in double precision.
  double Objective(const Model& model) const {
    const test::PlainModel plain(model);
    double penalty = 0.0;
    const auto add = [&](const RatingsSide& side, const Eigen::MatrixXd& factors, const Eigen::VectorXd& bias) {
      for (Index row = 0; row < side.RowCount(); ++row) {
        penalty += model.options.regularization * std::sqrt(std::max(static_cast<double>(side.Count(row)), 1.0)) *
                   (model.scale * factors.row(row).squaredNorm() + bias(row) * bias(row));
      }
    };
    add(ratings_->ByUser(), plain.users, plain.user_bias);
    add(ratings_->ByItem(), plain.items, plain.item_bias);
    return plain.SquaredLoss(columns_) + 0.5 * penalty;
  }
};

TEST_P(AlsSweeps, ObjectiveNeverRises) {
  for (const bool biases : {false, true}) {
    for (const double regularization : {0.05, 0.5, 1.4, 10.0}) {
      for (const int factors : {1, 3, 12, 30}) {
        Options options = SmallOptions(GetParam(), factors);
        options.model.biases = biases;
        options.model.regularization = regularization;
        Trainer trainer(ratings_, options);
        double last = Objective(trainer.Result());
        while (!trainer.Finished()) {
          const EpochReport report = trainer.Step();
          const double objective = Objective(trainer.Result());
          EXPECT_NEAR(report.loss, objective, 2e-6 * objective);
          EXPECT_LE(objective, last * (1.0 + 1e-6)) << factors << " factors, epoch " << report.epoch;
          last = objective;
        }
        EXPECT_TRUE(test::PaddingIsZero(trainer.Result()));
      }
    }
  }
}

TEST_P(AlsSweeps, ConvergeToTheSameLoss) {
  for (const bool biases : {false, true}) {
    Options options = SmallOptions(Sweep::kExact, 4);
    options.model.biases = biases;
    options.model.regularization = 1.4;  // weaker, there are several minima
    options.training.epochs = 300;
    const auto loss = [&](Sweep sweep) {
      options.training.sweep = sweep;
      Trainer trainer(ratings_, options);
      double last = 0.0;
      while (!trainer.Finished()) last = trainer.Step().loss;
      return last;
    };
    const double exact = loss(Sweep::kExact);
    EXPECT_NEAR(loss(GetParam()), exact, 2e-3 * exact);
  }
}

TEST_P(AlsSweeps, TrainedUsersAreTheFoldInOfTheirRatings) {
  Trainer trainer(ratings_, SmallOptions(GetParam(), 12));
  while (!trainer.Finished()) trainer.Step();
  const Model& model = trainer.Result();
  const Visitors visitors(model);
  for (Index user = 0; user < kUsers; ++user) {
    const RatingsRow row = ratings_->ByUser().Row(user);
    const Profile profile = visitors.FoldIn(row.others, row.values);
    EXPECT_TRUE(std::equal(profile.factors.begin(), profile.factors.end(), RowOf(model.user_factors, user))) << user;
    EXPECT_EQ(profile.bias, model.UserBias(user)) << user;
  }
}

TEST_P(AlsSweeps, RowsWithoutRatingsAreZero) {
  Trainer trainer(ratings_, SmallOptions(GetParam(), 12));
  trainer.Step();
  const Model& model = trainer.Result();
  EXPECT_TRUE(model.user_factors.row(kUsers - 1).isZero(0.0F));
  EXPECT_TRUE(model.item_factors.row(kItems - 1).isZero(0.0F));
  EXPECT_EQ(model.UserBias(kUsers - 1), 0.0F);
  EXPECT_EQ(model.ItemBias(kItems - 1), 0.0F);
}

TEST_P(AlsSweeps, BitsDependNeitherOnThreadsNorOnSlices) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Options options = SmallOptions(GetParam(), 18);
  options.training.epochs = 2;
  const auto train = [&](int threads, double slice) {
    options.training.threads = threads;
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) trainer.Advance(slice);
    return trainer.Result();
  };
  const Model expected = train(1, 1e9);
  EXPECT_TRUE(test::SameBits(train(2, 1e9), expected));
  EXPECT_TRUE(test::SameBits(train(3, 0.0), expected));
}

INSTANTIATE_TEST_SUITE_P(Sweeps, AlsSweeps, testing::Values(Sweep::kExact, Sweep::kConjugateGradient, Sweep::kBlocks),
                         [](const auto& info) {
                           std::string name(FindOption("sweep")->choices[static_cast<std::size_t>(info.param)]);
                           std::erase(name, '-');
                           return name;
                         });

TEST(AlsSweep, OfConjugateGradientFollowsTheClosedForm) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Options options = DefaultOptions(SolverKind::kAls);
  options.model.factors = 32;
  options.training.epochs = 6;
  const auto losses = [&](Sweep sweep) {
    options.training.sweep = sweep;
    Trainer trainer(ratings, options);
    std::vector<double> seen;
    while (!trainer.Finished()) seen.push_back(trainer.Step().loss);
    return seen;
  };
  const std::vector<double> exact = losses(Sweep::kExact);
  const std::vector<double> gradient = losses(Sweep::kConjugateGradient);
  for (std::size_t epoch = 0; epoch < exact.size(); ++epoch) {
    EXPECT_NEAR(gradient[epoch], exact[epoch], 1e-3 * exact[epoch]) << "epoch " << epoch + 1;
  }
}

TEST(AlsSweep, OfConjugateGradientSolvesRowsWithFewRatingsExactly) {
  constexpr Index kRows = 60;
  const auto ratings = test::Freeze(test::FourOfEach(kRows), kRows, kRows);
  for (const bool biases : {false, true}) {
    Options options = SmallOptions(Sweep::kExact, 18);
    options.model.biases = biases;
    Trainer exact(ratings, options);
    options.training.sweep = Sweep::kConjugateGradient;
    Trainer gradient(ratings, options);
    while (!exact.Finished()) {
      const double loss = exact.Step().loss;
      EXPECT_NEAR(gradient.Step().loss, loss, 1e-5 * loss);
    }
    EXPECT_LT(test::LargestDifference(test::PlainModel(exact.Result()), test::PlainModel(gradient.Result())), 1e-3);
  }
}

TEST(AlsSweep, IsTheClosedFormForFewFactorsAndConjugateGradientForMany) {
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 1), kUsers, kItems);
  const auto first_epoch = [&](Sweep sweep, int factors) {
    Trainer trainer(ratings, SmallOptions(sweep, factors));
    trainer.Step();
    return trainer.Result();
  };
  EXPECT_TRUE(test::SameBits(first_epoch(Sweep::kAuto, 16), first_epoch(Sweep::kExact, 16)));
  EXPECT_TRUE(test::SameBits(first_epoch(Sweep::kAuto, 17), first_epoch(Sweep::kConjugateGradient, 17)));
  EXPECT_FALSE(test::SameBits(first_epoch(Sweep::kAuto, 17), first_epoch(Sweep::kExact, 17)));
}

}  // namespace
}  // namespace matfac
