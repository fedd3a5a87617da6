#include "solvers/preference_layer.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "fold_in/fold_in.h"
#include "implicit_data.h"
#include "model/preference_terms.h"
#include "model/solver_traits.h"
#include "ranking/ranked_model.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr Index kUsers = 40;
constexpr Index kItems = 30;
constexpr int kFactors = 5;

Options LayerOptions(SolverKind solver) {
  Options options = DefaultOptions(solver);
  options.model.preference = true;
  options.model.preference_factors = kFactors;
  if (TraitsOf(solver).has_factors) options.model.factors = 4;
  options.training.epochs = 4;
  return options;
}

Model Trained(const test::SharedRatings& ratings, const Options& options, const std::optional<WarmStart>& start = {}) {
  Trainer trainer(ratings, options, {}, start);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

/// One side of implicit ALS on which pairs were rated: a row of the other side for each, and the row's ridge.
Eigen::MatrixXd HalfStep(const Eigen::MatrixXd& rated, const Eigen::MatrixXd& others, double confidence) {
  Eigen::MatrixXd rows = Eigen::MatrixXd::Zero(rated.rows(), others.cols());
  for (Index n = 0; n < rated.rows(); ++n) {
    const Eigen::VectorXd c = confidence * rated.row(n).transpose();
    if (c.isZero()) continue;
    Eigen::MatrixXd a = others.transpose() * others + others.transpose() * c.asDiagonal() * others;
    a.diagonal().array() += 0.008 * (static_cast<double>(others.rows()) + c.sum());
    rows.row(n) = test::Solve(a, others.transpose() * c).transpose();
  }
  return rows;
}

class Layer : public testing::Test {
 protected:
  void RunEpoch() {
    Budget endless(test::kEndless);
    ASSERT_TRUE(layer_.Work(++epoch_, model_, endless));
    layer_.Give(model_);
  }

  const RatingColumns columns_ = test::RandomColumns(kUsers, kItems, 0.3, 7);
  const test::SharedRatings ratings_ = test::Freeze(columns_, kUsers, kItems);
  const Options options_ = LayerOptions(SolverKind::kAls);
  Workers workers_{1};
  const SideFeatures none_;
  PreferenceLayer layer_{*ratings_, options_, workers_, none_};
  Model model_ = InitialModel(*ratings_, options_.model, 1);
  int epoch_ = 0;
};

TEST_F(Layer, EpochsAreHalfStepsOfTheDenseNormalEquations) {
  Eigen::MatrixXd rated = (test::Dense(columns_, kUsers, kItems).array() > 0.0).cast<double>();
  const double confidence = 0.5 / std::sqrt(rated.mean());
  // The users without ratings get the mean of the others.
  const auto solve_users = [&](const Eigen::MatrixXd& items) {
    Eigen::MatrixXd users = HalfStep(rated, items, confidence);
    users.row(kUsers - 1) = users.topRows(kUsers - 1).colwise().mean();
    return users;
  };
  Eigen::MatrixXd items = test::Plain(model_.taken_items, kFactors);
  Eigen::MatrixXd users = solve_users(items);
  for (int epoch = 1; epoch <= 3; ++epoch) {
    RunEpoch();
    items = HalfStep(rated.transpose(), users, confidence);
    users = solve_users(items);
    EXPECT_LT((test::Plain(layer_.TakenItems(), kFactors) - items).cwiseAbs().maxCoeff(), 1e-4) << epoch;
    EXPECT_LT((test::Plain(layer_.TakenUsers(), kFactors) - users).cwiseAbs().maxCoeff(), 1e-4) << epoch;
    const auto terms = PreferenceTerms::Of(model_);
    EXPECT_NEAR(terms.confidence, confidence, 1e-5);
    for (int f = 0; f < kFactors; ++f) EXPECT_NEAR(terms.population[f], users(kUsers - 1, f), 1e-4);
  }
}

TEST_F(Layer, AUserWithoutRatingsIsThePopulation) {
  RunEpoch();
  RunEpoch();
  const auto terms = PreferenceTerms::Of(model_);
  for (int f = 0; f < StrideOf(kFactors); ++f) {
    EXPECT_EQ(model_.liked_users(kUsers - 1, f), terms.population[f]);
    EXPECT_EQ(model_.liked_items(kItems - 1, f), 0.0F);
  }
}

TEST_F(Layer, OrdersRatedPairsBeforeOthers) {
  for (int epoch = 0; epoch < 10; ++epoch) RunEpoch();
  const Eigen::MatrixXd scores =
      test::Plain(layer_.TakenUsers(), kFactors) * test::Plain(layer_.TakenItems(), kFactors).transpose();
  const Eigen::MatrixXd rated = (test::Dense(columns_, kUsers, kItems).array() > 0.0).cast<double>();
  const double on_rated = scores.cwiseProduct(rated).sum() / rated.sum();
  const double on_others = (scores.sum() - scores.cwiseProduct(rated).sum()) / (kUsers * kItems - rated.sum());
  EXPECT_GT(on_rated, on_others + 0.15);
}

class WithLayer : public testing::TestWithParam<SolverKind> {
 protected:
  const test::SharedRatings ratings_ = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 7), kUsers, kItems);
};

TEST_P(WithLayer, TrainsFoldsInAndExplains) {
  const Model model = Trained(ratings_, LayerOptions(GetParam()));
  ASSERT_TRUE(model.HasPreference());
  EXPECT_TRUE(test::IsFinite(model));
  EXPECT_GT(model.liked_users.norm(), 0.1F);
  const std::vector<Index> items = {1, 4, 7};
  const std::vector<float> values = {5.0F, 2.0F, 3.0F};
  const Visitors visitors(model);
  const Model ranked = PreferenceModel(model);
  const Profile profile = visitors.FoldIn(items, values);
  const Profile visitor = PreferenceProfile(model, profile);
  for (const auto by : {RankBy::kPreference, RankBy::kRating}) {
    double sum = 0.0;
    for (const float part : ExplainScore(model, visitors, by, items, values, 9)) sum += part;
    const double score = by == RankBy::kPreference
                             ? Score(ranked, visitor, 9) - visitor.bias - ranked.ItemBias(9)
                             : Score(model, profile, 9) - model.Baseline() - profile.bias - model.ItemBias(9);
    EXPECT_NEAR(sum, score, 1e-4) << SolverName(GetParam());
  }
}

// Stars are learned as without: but in variational, whose second layer builds on the first.
TEST_P(WithLayer, DoesNotChangeTheRatings) {
  Options options = LayerOptions(GetParam());
  const Model with = Trained(ratings_, options);
  options.model.preference = false;
  const Model without = Trained(ratings_, options);
  EXPECT_FALSE(without.HasPreference());
  EXPECT_EQ(without.liked_users.rows(), 0);
  EXPECT_TRUE(without.preference_terms.empty());
  const bool same = with.user_factors == without.user_factors && with.item_factors == without.item_factors &&
                    with.user_bias == without.user_bias && with.item_bias == without.item_bias;
  EXPECT_EQ(same, GetParam() != SolverKind::kVariational);
}

// The last user and the last item have no ratings.
TEST_P(WithLayer, ResumedIsTheModelOfOneLongTrainingBitForBit) {
  Options options = LayerOptions(GetParam());
  const Model whole = Trained(ratings_, options);
  Trainer cut(ratings_, options);
  for (int epoch = 0; epoch < 3; ++epoch) cut.Step();
  WarmStart start{.model = cut.Result(), .epochs_done = 3};
  for (Index user = 0; user < kUsers; ++user) start.users.push_back(user);
  for (Index item = 0; item < kItems; ++item) start.items.push_back(item);
  options.training.epochs = 1;
  const Model rest = Trained(ratings_, options, start);
  EXPECT_EQ(rest.taken_items, whole.taken_items);
  EXPECT_EQ(rest.liked_users, whole.liked_users);
  EXPECT_EQ(rest.liked_items, whole.liked_items);
  EXPECT_EQ(rest.preference_terms, whole.preference_terms);
  EXPECT_TRUE(test::SameBits(rest, whole));
}

// As when a training is cancelled in its first epoch.
TEST(BeforeTheFirstEpoch, AModelWithPreferenceFoldsIn) {
  const auto ratings = test::Freeze(test::RandomColumns(kUsers, kItems, 0.4, 7), kUsers, kItems);
  const Model model = InitialModel(*ratings, LayerOptions(SolverKind::kAls).model, 1);
  const Profile profile = FoldIn(model, std::vector<Index>{1, 4}, std::vector<float>{5.0F, 2.0F});
  EXPECT_TRUE(test::Plain(profile.liked, kFactors).allFinite());
  EXPECT_TRUE(std::isfinite(Score(PreferenceModel(model), PreferenceProfile(model, profile), 3)));
}

INSTANTIATE_TEST_SUITE_P(Solvers, WithLayer,
                         testing::Values(SolverKind::kVariational, SolverKind::kAls, SolverKind::kSgd,
                                         SolverKind::kGradientDescent, SolverKind::kSvdpp, SolverKind::kNmf,
                                         SolverKind::kBayesian, SolverKind::kBias),
                         [](const auto& info) {
                           std::string name(SolverName(info.param));
                           std::erase_if(name, [](char c) { return c == '-' || c == '+'; });
                           return name;
                         });

}  // namespace
}  // namespace matfac
