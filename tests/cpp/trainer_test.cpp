#include "training/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "ranking/metrics.h"
#include "support.h"

namespace matfac {
namespace {

/// Generated ratings in two parts: training and held-out ratings.
struct Parts {
  test::SharedRatings train;
  ValidationRatings validation;

  explicit Parts(const char* size, double share = 0.1) {
    const GeneratedRatings generated = Generate(GeneratorSizeFromName(size), 1);
    SplitRatings split = Split(generated.columns.View(), share, 1);
    train = test::Freeze(split.train, generated.user_count, generated.item_count);
    validation = {.users = std::move(split.test.users),
                  .items = std::move(split.test.items),
                  .values = std::move(split.test.values)};
  }
  Triplets View() const { return {.users = validation.users, .items = validation.items, .values = validation.values}; }
};

void ExpectSameReport(const EpochReport& a, const EpochReport& b) {
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.epochs, b.epochs);
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.train_rmse, b.train_rmse);
  EXPECT_EQ(a.validation_rmse, b.validation_rmse);
}

class Slices : public testing::TestWithParam<std::tuple<SolverKind, bool>> {};

TEST_P(Slices, GiveTheSameModelBitForBit) {
  const Parts parts("ml100k");
  Options options = DefaultOptions(std::get<0>(GetParam()));
  options.model.preference = false;
  options.model.biases = std::get<1>(GetParam());
  options.model.factors = 60;
  options.training.epochs = 2;
  options.training.learning_rate = 1e-4;
  Trainer whole(parts.train, options, parts.validation);
  Trainer sliced(parts.train, options, parts.validation);
  while (!whole.Finished()) {
    const EpochReport expected = whole.Step();
    const Model before = sliced.Result();
    std::optional<EpochReport> report;
    int slices = 0;
    while (!report) {
      EXPECT_TRUE(test::SameBits(sliced.Result(), before)) << "an epoch under way must not show";
      report = sliced.Advance(0.0);
      ++slices;
    }
    EXPECT_GE(slices, 6) << "too few slices to test slicing";
    ExpectSameReport(*report, expected);
    EXPECT_TRUE(test::SameBits(sliced.Result(), whole.Result()));
    EXPECT_EQ(sliced.EpochsDone(), whole.EpochsDone());
  }
  EXPECT_TRUE(sliced.Finished());
}

INSTANTIATE_TEST_SUITE_P(SolversAndBiases, Slices,
                         testing::Combine(testing::Values(SolverKind::kAls, SolverKind::kSgd,
                                                          SolverKind::kGradientDescent),
                                          testing::Bool()));

TEST(Trainer, ReportsEveryEpoch) {
  const Parts parts("tiny");
  Options options = DefaultOptions(SolverKind::kAls);
  options.training.epochs = 4;
  Trainer trainer(parts.train, options, parts.validation);
  EXPECT_TRUE(test::SameBits(trainer.Result(), InitialModel(*parts.train, trainer.Resolved().model, 1)));
  EXPECT_EQ(trainer.EpochsDone(), 0);
  for (int epoch = 1; epoch <= 4; ++epoch) {
    ASSERT_FALSE(trainer.Finished());
    const EpochReport report = trainer.Step();
    EXPECT_EQ(report.epoch, epoch);
    EXPECT_EQ(report.epochs, 4);
    EXPECT_EQ(trainer.EpochsDone(), epoch);
    EXPECT_GT(report.loss, 0.0);
    EXPECT_GT(report.train_rmse, 0.0);
    EXPECT_DOUBLE_EQ(report.validation_rmse, Evaluate(trainer.Result(), parts.View()).rmse);
    EXPECT_GT(report.seconds, 0.0);
    EXPECT_LT(report.seconds, 60.0);
    EXPECT_DOUBLE_EQ(report.ratings_per_second, static_cast<double>(parts.train->Size()) / report.seconds);
  }
  EXPECT_TRUE(trainer.Finished());
  EXPECT_THROW(trainer.Step(), std::logic_error);
  EXPECT_THROW(trainer.Advance(1.0), std::logic_error);
}

TEST(Trainer, ValidationRmseIsNaNWithoutValidation) {
  Trainer trainer(Parts("tiny").train, DefaultOptions(SolverKind::kSgd));
  EXPECT_TRUE(std::isnan(trainer.Step().validation_rmse));
}

TEST(Trainer, OneSeedOneModelAndAnotherSeedAnother) {
  const Parts parts("tiny");
  for (const SolverKind kind : {SolverKind::kAls, SolverKind::kSgd, SolverKind::kGradientDescent}) {
    const auto train = [&](std::uint64_t seed) {
      Options options = DefaultOptions(kind);
      options.training.seed = seed;
      Trainer trainer(parts.train, options);
      trainer.Step();
      return trainer.Result();
    };
    EXPECT_TRUE(test::SameBits(train(5), train(5)));
    EXPECT_FALSE(test::SameBits(train(5), train(6)));
  }
}

/// Many factors and no regularization: it soon overfits the training ratings.
Options OverfittingOptions() {
  Options options = DefaultOptions(SolverKind::kSgd);
  options.model.factors = 16;
  options.training.epochs = 500;
  options.training.learning_rate = 0.01;
  return options;
}

TEST(Trainer, PatienceKeepsTheBestEpoch) {
  const Parts parts("tiny", 0.3);
  Options options = OverfittingOptions();
  options.training.patience = 4;
  Trainer trainer(parts.train, options, parts.validation);
  double best = std::numeric_limits<double>::infinity();
  int best_epoch = 0;
  while (!trainer.Finished()) {
    const EpochReport report = trainer.Step();
    if (report.validation_rmse < best) {
      best = report.validation_rmse;
      best_epoch = report.epoch;
    }
    EXPECT_DOUBLE_EQ(Evaluate(trainer.Result(), parts.View()).rmse, best) << "in epoch " << report.epoch;
  }
  EXPECT_GT(best_epoch, 1);
  EXPECT_EQ(trainer.EpochsDone(), best_epoch + 4);
  EXPECT_LT(trainer.EpochsDone(), options.training.epochs);
  EXPECT_THROW(trainer.Step(), std::logic_error);

  Options until_best = OverfittingOptions();
  until_best.training.epochs = best_epoch;
  Trainer short_one(parts.train, until_best);
  while (!short_one.Finished()) short_one.Step();
  EXPECT_TRUE(test::SameBits(trainer.Result(), short_one.Result()));
}

TEST(Trainer, WithoutPatienceTheLastEpochStays) {
  const Parts parts("tiny", 0.3);
  Options options = OverfittingOptions();
  options.training.epochs = 60;
  Trainer trainer(parts.train, options, parts.validation);
  std::vector<double> rmse;
  while (!trainer.Finished()) rmse.push_back(trainer.Step().validation_rmse);
  ASSERT_EQ(rmse.size(), 60U);
  EXPECT_GT(rmse.back(), std::ranges::min(rmse)) << "this is no overfitting: the test shows nothing";
  EXPECT_DOUBLE_EQ(Evaluate(trainer.Result(), parts.View()).rmse, rmse.back());
}

TEST(Trainer, ValidatesOnUnknownUsersAndItems) {
  const RatingColumns columns{.users = {0, 0, 1}, .items = {0, 1, 1}, .values = {1.0F, 2.0F, 6.0F}};  // mean 3
  const ValidationRatings validation{
      .users = {kUnknown, kUnknown}, .items = {kUnknown, kUnknown}, .values = {4.0F, 1.0F}};
  Trainer trainer(test::Freeze(columns, 2, 2), DefaultOptions(SolverKind::kAls), validation);
  EXPECT_DOUBLE_EQ(trainer.Step().validation_rmse, std::sqrt(2.5));  // √((1² + 2²) / 2)
}

TEST(TrainerErrors, Options) {
  const Parts parts("tiny");
  Options options = DefaultOptions(SolverKind::kAls);
  options.model.factors = 0;
  test::ExpectError<std::invalid_argument>([&] { Trainer(parts.train, options); },
                                           {"factors must be a whole number from 1 to 1024; it is 0"});
  options = DefaultOptions(SolverKind::kAls);
  options.training.patience = 3;
  test::ExpectError<std::invalid_argument>([&] { Trainer(parts.train, options); },
                                           {"patience must be 0 without validation ratings; it is 3"});
}

TEST(TrainerErrors, ValidationRatingsOutOfRange) {
  const Parts parts("tiny");
  const Options options = DefaultOptions(SolverKind::kAls);
  const auto make = [&](ValidationRatings validation) { return Trainer(parts.train, options, std::move(validation)); };
  test::ExpectError<std::invalid_argument>([&] { make({.users = {100}, .items = {0}, .values = {1.0F}}); },
                                           {"user 100", "0 to 99"});
  test::ExpectError<std::invalid_argument>([&] { make({.users = {0}, .items = {-2}, .values = {1.0F}}); },
                                           {"item -2", "0 to 119"});
  test::ExpectError<std::invalid_argument>([&] { make({.users = {0, 1}, .items = {0}, .values = {1.0F}}); },
                                           {"must have the same length; they have 2, 1 and 1"});
  test::ExpectError<std::invalid_argument>([&] { make({.users = {0}, .items = {0}, .values = {std::nanf("")}}); },
                                           {"validation rating 0 must be a finite number; it is NaN"});
}

}  // namespace
}  // namespace matfac
