#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "solvers/nmf.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

using test::PlainModel;

constexpr Index kUsers = 14;
constexpr Index kItems = 19;

Options NmfOptions(int factors, double lambda) {
  Options options = DefaultOptions(SolverKind::kNmf);
  options.model.preference = false;
  options.model.factors = factors;
  options.model.regularization = lambda;
  return options;
}

/// ½ Σ (r − u·v)² + ½ λ Σ over the pairs of ‖u‖² + ‖v‖²
double Objective(const PlainModel& model, const Ratings& ratings, double lambda) {
  double sum = 0.0;
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    const RatingsRow row = ratings.ByUser().Row(user);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      sum += std::pow(row.values[j] - model.users.row(user).dot(model.items.row(row.others[j])), 2) +
             lambda * (model.users.row(user).squaredNorm() + model.items.row(row.others[j]).squaredNorm());
    }
  }
  return 0.5 * sum;
}

bool IsNonNegative(const Model& model) {
  return model.user_factors.minCoeff() >= 0.0F && model.item_factors.minCoeff() >= 0.0F;
}

/// The largest distance of `factors` from a minimum with the others fixed, in double precision: the slope of a factor
/// above zero, and the part of the slope that leads upwards for a factor at zero.
double LargestViolation(const RatingsSide& side, const Eigen::MatrixXd& factors, const Eigen::MatrixXd& others,
                        double lambda) {
  double largest = 0.0;
  for (Index n = 0; n < side.RowCount(); ++n) {
    const RatingsRow row = side.Row(n);
    Eigen::RowVectorXd slope = -lambda * static_cast<double>(row.others.size()) * factors.row(n);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      slope += (row.values[j] - factors.row(n).dot(others.row(row.others[j]))) * others.row(row.others[j]);
    }
    for (Eigen::Index f = 0; f < slope.size(); ++f) {
      largest = std::max(largest, factors(n, f) > 0.0 ? std::abs(slope(f)) : slope(f));
    }
  }
  return largest;
}

class NmfOfRegularization : public testing::TestWithParam<double> {};

TEST_P(NmfOfRegularization, ObjectiveNeverRisesAndNoEntryFallsBelowZero) {
  const double lambda = GetParam();
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, seed), kUsers, kItems);
    Options options = NmfOptions(1 + static_cast<int>(seed), lambda);
    options.training.epochs = 40;
    options.training.seed = seed;
    Trainer trainer(ratings, options);
    ASSERT_TRUE(IsNonNegative(trainer.Result()));
    double last = Objective(PlainModel(trainer.Result()), *ratings, lambda * ratings->Deviation());
    const double first = last;
    while (!trainer.Finished()) {
      const EpochReport report = trainer.Step();
      const double next = Objective(PlainModel(trainer.Result()), *ratings, lambda * ratings->Deviation());
      EXPECT_NEAR(report.loss, next, 1e-5 * next + 1e-9);
      ASSERT_LE(next, last * (1.0 + 1e-6)) << "in epoch " << report.epoch << ", seed " << seed;
      ASSERT_TRUE(IsNonNegative(trainer.Result()));
      last = next;
    }
    EXPECT_LT(last, 0.7 * first);
    EXPECT_TRUE(test::PaddingIsZero(trainer.Result()));
  }
}

TEST_P(NmfOfRegularization, EndsWhereNoFactorCanImprove) {
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.6, 7), kUsers, kItems);
  const double lambda = GetParam() * ratings->Deviation();
  Options options = NmfOptions(4, GetParam());
  options.training.epochs = 4000;
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  const PlainModel model(trainer.Result());
  EXPECT_LT(LargestViolation(ratings->ByUser(), model.users, model.items, lambda), 2e-3);
  EXPECT_LT(LargestViolation(ratings->ByItem(), model.items, model.users, lambda), 2e-3);
  const auto zeros = [](const Eigen::MatrixXd& factors) { return (factors.array() == 0.0).count(); };
  EXPECT_GT(zeros(model.users) + zeros(model.items), 10) << "the bound must matter for this to show anything";
}

INSTANTIATE_TEST_SUITE_P(Some, NmfOfRegularization, testing::Values(0.01, 0.12, 0.3));

// With one factor an epoch is v ← Σ u r / Σ u² + λ n, then the same for u.
TEST(Nmf, OneFactorIsTheClosedForm) {
  constexpr double kLambda = 0.2;
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 3), kUsers, kItems);
  const Options options = NmfOptions(1, kLambda);
  Workers workers(1);
  Nmf solver(*ratings, options, workers);
  Model model = InitialModel(*ratings, options.model, 1);
  PlainModel expected(model);
  const auto solve = [&](const RatingsSide& side, Eigen::MatrixXd& factors, const Eigen::MatrixXd& others) {
    for (Index n = 0; n < side.RowCount(); ++n) {
      const RatingsRow row = side.Row(n);
      double above = 0.0;
      double below = ratings->Deviation() * kLambda * static_cast<double>(std::max<std::size_t>(row.others.size(), 1));
      for (std::size_t j = 0; j < row.others.size(); ++j) {
        above += row.values[j] * others(row.others[j], 0);
        below += others(row.others[j], 0) * others(row.others[j], 0);
      }
      factors(n, 0) = above / below;
    }
  };
  for (int epoch = 1; epoch <= 3; ++epoch) {
    solve(ratings->ByItem(), expected.items, expected.users);
    solve(ratings->ByUser(), expected.users, expected.items);
    test::WorkWhole(solver, epoch, model);
    EXPECT_LT(test::LargestDifference(PlainModel(model), expected), 1e-5) << epoch;
  }
  EXPECT_EQ(model.user_factors(kUsers - 1, 0), 0.0F) << "without ratings only the penalty is left";
}

TEST(Nmf, StartsNearTheMeanRating) {
  RatingColumns columns = test::RandomColumns(150, 200, 0.3, 9);
  for (float& value : columns.values) value *= 20.0F;  // 10 to 100
  const auto ratings = test::Freeze(columns, 150, 200);
  Options options = NmfOptions(8, 0.1);
  options.model.initial_scale = 1.0;
  const PlainModel model(InitialModel(*ratings, options.model, 1));
  EXPECT_NEAR((model.users * model.items.transpose()).mean(), ratings->Mean(), 0.1 * ratings->Mean());
}

TEST(Nmf, RatingsOfZeroAreAllowedAndNegativeOnesAreNot) {
  const Options options = NmfOptions(2, 0.1);
  const auto train = [&](const std::vector<float>& values) {
    Trainer trainer(test::Freeze({.users = {0, 0, 1}, .items = {0, 1, 1}, .values = values}, 2, 2), options);
    while (!trainer.Finished()) trainer.Step();
    return trainer.Result();
  };
  EXPECT_TRUE(test::IsFinite(train({0.0F, 1.0F, 2.0F})));
  EXPECT_TRUE(test::IsFinite(train({0.0F, 0.0F, 0.0F})));
  test::ExpectError<std::invalid_argument>([&] { train({1.0F, -0.5F, 2.0F}); }, {"-0.5", "nmf", "0 or more"});
}

TEST(Nmf, WithoutRegularizationDeadFactorsStayFinite) {
  const auto ratings = test::Freeze({.users = {0, 1}, .items = {0, 1}, .values = {3.0F, 0.0F}}, 3, 3);
  Options options = NmfOptions(6, 0.0);
  options.training.epochs = 50;
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  EXPECT_TRUE(test::IsFinite(trainer.Result()));
  EXPECT_NEAR(trainer.Result().Score(0, 0), 3.0, 1e-4);
  EXPECT_NEAR(trainer.Result().Score(1, 1), 0.0, 1e-4);
}

TEST(Nmf, SlicesAndThreadsDoNotChangeTheModel) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  const auto train = [&](double seconds, int threads, int& slices) {
    Options options = NmfOptions(62, 0.1);
    options.training.epochs = 3;
    options.training.threads = threads;
    Trainer trainer(ratings, options);
    for (slices = 0; !trainer.Finished(); ++slices) trainer.Advance(seconds);
    return trainer.Result();
  };
  int slices = 0;
  const Model whole = train(test::kEndless, 1, slices);
  EXPECT_EQ(slices, 3);
  EXPECT_TRUE(test::SameBits(whole, train(test::kEndless, 3, slices)));
  EXPECT_TRUE(test::SameBits(whole, train(0.0, 2, slices)));
  EXPECT_GT(slices, 6);
}

}  // namespace
}  // namespace matfac
