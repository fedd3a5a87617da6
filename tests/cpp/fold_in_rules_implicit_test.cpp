#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "data/generator.h"
#include "fold_in/fold_in.h"
#include "implicit_data.h"
#include "ranking/recommend.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr int kFactors = 6;

Model RandomModel(SolverKind solver, Index items) {
  Model model;
  model.options = DefaultOptions(solver).model;
  model.options.factors = kFactors;
  if (solver == SolverKind::kImplicitAls) model.options.regularization = 0.007;
  model.options.confidence = 2.0;
  model.user_factors = test::RandomMatrix(3, kFactors, 1.0, 1);
  model.item_factors = test::RandomMatrix(items, kFactors, 1.0, 2);
  if (model.options.biases) {
    const FactorMatrix biases = test::RandomMatrix(items, 1, 0.8, 3);
    for (Index item = 0; item < items; ++item) model.item_bias.push_back(biases(item, 0));
  }
  return model;
}

void ExpectContributionsToSum(const Model& model, const std::vector<Index>& items, const std::vector<float>& values) {
  const Visitors visitors(model);
  const Profile profile = visitors.FoldIn(items, values);
  for (Index item = 0; item < model.ItemCount(); ++item) {
    const std::vector<float> contributions = visitors.Explain(items, values, item);
    ASSERT_EQ(contributions.size(), items.size());
    const double sum = std::accumulate(contributions.begin(), contributions.end(), 0.0);
    EXPECT_NEAR(sum, Score(model, profile, item) - model.ItemBias(item), 1e-4);
  }
}

TEST(ImplicitRule, IsTheDenseClosedForm) {
  Model model = RandomModel(SolverKind::kImplicitAls, 50);
  for (Index item = 0; item < 50; ++item) model.item_weights.push_back(0.5F + 0.1F * static_cast<float>(item % 7));
  const std::vector<Index> items = {31, 4, 17};
  const std::vector<float> values = {1.0F, 0.5F, 3.0F};
  Eigen::VectorXd c = Eigen::VectorXd::Zero(50);
  for (std::size_t j = 0; j < items.size(); ++j) {
    c(items[j]) = model.options.confidence * std::log2(1.0 + values[j]) * model.item_weights[items[j]];
  }
  const Eigen::MatrixXd v = test::Plain(model.item_factors, kFactors);
  const Eigen::VectorXd weights = c.array() + 1.0;
  Eigen::MatrixXd normal = v.transpose() * weights.asDiagonal() * v;
  normal.diagonal().array() += model.options.regularization * weights.sum();
  const Eigen::VectorXd expected = test::Solve(normal, v.transpose() * c);
  const Profile profile = FoldIn(model, items, values);
  EXPECT_LT((test::Plain(profile.factors, kFactors) - expected).cwiseAbs().maxCoeff(), 1e-5);
  EXPECT_EQ(profile.bias, 0.0F);
}

TEST(ImplicitRule, ContributionsSumToTheScore) {
  const Model model = RandomModel(SolverKind::kImplicitAls, 50);
  ExpectContributionsToSum(model, {31, 4, 17}, {1.0F, 0.5F, 3.0F});
  ExpectContributionsToSum(model, {7}, {1.0F});
  EXPECT_TRUE(Explain(model, {}, {}, 3).empty());
}

/// Σ ‖v‖² v / Σ ‖v‖² in double precision.
Eigen::VectorXd WeightedMeanItem(const Model& model) {
  const Eigen::MatrixXd v = test::Plain(model.item_factors, kFactors);
  const Eigen::VectorXd squares = v.rowwise().squaredNorm();
  return v.transpose() * squares / squares.sum();
}

TEST(ImplicitRule, AVisitorWithoutWeightIsTheMeanOfTheItemsWeightedByTheirSquaredLength) {
  const Model model = RandomModel(SolverKind::kImplicitAls, 50);
  const Eigen::VectorXd expected = WeightedMeanItem(model);
  const std::vector<Index> items = {31, 4};
  const std::vector<float> zeros = {0.0F, 0.0F};
  for (const Profile& profile : {FoldIn(model, {}, {}), FoldIn(model, items, zeros)}) {
    EXPECT_LT((test::Plain(profile.factors, kFactors) - expected).cwiseAbs().maxCoeff(), 1e-5);
  }
}

TEST(ImplicitFoldIn, AVisitorWithoutRatingsGetsPopularItems) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("ml100k"), 1);
  const auto ratings = test::Freeze(generated);
  for (const SolverKind solver : {SolverKind::kImplicitAls, SolverKind::kBpr}) {
    for (const bool biases : {false, true}) {
      Options options = DefaultOptions(solver);
      if (biases && !options.model.biases) continue;
      options.model.biases = biases;
      options.model.factors = 16;
      options.training.epochs = 10;
      Trainer trainer(ratings, options);
      while (!trainer.Finished()) trainer.Step();
      const Model& model = trainer.Result();
      // The ten items recommended are among the most often rated tenth.
      std::vector<Offset> counts(ratings->ItemCount());
      for (Index item = 0; item < ratings->ItemCount(); ++item) counts[item] = ratings->ByItem().Count(item);
      std::vector<Offset> sorted = counts;
      std::ranges::sort(sorted, std::greater());
      const Offset least = sorted[sorted.size() / 10];
      for (const Index item : Recommend(model, FoldIn(model, {}, {}), {.n = 10}, {}).indices) {
        EXPECT_GE(counts[item], least) << SolverName(solver) << ", biases " << biases;
      }
    }
  }
}

TEST(ImplicitRule, AWeightOfZeroIsNoRating) {
  const Model model = RandomModel(SolverKind::kImplicitAls, 50);
  const std::vector<Index> items = {31, 4};
  const std::vector<float> values = {1.0F, 0.0F};
  EXPECT_EQ(FoldIn(model, items, values).factors,
            FoldIn(model, std::span(items).first(1), std::span(values).first(1)).factors);
}

TEST(ImplicitFoldIn, RefusesRatingsBelowZero) {
  const std::vector<Index> items = {3, 8};
  const std::vector<float> values = {1.0F, -0.5F};
  for (const SolverKind solver : {SolverKind::kImplicitAls, SolverKind::kBpr, SolverKind::kPopularity}) {
    const Model model = RandomModel(solver, 50);
    const std::string words = "rating must be 0 or more for the solver '" + std::string(SolverName(solver)) +
                              "', which takes ratings as weights; it is -0.5";
    test::ExpectInvalid([&] { FoldIn(model, items, values); }, words);
    test::ExpectInvalid([&] { Explain(model, items, values, 5); }, words);
  }
}

TEST(ImplicitRule, FollowsTheModelItIsMadeFor) {
  Model model = RandomModel(SolverKind::kImplicitAls, 50);
  const std::vector<Index> items = {31, 4};
  const std::vector<float> values = {1.0F, 1.0F};
  const Profile before = FoldIn(model, items, values);
  model.item_factors(20, 0) += 2.0F;
  const Profile after = FoldIn(model, items, values);
  const Model copy = model;
  EXPECT_NE(before.factors, after.factors);
  EXPECT_EQ(FoldIn(copy, items, values).factors, after.factors);
}

/// 4 rated and 8 unrated items: the rule draws a multiple of 32 pairs, so each of the 32 pairs equally often.
class PairwiseRuleOnAllPairs : public testing::Test {
 protected:
  Model model_ = RandomModel(SolverKind::kBpr, 12);
  /// The prior mean.
  Eigen::VectorXd mean_ = Eigen::VectorXd::Zero(kFactors);
  const std::vector<Index> items_ = {9, 2, 3, 7};
  const std::vector<float> values_ = {1.0F, 1.0F, 1.0F, 1.0F};
  const double regularization_ = std::max(4.0 * model_.options.regularization, 0.1);

  /// visit(x, gap) with x = v_i − v_j and gap = b_i − b_j for every pair.
  template <typename Visit>
  void ForEachPair(const Visit& visit) const {
    const Eigen::MatrixXd v = test::Plain(model_.item_factors, kFactors);
    for (const Index rated : items_) {
      for (Index other = 0; other < 12; ++other) {
        if (std::ranges::find(items_, other) != items_.end()) continue;
        visit(Eigen::VectorXd(v.row(rated) - v.row(other)), model_.item_bias[rated] - model_.item_bias[other]);
      }
    }
  }
  double Objective(const Eigen::VectorXd& u) const {
    double sum = 0.0;
    ForEachPair([&](const Eigen::VectorXd& x, double gap) { sum += std::log1p(std::exp(-gap - u.dot(x))) / 8.0; });
    return sum + 0.5 * regularization_ * (u - mean_).squaredNorm();
  }
  Eigen::VectorXd NewtonMinimum() const {
    Eigen::VectorXd u = Eigen::VectorXd::Zero(kFactors);
    for (int step = 0; step < 50; ++step) {
      Eigen::VectorXd gradient = regularization_ * (u - mean_);
      Eigen::MatrixXd hessian = regularization_ * Eigen::MatrixXd::Identity(kFactors, kFactors);
      ForEachPair([&](const Eigen::VectorXd& x, double gap) {
        const double g = 1.0 / (1.0 + std::exp(gap + u.dot(x)));
        gradient -= g / 8.0 * x;
        hessian += g * (1.0 - g) / 8.0 * x * x.transpose();
      });
      u -= test::Solve(hessian, gradient);
    }
    return u;
  }
};

TEST_F(PairwiseRuleOnAllPairs, IsNearTheMinimumOfTheObjective) {
  const Eigen::VectorXd minimum = NewtonMinimum();
  const Eigen::VectorXd found = test::Plain(FoldIn(model_, items_, values_).factors, kFactors);
  const double at_zero = Objective(Eigen::VectorXd::Zero(kFactors));
  EXPECT_GE(Objective(found), Objective(minimum) - 1e-6);
  EXPECT_LT(Objective(found) - Objective(minimum), 0.02 * (at_zero - Objective(minimum)));
}

TEST_F(PairwiseRuleOnAllPairs, FeaturesAreThePriorMean) {
  model_.user_feature_weights = test::RandomMatrix(2, kFactors + 1, 1.0, 4).leftCols(kFactors + 1);
  const std::vector<Index> columns = {0, 1};
  const std::vector<float> numbers = {1.0F, -0.5F};
  const FeaturesRow features{.columns = columns, .values = numbers};
  for (int f = 0; f < kFactors; ++f) {
    mean_(f) = model_.user_feature_weights(0, f) - 0.5 * model_.user_feature_weights(1, f);
  }
  const Visitors visitors(model_);
  const Eigen::VectorXd alone = test::Plain(visitors.FoldIn({}, {}, features).factors, kFactors);
  EXPECT_LT((alone - mean_).cwiseAbs().maxCoeff(), 1e-6);
  const Eigen::VectorXd minimum = NewtonMinimum();
  const Eigen::VectorXd found = test::Plain(visitors.FoldIn(items_, values_, features).factors, kFactors);
  EXPECT_GE(Objective(found), Objective(minimum) - 1e-6);
  EXPECT_LT(Objective(found) - Objective(minimum), 0.02 * (Objective(mean_) - Objective(minimum)));
}

TEST_F(PairwiseRuleOnAllPairs, ContributionsSumToTheScore) {
  ExpectContributionsToSum(model_, items_, values_);
  ExpectContributionsToSum(model_, {5}, {1.0F});
  ExpectContributionsToSum(model_, {}, {});
}

TEST_F(PairwiseRuleOnAllPairs, RatingsAreNotWeighed) {
  const std::vector<float> others = {5.0F, 0.5F, 3.0F, 1.0F};
  EXPECT_EQ(FoldIn(model_, items_, others).factors, FoldIn(model_, items_, values_).factors);
}

TEST(PairwiseRule, VisitorsWithNothingToSetAgainstAreZero) {
  const Model model = RandomModel(SolverKind::kBpr, 3);
  const std::vector<Index> all = {0, 1, 2};
  const std::vector<float> values = {1.0F, 1.0F, 1.0F};
  EXPECT_EQ(FoldIn(model, all, values).factors, std::vector<float>(model.Stride()));
  const Profile nobody = FoldIn(model, {}, {});
  EXPECT_EQ(nobody.factors, std::vector<float>(model.Stride()));
  const Ranking ranking = Recommend(model, nobody, {.n = 3}, {});
  EXPECT_EQ(model.item_bias[ranking.indices[0]], *std::ranges::max_element(model.item_bias));
}

TEST(PairwiseRule, AVisitorWithoutRatingsOfAModelWithoutBiasesIsTheMeanUser) {
  Model model = RandomModel(SolverKind::kBpr, 50);
  model.options.biases = false;
  model.item_bias.clear();
  const Eigen::VectorXd found = test::Plain(FoldIn(model, {}, {}).factors, kFactors);
  const Eigen::VectorXd expected = test::Plain(model.user_factors, kFactors).colwise().mean();
  EXPECT_LT((found - expected).cwiseAbs().maxCoeff(), 1e-6);
  model.user_factors.resize(0, model.Stride());
  EXPECT_EQ(FoldIn(model, {}, {}).factors, std::vector<float>(model.Stride()));
}

TEST(PairwiseRule, ManyRatingsRankAboveTheRest) {
  const Model model = RandomModel(SolverKind::kBpr, 3'000);
  const Eigen::MatrixXd v = test::Plain(model.item_factors, kFactors);
  std::vector<Index> items;
  for (Index item = 0; item < 3'000; ++item) {
    if (v(item, 0) + v(item, 1) > 0.9) items.push_back(item);  // a taste for two factors
  }
  const std::vector<float> values(items.size(), 1.0F);
  const Profile profile = FoldIn(model, items, values);
  const Eigen::VectorXd u = test::Plain(profile.factors, kFactors);
  EXPECT_GT(u(0), 1.0);
  EXPECT_GT(u(1), 1.0);
  for (int f = 2; f < kFactors; ++f) EXPECT_LT(std::abs(u(f)), 0.3 * u(0));
}

}  // namespace
}  // namespace matfac
