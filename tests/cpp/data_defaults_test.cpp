#include "training/data_defaults.h"

#include <gtest/gtest.h>

#include <cmath>

#include "implicit_data.h"
#include "model/option_table.h"
#include "rows/implicit_ridge.h"
#include "training/trainer.h"

namespace matfac {
namespace {

/// `users` × `items` with ratings at every pair whose indices add up to a multiple of `step`.
std::shared_ptr<const Ratings> Lattice(Index users, Index items, Index step, float rating) {
  RatingColumns columns;
  for (Index user = 0; user < users; ++user) {
    for (Index item = (step - user % step) % step; item < items; item += step) {
      columns.users.push_back(user);
      columns.items.push_back(item);
      columns.values.push_back(rating);
    }
  }
  // One user and one item more, without ratings.
  return test::Frozen(columns, users + 1, items + 1);
}

Options ImplicitOptions(Weights weights = Weights::kLog) {
  Options options = DefaultOptions(SolverKind::kImplicitAls);
  options.model.weights = weights;
  options.training.epochs = 3;
  return options;
}

Model Trained(const std::shared_ptr<const Ratings>& ratings, const Options& options) {
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

TEST(WeightOf, IsTheFormula) {
  for (const float rating : {0.0F, 0.25F, 1.0F, 3.0F, 5.0F, 1023.0F, 352'698.0F}) {
    EXPECT_EQ(WeightOf(Weights::kRaw, rating), rating);
    EXPECT_FLOAT_EQ(WeightOf(Weights::kLog, rating), std::log2(1.0F + rating));
    EXPECT_EQ(WeightOf(Weights::kNone, rating), 1.0F);
  }
  EXPECT_EQ(WeightOf(Weights::kLog, 1.0F), 1.0F) << "to the bit";
}

TEST(DefaultConfidence, FollowsTheObservedShareOfTheRowsThatHaveRatings) {
  const auto quarter = Lattice(8, 12, 4, 1.0F);
  EXPECT_NEAR(DefaultConfidence(*quarter, Weights::kLog), 0.7 / std::sqrt(0.25), 1e-12);
  const auto all = Lattice(8, 12, 1, 1.0F);
  EXPECT_NEAR(DefaultConfidence(*all, Weights::kLog), 0.7, 1e-12);
}

TEST(DefaultConfidence, KeepsTheTotalWeightOfTheObservedPairs) {
  const RatingColumns columns = test::RandomWeights(20, 30, 0.3, 5);
  const auto ratings = test::Frozen(columns, 20, 30);
  for (const Weights weights : {Weights::kRaw, Weights::kLog, Weights::kNone}) {
    double total = 0.0;
    double observed = 0.0;
    for (const float value : columns.values) {
      total += WeightOf(weights, value);
      observed += WeightOf(weights, value) > 0.0F ? 1.0 : 0.0;
    }
    const double share = observed / (19.0 * 29.0);
    EXPECT_NEAR(total * DefaultConfidence(*ratings, weights), observed * 0.7 / std::sqrt(share), 1e-9);
  }
}

TEST(DefaultConfidence, OfZerosAloneIsOne) {
  EXPECT_EQ(DefaultConfidence(*Lattice(4, 4, 2, 0.0F), Weights::kLog), 1.0);
}

TEST(DefaultFactors, GrowWithTheSmallerSideThatHasRatings) {
  EXPECT_EQ(DefaultFactors(*Lattice(8, 12, 4, 1.0F)), 64);
  EXPECT_EQ(DefaultFactors(*Lattice(4'096, 5'000, 500, 1.0F)), 96) << "6 × 16";
  EXPECT_EQ(DefaultFactors(*Lattice(200'000, 100'000, 50'000, 1.0F)), 256) << "6 × 46.4, above the most";
}

TEST(DefaultRegularization, FallsWithTheSmallerSideThatHasRatings) {
  EXPECT_NEAR(DefaultRegularization(*Lattice(8, 12, 4, 1.0F)), 0.075 / 2.0, 1e-12);
  EXPECT_NEAR(DefaultRegularization(*Lattice(1'500, 1'000, 500, 1.0F)), 0.0075, 1e-12);
}

TEST(DataDefaults, AreInTheOptionsOfTheTrainingAndOfTheModel) {
  const auto ratings = Lattice(8, 12, 4, 1.0F);
  for (const SolverKind solver : {SolverKind::kImplicitAls, SolverKind::kBpr}) {
    const Options open = DefaultOptions(solver);
    EXPECT_FALSE(FindOption("factors")->get(open));
    Trainer trainer(ratings, open);
    const ModelOptions& options = trainer.Result().options;
    EXPECT_EQ(options.factors, DefaultFactors(*ratings));
    EXPECT_EQ(trainer.Resolved().model.factors, options.factors);
    EXPECT_EQ(trainer.Result().Stride(), StrideOf(options.factors));
    const bool isBpr = solver == SolverKind::kBpr;
    EXPECT_EQ(options.confidence, isBpr ? 0.0 : DefaultConfidence(*ratings, Weights::kLog));
    EXPECT_EQ(options.regularization, isBpr ? open.model.regularization : DefaultRegularization(*ratings));
  }
}

TEST(DataDefaults, LeaveWhatIsGiven) {
  Options options = ImplicitOptions();
  options.model.factors = 3;
  options.model.confidence = 40.0;
  options.model.regularization = 0.5;
  const Trainer trainer(Lattice(8, 12, 4, 1.0F), options);
  EXPECT_EQ(trainer.Result().options.regularization, 0.5);
  EXPECT_EQ(trainer.Result().options.factors, 3);
  EXPECT_EQ(trainer.Result().options.confidence, 40.0);
}

TEST(DataDefaults, OfAWarmStartAreThoseOfItsModel) {
  const auto ratings = Lattice(8, 12, 4, 1.0F);
  Options options = ImplicitOptions();
  options.model.factors = 5;
  options.model.confidence = 9.0;
  options.model.regularization = 0.25;
  const WarmStart start{.model = Trained(ratings, options),
                        .users = {0, 1, 2, 3, 4, 5, 6, 7, 8},
                        .items = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
                        .epochs_done = 3};
  const Trainer trainer(ratings, ImplicitOptions(), {}, start);
  EXPECT_EQ(trainer.Result().options.factors, 5);
  EXPECT_EQ(trainer.Result().options.confidence, 9.0);
  EXPECT_EQ(trainer.Result().options.regularization, 0.25);
}

TEST(Weights, AreTheSameForPairsWithoutRatings) {
  const auto ratings = Lattice(20, 30, 3, 1.0F);
  const Model log = Trained(ratings, ImplicitOptions());
  EXPECT_TRUE(test::EqualBits(log, Trained(ratings, ImplicitOptions(Weights::kRaw))));
  EXPECT_TRUE(test::EqualBits(log, Trained(ratings, ImplicitOptions(Weights::kNone))));
  const auto rated = test::Frozen(test::RandomWeights(20, 30, 0.3, 5), 20, 30);
  EXPECT_FALSE(test::EqualBits(Trained(rated, ImplicitOptions()), Trained(rated, ImplicitOptions(Weights::kRaw))));
}

TEST(Weights, OfOneRatingForAllPairsDoNotMatter) {
  const Model expected = Trained(Lattice(20, 30, 3, 1.0F), ImplicitOptions());
  for (const Weights weights : {Weights::kRaw, Weights::kLog, Weights::kNone}) {
    const Model model = Trained(Lattice(20, 30, 3, 50.0F), ImplicitOptions(weights));
    EXPECT_LT((model.item_factors - expected.item_factors).cwiseAbs().maxCoeff(), 1e-4F);
  }
}

TEST(SetOption, RefusesTheNumberThatStandsForTheData) {
  Options options = DefaultOptions(SolverKind::kImplicitAls);
  test::ExpectInvalid([&] { SetOption(*FindOption("factors"), 0.0, options); },
                      "factors must be a whole number from 1 to 1024; it is 0");
  test::ExpectInvalid([&] { SetOption(*FindOption("confidence"), 0.0, options); },
                      "confidence must be a finite number above 0; it is 0");
  test::ExpectInvalid([&] { SetOption(*FindOption("regularization"), 0.0, options); },
                      "regularization must be a finite number above 0; it is 0");
  SetOption(*FindOption("confidence"), 2.0, options);
  EXPECT_EQ(options.model.confidence, 2.0);
  options.model.solver = SolverKind::kAls;  // whose model files have a confidence of 0, which nothing reads
  EXPECT_NO_THROW(SetOption(*FindOption("confidence"), 0.0, options));
}

TEST(ImplicitFeedback, RefusesNegativeRatings) {
  RatingColumns columns = test::RandomWeights(8, 8, 0.5, 1);
  columns.values[3] = -2.0F;
  const auto ratings = test::Frozen(columns, 8, 8);
  for (const SolverKind solver : {SolverKind::kImplicitAls, SolverKind::kBpr, SolverKind::kPopularity}) {
    const std::string name(SolverName(solver));
    test::ExpectInvalid(
        [&] { const Trainer trainer(ratings, DefaultOptions(solver)); },
        "rating must be 0 or more for the solver '" + name + "', which takes ratings as weights; it is -2");
  }
}

}  // namespace
}  // namespace matfac
