#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "data/generator.h"
#include "fold_in/fold_in.h"
#include "implicit_data.h"
#include "model/option_table.h"
#include "solvers/implicit_als.h"
#include "support.h"
#include "training/trainer.h"
#include "training/warm_start.h"

namespace matfac {
namespace {

constexpr Index kUsers = 23;
constexpr Index kItems = 31;

Options SmallOptions(Sweep sweep, int factors) {
  Options options = DefaultOptions(SolverKind::kImplicitAls);
  options.model.factors = factors;
  options.model.initial_scale = 1.0;
  options.model.regularization = 0.007;
  options.model.confidence = 1.0;
  options.model.weights = Weights::kRaw;
  options.training.epochs = 6;
  options.training.sweep = sweep;
  return options;
}

/// The row weights that scale the regularization: 1 for every pair, and confidence × rating.
Eigen::VectorXd RowWeights(const Eigen::MatrixXd& ratings, double confidence) {
  return (confidence * ratings.rowwise().sum()).array() + static_cast<double>(ratings.cols());
}

/// The ratings × k of their item, by its definition in double precision; the ratings themselves without a discount.
Eigen::MatrixXd Discounted(const Eigen::MatrixXd& ratings, const RatingColumns& columns, double discount) {
  Eigen::VectorXd counts = Eigen::VectorXd::Zero(ratings.cols());
  for (const Index item : columns.items) counts(item) += 1.0;
  const Eigen::VectorXd powers = counts.cwiseMax(1.0).array().pow(-discount);
  return ratings * (powers * counts.sum() / counts.dot(powers)).asDiagonal();
}

/// L by a loop over all N × M pairs.
double DenseObjective(const Model& model, const Eigen::MatrixXd& ratings) {
  const Eigen::MatrixXd users = test::Plain(model.user_factors, model.options.factors);
  const Eigen::MatrixXd items = test::Plain(model.item_factors, model.options.factors);
  const Eigen::MatrixXd scores = users * items.transpose();
  const Eigen::MatrixXd missed = (1.0 - scores.array()).square();
  const Eigen::VectorXd user_norms = users.rowwise().squaredNorm();
  const Eigen::VectorXd item_norms = items.rowwise().squaredNorm();
  const double confidence = model.options.confidence;
  return 0.5 * (scores.squaredNorm() + confidence * ratings.cwiseProduct(missed).sum() +
                model.options.regularization * (RowWeights(ratings, confidence).dot(user_norms) +
                                                RowWeights(ratings.transpose(), confidence).dot(item_norms)));
}

/// The best row for each of `ratings`' with the other side fixed: a weighted regression on targets of
/// c / (c + 1) with weight c + 1 for every pair, which has the same minimum as 0 with weight 1 and 1 with weight c.
Eigen::MatrixXd DenseHalfStep(const Eigen::MatrixXd& ratings, const Eigen::MatrixXd& others, const Options& options) {
  Eigen::MatrixXd solved(ratings.rows(), others.cols());
  const Eigen::VectorXd row_weights = RowWeights(ratings, options.model.confidence);
  for (Eigen::Index row = 0; row < ratings.rows(); ++row) {
    const Eigen::VectorXd c = options.model.confidence * ratings.row(row).transpose();
    const Eigen::VectorXd weights = c.array() + 1.0;
    const Eigen::VectorXd targets = c.cwiseQuotient(weights);
    Eigen::MatrixXd normal = others.transpose() * weights.asDiagonal() * others;
    normal.diagonal().array() += options.model.regularization * row_weights(row);
    solved.row(row) = test::Solve(normal, others.transpose() * weights.cwiseProduct(targets)).transpose();
  }
  return solved;
}

class ImplicitAlsSweeps : public testing::TestWithParam<Sweep> {
 protected:
  const RatingColumns columns_ = test::RandomWeights(kUsers, kItems, 0.3, 1);
  const std::shared_ptr<const Ratings> ratings_ = test::Frozen(columns_, kUsers, kItems);
  const Eigen::MatrixXd dense_ = test::Dense(columns_, kUsers, kItems);
};

void ExpectTheDenseClosedForm(double discount) {
  const RatingColumns columns = test::RandomWeights(kUsers, kItems, 0.3, 1);
  const auto ratings = test::Frozen(columns, kUsers, kItems);
  const Eigen::MatrixXd dense = Discounted(test::Dense(columns, kUsers, kItems), columns, discount);
  for (const int factors : {1, 3, 8, 11}) {
    Options options = SmallOptions(Sweep::kExact, factors);
    options.model.discount = discount;
    Workers alone(1);
    const SideFeatures none;
    ImplicitAls solver(*ratings, options, alone, none);
    Model model = InitialModel(*ratings, options.model, 1);
    for (int epoch = 1; epoch <= 3; ++epoch) {
      const Eigen::MatrixXd items = DenseHalfStep(dense.transpose(), test::Plain(model.user_factors, factors), options);
      const Eigen::MatrixXd users = DenseHalfStep(dense, items, options);
      test::WorkEpoch(solver, epoch, model);
      EXPECT_LT((test::Plain(model.item_factors, factors) - items).cwiseAbs().maxCoeff(), 1e-4) << factors;
      EXPECT_LT((test::Plain(model.user_factors, factors) - users).cwiseAbs().maxCoeff(), 1e-4) << factors;
      EXPECT_TRUE(test::HasZeroPadding(model));
    }
  }
}

TEST(ImplicitAls, EpochsAreTheDenseClosedForm) { ExpectTheDenseClosedForm(0.0); }

TEST(ImplicitAls, WithADiscountEpochsAreTheDenseClosedForm) { ExpectTheDenseClosedForm(0.4); }

TEST(ImplicitAls, ADiscountKeepsTheMeanWeightOfAPair) {
  const RatingColumns columns = test::RandomWeights(kUsers, kItems, 0.3, 1);
  const auto ratings = test::Frozen(columns, kUsers, kItems);
  const std::vector<float> weights = ItemWeights(*ratings, 0.5);
  double sum = 0.0;
  for (const Index item : columns.items) sum += weights[item];
  EXPECT_NEAR(sum / static_cast<double>(columns.items.size()), 1.0, 1e-6);
  const auto count = [&](Index item) { return static_cast<double>(ratings->ByItem().Count(item)); };
  EXPECT_NEAR(weights[0] / weights[1], std::sqrt(count(1) / count(0)), 1e-6);
  EXPECT_NE(count(0), count(1));
  EXPECT_TRUE(ItemWeights(*ratings, 0.0).empty());
}

TEST_P(ImplicitAlsSweeps, LossIsTheObjectiveOverAllPairsAndNeverRises) {
  for (const auto& [factors, discount] : {std::pair(3, 0.0), {12, 0.0}, {3, 0.4}, {12, 0.4}}) {
    Options options = SmallOptions(GetParam(), factors);
    options.model.discount = discount;
    const Eigen::MatrixXd dense = Discounted(dense_, columns_, discount);
    Trainer trainer(ratings_, options);
    double last = DenseObjective(trainer.Result(), dense);
    while (!trainer.Finished()) {
      const EpochReport report = trainer.Step();
      const double objective = DenseObjective(trainer.Result(), dense);
      EXPECT_NEAR(report.loss, objective, 1e-6 * objective);
      EXPECT_LE(objective, last * (1.0 + 1e-6)) << "in epoch " << report.epoch;
      EXPECT_TRUE(std::isnan(report.train_rmse));
      last = objective;
    }
    EXPECT_TRUE(test::HasZeroPadding(trainer.Result()));
  }
}

TEST_P(ImplicitAlsSweeps, ConvergeToTheSameLoss) {
  Options options = SmallOptions(Sweep::kExact, 4);
  options.training.epochs = 200;
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

TEST_P(ImplicitAlsSweeps, TrainedUsersAreTheFoldInOfTheirRatings) {
  Options options = SmallOptions(GetParam(), 12);
  options.model.discount = 0.3;
  Trainer trainer(ratings_, options);
  while (!trainer.Finished()) trainer.Step();
  const Model& model = trainer.Result();
  const Visitors visitors(model);
  for (Index user = 0; user < kUsers; ++user) {
    const RatingsRow row = ratings_->ByUser().Row(user);
    if (row.others.empty()) continue;  // zero, where a visitor has the profile of popular items
    const Profile profile = visitors.FoldIn(row.others, row.values);
    EXPECT_TRUE(std::equal(profile.factors.begin(), profile.factors.end(), RowOf(model.user_factors, user))) << user;
  }
}

TEST_P(ImplicitAlsSweeps, RowsWithoutRatingsAreZero) {
  Trainer trainer(ratings_, SmallOptions(GetParam(), 12));
  trainer.Step();
  EXPECT_TRUE(trainer.Result().user_factors.row(kUsers - 1).isZero(0.0F));
  EXPECT_TRUE(trainer.Result().item_factors.row(kItems - 1).isZero(0.0F));
}

TEST_P(ImplicitAlsSweeps, BitsDependNeitherOnThreadsNorOnSlices) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("ml100k"), 1);
  const auto ratings = test::Frozen(generated.columns, generated.user_count, generated.item_count);
  Options options = SmallOptions(GetParam(), 18);
  options.training.epochs = 2;
  const auto train = [&](int threads, double slice) {
    options.training.threads = threads;
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) trainer.Advance(slice);
    return trainer.Result();
  };
  const Model expected = train(1, 1e9);
  EXPECT_TRUE(test::EqualBits(train(2, 1e9), expected));
  EXPECT_TRUE(test::EqualBits(train(3, 0.0), expected));
}

TEST_P(ImplicitAlsSweeps, OnlyConfidenceTimesRatingMatters) {
  RatingColumns doubled = columns_;
  for (float& value : doubled.values) value *= 2.0F;
  Options options = SmallOptions(GetParam(), 5);
  Trainer once(ratings_, options);
  options.model.confidence /= 2.0;
  Trainer twice(test::Frozen(doubled, kUsers, kItems), options);
  once.Step();
  twice.Step();
  EXPECT_TRUE(test::EqualBits(once.Result(), twice.Result()));
}

INSTANTIATE_TEST_SUITE_P(Sweeps, ImplicitAlsSweeps,
                         testing::Values(Sweep::kExact, Sweep::kConjugateGradient, Sweep::kBlocks),
                         [](const auto& info) {
                           std::string name(FindOption("sweep")->choices[static_cast<std::size_t>(info.param)]);
                           std::erase(name, '-');
                           return name;
                         });

/// With as many rows the half-steps work in the basis in which the Gram matrix of the fixed side is diagonal.
TEST(ImplicitAls, InTheBasisOfTheGramMatrixTheLossIsTheObjectiveAndNeverRises) {
  constexpr Index kManyUsers = 300;
  constexpr Index kManyItems = 310;
  const RatingColumns columns = test::RandomWeights(kManyUsers, kManyItems, 0.04, 1);
  const auto ratings = test::Frozen(columns, kManyUsers, kManyItems);
  const Eigen::MatrixXd dense = test::Dense(columns, kManyUsers, kManyItems);
  for (const int factors : {7, 8}) {
    Options options = SmallOptions(Sweep::kConjugateGradient, factors);
    options.training.epochs = 15;
    Trainer trainer(ratings, options);
    double last = DenseObjective(trainer.Result(), dense);
    while (!trainer.Finished()) {
      const EpochReport report = trainer.Step();
      const double objective = DenseObjective(trainer.Result(), dense);
      EXPECT_NEAR(report.loss, objective, 2e-6 * objective);
      EXPECT_LE(objective, last * (1.0 + 1e-6)) << "in epoch " << report.epoch;
      last = objective;
    }
    EXPECT_TRUE(test::HasZeroPadding(trainer.Result()));
    options.training.sweep = Sweep::kExact;
    Trainer exact(ratings, options);
    double least = 0.0;
    while (!exact.Finished()) least = exact.Step().loss;
    EXPECT_NEAR(last, least, 0.02 * least) << factors;
  }
}

TEST(ImplicitAls, InTheBasisOfTheGramMatrixRowsWithFewPairsAreSolvedExactly) {
  constexpr Index kRows = 700;
  const auto ratings = test::Frozen(test::FourOfEach(kRows), kRows, kRows);
  Trainer exact(ratings, SmallOptions(Sweep::kExact, 8));
  Trainer gradient(ratings, SmallOptions(Sweep::kConjugateGradient, 8));
  while (!exact.Finished()) {
    const double loss = exact.Step().loss;
    EXPECT_NEAR(gradient.Step().loss, loss, 1e-5 * loss);
  }
}

TEST(ImplicitAls, InTheBasisOfTheGramMatrixATrainingContinuesToTheBit) {
  const auto ratings = test::Frozen(test::RandomWeights(300, 310, 0.04, 1), 300, 310);
  Options options = SmallOptions(Sweep::kConjugateGradient, 8);
  const auto train = [&](int epochs, const std::optional<WarmStart>& start = {}) {
    options.training.epochs = epochs;
    Trainer trainer(ratings, options, {}, start);
    while (!trainer.Finished()) trainer.Step();
    return trainer.Result();
  };
  WarmStart start{
      .model = train(2), .users = std::vector<Index>(300), .items = std::vector<Index>(310), .epochs_done = 2};
  std::iota(start.users.begin(), start.users.end(), 0);
  std::iota(start.items.begin(), start.items.end(), 0);
  EXPECT_TRUE(test::EqualBits(train(3, start), train(5)));
}

TEST(ImplicitAls, AutoTakesTheClosedFormForFewFactorsAndConjugateGradientForMany) {
  const auto ratings = test::Frozen(test::RandomWeights(kUsers, kItems, 0.3, 1), kUsers, kItems);
  const auto first_epoch = [&](Sweep sweep, int factors) {
    Trainer trainer(ratings, SmallOptions(sweep, factors));
    trainer.Step();
    return trainer.Result();
  };
  EXPECT_TRUE(test::EqualBits(first_epoch(Sweep::kAuto, 7), first_epoch(Sweep::kExact, 7)));
  EXPECT_TRUE(test::EqualBits(first_epoch(Sweep::kAuto, 8), first_epoch(Sweep::kConjugateGradient, 8)));
  EXPECT_FALSE(test::EqualBits(first_epoch(Sweep::kAuto, 8), first_epoch(Sweep::kExact, 8)));
}

TEST(ImplicitAls, RatingsBelowZeroAreRefused) {
  RatingColumns columns = test::RandomWeights(kUsers, kItems, 0.3, 1);
  columns.values[5] = -1.0F;
  const auto ratings = test::Frozen(columns, kUsers, kItems);
  test::ExpectInvalid(
      [&] { const Trainer trainer(ratings, SmallOptions(Sweep::kAuto, 4)); },
      "rating must be 0 or more for the solver 'implicit-als', which takes ratings as weights; it is -1");
}

TEST(Sweeps, AreOptionsOfAlternatingLeastSquaresAlone) {
  Options options = DefaultOptions(SolverKind::kSgd);
  options.training.sweep = Sweep::kBlocks;
  test::ExpectInvalid([&] { Validate(options); },
                      "sweep must be 'auto' with the solver 'sgd', which does not read it (read by 'als', "
                      "'implicit-als'); "
                      "it is 'blocks'");
  const OptionRule& rule = *FindOption("sweep");
  test::ExpectInvalid([&] { ChoiceOf(rule, "cholesky"); },
                      "sweep must be 'auto', 'exact', 'conjugate-gradient' or 'blocks'; it is 'cholesky'");
  for (const Sweep sweep : {Sweep::kAuto, Sweep::kExact, Sweep::kConjugateGradient, Sweep::kBlocks}) {
    const auto value = static_cast<double>(sweep);
    EXPECT_EQ(ChoiceOf(rule, rule.choices[static_cast<std::size_t>(value)]), value);
    rule.set(options, value);
    EXPECT_EQ(options.training.sweep, sweep);
  }
}

}  // namespace
}  // namespace matfac
