#include "training/objective.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "support.h"

namespace matfac {
namespace {

using test::PlainModel;

constexpr Index kUsers = 11;
constexpr Index kItems = 17;
constexpr double kLambda = 0.7;

double Weight(SolverKind solver, double count) {
  const double weight = std::max(count, 1.0);
  if (solver == SolverKind::kGradientDescent) return kLambda;
  return solver == SolverKind::kSgd ? kLambda * weight : kLambda * std::sqrt(weight);
}

class Objective : public testing::TestWithParam<std::tuple<SolverKind, bool>> {
 protected:
  const SolverKind kind = std::get<0>(GetParam());
  const RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.4, 1);
  const test::SharedRatings ratings = test::Freeze(columns, kUsers, kItems);
  Options options = DefaultOptions(kind);
  Workers workers{1};

  Objective() {
    options.model.factors = 6;
    options.model.initial_scale = 2.0;
    options.model.regularization = kLambda;
    options.model.biases = std::get<1>(GetParam());
  }

  double PlainPenalty(const PlainModel& model) const {
    // The options of als count on standardized ratings.
    const double scale = kind == SolverKind::kAls ? ratings->Deviation() : 1.0;
    double sum = 0.0;
    for (Index user = 0; user < kUsers; ++user) {
      const auto count = static_cast<double>(std::ranges::count(columns.users, user));
      sum += Weight(kind, count) * (scale * model.users.row(user).squaredNorm() + std::pow(model.user_bias(user), 2));
    }
    for (Index item = 0; item < kItems; ++item) {
      const auto count = static_cast<double>(std::ranges::count(columns.items, item));
      sum += Weight(kind, count) * (scale * model.items.row(item).squaredNorm() + std::pow(model.item_bias(item), 2));
    }
    return 0.5 * sum;
  }
};

TEST_P(Objective, LossAndRmseAreThePlainFormulas) {
  const Model model = test::StartModel(*ratings, options);
  const PlainModel plain(model);
  double squares = 0.0;
  int clipped = 0;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const double score = plain.Score(columns.users[i], columns.items[i]);
    const double prediction = std::min(std::max(score, 0.5), 5.0);
    clipped += prediction == score ? 0 : 1;
    squares += std::pow(columns.values[i] - prediction, 2);
  }
  ASSERT_GT(clipped, 0) << "some predictions must be clipped for this to test the clipping";
  const double loss = plain.SquaredLoss(columns) + PlainPenalty(plain);
  const double rmse = std::sqrt(squares / static_cast<double>(columns.values.size()));

  const SideFeatures none;
  ObjectivePass pass(*ratings, none, options.model, workers);
  for (int round = 0; round < 2; ++round) {  // the second from Restart
    Budget endless(test::kEndless);
    ASSERT_TRUE(pass.Work(model, endless));
    EXPECT_NEAR(pass.Loss(), loss, 1e-6 * loss);
    EXPECT_NEAR(pass.Rmse(), rmse, 1e-6 * rmse);
    EXPECT_NEAR(pass.Penalty(), PlainPenalty(plain), 1e-6 * loss);
    pass.Restart();
  }
}

TEST_P(Objective, PenaltyIsZeroWithoutRegularization) {
  options.model.regularization = 0.0;
  const SideFeatures none;
  ObjectivePass pass(*ratings, none, options.model, workers);
  Budget endless(test::kEndless);
  ASSERT_TRUE(pass.Work(test::StartModel(*ratings, options), endless));
  EXPECT_EQ(pass.Penalty(), 0.0);
}

INSTANTIATE_TEST_SUITE_P(SolversAndBiases, Objective,
                         testing::Combine(testing::Values(SolverKind::kAls, SolverKind::kSgd,
                                                          SolverKind::kGradientDescent),
                                          testing::Bool()));

TEST(ObjectiveSlices, AndThreadsGiveTheSameNumbers) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("ml100k"), 1));
  Options options = DefaultOptions(SolverKind::kSvdpp);
  options.model.factors = 512;  // so many that three threads take several slices
  const Model model = test::StartModel(*ratings, options);
  const SideFeatures none;
  Workers one(1);
  ObjectivePass whole(*ratings, none, options.model, one);
  Budget endless(test::kEndless);
  ASSERT_TRUE(whole.Work(model, endless));
  for (const int threads : {1, 2, 3}) {
    Workers workers(threads);
    ObjectivePass sliced(*ratings, none, options.model, workers);
    int slices = 1;
    while (true) {
      Budget nothing(0.0);
      if (sliced.Work(model, nothing)) break;
      ++slices;
    }
    EXPECT_GE(slices, 4);
    EXPECT_EQ(sliced.Loss(), whole.Loss());
    EXPECT_EQ(sliced.Penalty(), whole.Penalty());
    EXPECT_EQ(sliced.Rmse(), whole.Rmse());
  }
}

}  // namespace
}  // namespace matfac
