#include "fold_in/non_negative_rule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "fold_in/fold_in.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

/// Non-negative ridge regression in double precision, by trying every set of factors above zero.
Eigen::VectorXd BestOfAllSets(const Eigen::MatrixXd& rows, const Eigen::VectorXd& targets, double lambda) {
  const auto factors = static_cast<int>(rows.cols());
  Eigen::VectorXd best = Eigen::VectorXd::Zero(factors);
  double least = targets.squaredNorm();
  for (int set = 1; set < 1 << factors; ++set) {
    std::vector<int> active;
    for (int f = 0; f < factors; ++f) {
      if ((set >> f & 1) != 0) active.push_back(f);
    }
    const Eigen::MatrixXd part = rows(Eigen::all, active);
    Eigen::MatrixXd normal = part.transpose() * part;
    normal.diagonal().array() += lambda;
    const Eigen::VectorXd solution = test::Solve(normal, part.transpose() * targets);
    if (solution.minCoeff() < 0.0) continue;
    const double loss = (targets - part * solution).squaredNorm() + lambda * solution.squaredNorm();
    if (loss >= least) continue;
    least = loss;
    best.setZero();
    best(active) = solution;
  }
  return best;
}

class NonNegativeFoldIn : public testing::TestWithParam<double> {
 protected:
  const test::SharedRatings ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options = DefaultOptions(SolverKind::kNmf);
  Model model;

  NonNegativeFoldIn() {
    options.model.factors = 7;
    options.model.regularization = GetParam();
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) trainer.Step();
    model = trainer.Result();
  }

  /// `count` ratings of different items.
  void Draw(unsigned seed, std::size_t count, std::vector<Index>& items, std::vector<float>& values) const {
    std::mt19937 engine(seed);
    items.resize(model.ItemCount());
    std::iota(items.begin(), items.end(), 0);
    for (std::size_t j = 0; j < count; ++j) std::swap(items[j], items[j + engine() % (items.size() - j)]);
    items.resize(count);
    values.clear();
    for (std::size_t j = 0; j < count; ++j) values.push_back(0.5F * static_cast<float>(engine() % 11));
  }
};

TEST_P(NonNegativeFoldIn, IsTheBestOfAllSetsOfFactors) {
  std::vector<Index> items;
  std::vector<float> values;
  int zeros = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    Draw(seed, 1 + seed % 13, items, values);
    Eigen::MatrixXd rows(items.size(), options.model.factors);
    Eigen::VectorXd targets(items.size());
    for (std::size_t j = 0; j < items.size(); ++j) {
      rows.row(j) = model.item_factors.row(items[j]).head(options.model.factors).cast<double>();
      targets(j) = values[j];
    }
    const double lambda = model.scale * std::max(0.1, GetParam() * static_cast<double>(items.size()));
    const Eigen::VectorXd best = BestOfAllSets(rows, targets, lambda);
    const Profile profile = FoldIn(model, items, values);
    ASSERT_EQ(profile.factors.size(), static_cast<std::size_t>(model.Stride()));
    for (int f = 0; f < options.model.factors; ++f) {
      ASSERT_GE(profile.factors[f], 0.0F);
      EXPECT_NEAR(profile.factors[f], best(f), 2e-3) << "factor " << f << ", seed " << seed;
      zeros += profile.factors[f] == 0.0F ? 1 : 0;
    }
    EXPECT_EQ(profile.factors.back(), 0.0F);
    EXPECT_EQ(profile.bias, 0.0F);
  }
  EXPECT_GT(zeros, 10) << "the bound must matter for this to show anything";
}

TEST_P(NonNegativeFoldIn, ContributionsSumToTheScore) {
  std::vector<Index> items;
  std::vector<float> values;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Draw(seed, 1 + seed, items, values);
    const Profile profile = FoldIn(model, items, values);
    for (Index item = 0; item < model.ItemCount(); item += 17) {
      const std::vector<float> parts = Explain(model, items, values, item);
      ASSERT_EQ(parts.size(), items.size());
      EXPECT_NEAR(std::accumulate(parts.begin(), parts.end(), 0.0), Score(model, profile, item), 1e-4);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Regularization, NonNegativeFoldIn, testing::Values(0.0, 0.05, 0.3));

TEST(NonNegativeRule, OwnRatingsGiveAboutTheStoredRow) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Options options = DefaultOptions(SolverKind::kNmf);
  options.model.preference = false;
  options.training.epochs = 300;
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  const Model& model = trainer.Result();
  for (Index user = 0; user < ratings->UserCount(); user += 7) {
    const RatingsRow row = ratings->ByUser().Row(user);
    if (row.others.size() < 2) continue;
    const Profile profile = FoldIn(model, row.others, row.values);
    for (const Index item : row.others) EXPECT_NEAR(Score(model, profile, item), model.Score(user, item), 0.02);
  }
}

TEST(NonNegativeRule, NoRatingsGiveZeroAndNegativeOnesAnError) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Trainer trainer(ratings, DefaultOptions(SolverKind::kNmf));
  trainer.Step();
  const Profile profile = FoldIn(trainer.Result(), {}, {});
  EXPECT_TRUE(std::ranges::all_of(profile.factors, [](float value) { return value == 0.0F; }));
  EXPECT_TRUE(Explain(trainer.Result(), {}, {}, 3).empty());
  const std::vector<Index> items = {1, 2};
  const std::vector<float> values = {3.0F, -2.0F};
  test::ExpectError<std::invalid_argument>([&] { FoldIn(trainer.Result(), items, values); }, {"-2", "nmf"});
}

}  // namespace
}  // namespace matfac
