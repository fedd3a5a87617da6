#include "fold_in/fold_in.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

using test::PlainModel;

class FoldInOfSolvers : public testing::TestWithParam<std::tuple<SolverKind, bool>> {
 protected:
  const SolverKind kind = std::get<0>(GetParam());
  const test::SharedRatings ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  const std::vector<Index> items = {3, 50, 7, 119, 0, 64, 65};
  const std::vector<float> values = {5.0F, 0.5F, 3.0F, 4.5F, 1.0F, 2.0F, 4.0F};
  Model model;

  FoldInOfSolvers() {
    Options options = DefaultOptions(kind);
    options.model.biases = std::get<1>(GetParam());
    options.model.factors = 10;
    options.training.epochs = 5;
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) trainer.Step();
    model = trainer.Result();
  }

  /// The ridge of the solver's objective for a row of `count` ratings; at least 0.1 · scale for a solver without a
  /// closed form. The scale is 1 for biases.
  double Strength(double count, double scale) const {
    const double lambda = model.options.regularization;
    if (kind == SolverKind::kAls) return scale * lambda * std::sqrt(count);
    return std::max(kind == SolverKind::kSgd ? lambda * count : lambda, 0.1 * scale);
  }
};

TEST_P(FoldInOfSolvers, IsTheDenseRidgeRegression) {
  for (const double lambda : {0.02, 0.6}) {
    model.options.regularization = lambda;
    const PlainModel plain(model);
    const int columns = model.options.factors + (model.options.biases ? 1 : 0);
    Eigen::MatrixXd design = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(items.size()), columns);
    Eigen::VectorXd targets(design.rows());
    for (Eigen::Index j = 0; j < design.rows(); ++j) {
      design.row(j).tail(model.options.factors) = plain.items.row(items[j]);
      targets(j) = values[j] - plain.baseline - plain.item_bias(items[j]);
    }
    const auto count = static_cast<double>(items.size());
    Eigen::VectorXd penalties = Eigen::VectorXd::Constant(columns, Strength(count, model.scale));
    if (model.options.biases) penalties(0) = Strength(count, 1.0);
    const Eigen::VectorXd expected = test::DenseRidge(design, targets, penalties);

    const Profile profile = FoldIn(model, items, values);
    ASSERT_EQ(profile.factors.size(), static_cast<std::size_t>(model.Stride()));
    EXPECT_NEAR(profile.bias, model.options.biases ? expected(0) : 0.0, 1e-5);
    for (int f = 0; f < model.Stride(); ++f) {
      const double factor = f < model.options.factors ? expected(columns - model.options.factors + f) : 0.0;
      EXPECT_NEAR(profile.factors[f], factor, 3e-5) << "lambda " << lambda << ", factor " << f;
    }
  }
}

TEST_P(FoldInOfSolvers, ExplainSumsToTheScoreLessItsBiases) {
  const Profile profile = FoldIn(model, items, values);
  const PlainModel plain(model);
  for (Index item = 0; item < model.ItemCount(); ++item) {
    const std::vector<float> contributions = Explain(model, items, values, item);
    ASSERT_EQ(contributions.size(), items.size());
    double sum = 0.0;
    for (const float contribution : contributions) sum += contribution;
    double taste = 0.0;
    for (int f = 0; f < model.options.factors; ++f) taste += profile.factors[f] * plain.items(item, f);
    EXPECT_NEAR(sum, taste, 1e-4) << "item " << item;
  }
}

// The score is linear in the targets, so a contribution is the score when all other targets are zero.
TEST_P(FoldInOfSolvers, ExplainGivesEachRatingItsOwnShare) {
  const PlainModel plain(model);
  const Index item = 20;
  const std::vector<float> contributions = Explain(model, items, values, item);
  for (std::size_t j = 0; j < items.size(); ++j) {
    std::vector<float> alone(items.size());
    for (std::size_t other = 0; other < items.size(); ++other) {
      alone[other] = static_cast<float>(plain.baseline + plain.item_bias(items[other]));
    }
    alone[j] = values[j];
    const Profile profile = FoldIn(model, items, alone);
    double taste = 0.0;
    for (int f = 0; f < model.options.factors; ++f) taste += profile.factors[f] * plain.items(item, f);
    EXPECT_NEAR(contributions[j], taste, 1e-5) << "rating " << j;
  }
}

TEST_P(FoldInOfSolvers, OfNothingIsZero) {
  const Profile profile = FoldIn(model, {}, {});
  EXPECT_EQ(profile.factors, std::vector<float>(model.Stride()));
  EXPECT_EQ(profile.bias, 0.0F);
  EXPECT_TRUE(Explain(model, {}, {}, 0).empty());
  const double baseline = model.options.biases ? model.mean : 0.0;
  EXPECT_NEAR(Score(model, profile, 4), baseline + model.ItemBias(4), 1e-6);
}

TEST_P(FoldInOfSolvers, PredictClipsTheScore) {
  const Profile profile = FoldIn(model, items, values);
  const PlainModel plain(model);
  for (Index item = 0; item < model.ItemCount(); ++item) {
    double score = plain.baseline + profile.bias + plain.item_bias(item);
    for (int f = 0; f < model.options.factors; ++f) score += profile.factors[f] * plain.items(item, f);
    EXPECT_NEAR(Score(model, profile, item), score, 1e-5);
    EXPECT_NEAR(Predict(model, profile, item), std::min(std::max(score, 0.5), 5.0), 1e-5);
  }
  EXPECT_DOUBLE_EQ(Predict(model, profile, kUnknown), std::min(std::max(model.mean + profile.bias, 0.5), 5.0));
}

TEST_P(FoldInOfSolvers, RefusesBadRatings) {
  using test::ExpectError;
  const std::vector<float> two = {1.0F, 2.0F};
  const auto fold = [&](const std::vector<Index>& bad_items, const std::vector<float>& bad_values) {
    return [this, bad_items, bad_values] { FoldIn(model, bad_items, bad_values); };
  };
  ExpectError<std::invalid_argument>(fold({1}, two),
                                     {"items and ratings must have the same length; they have 1 and 2"});
  ExpectError<std::invalid_argument>(fold({1, 120}, two), {"item 120", "0 to 119"});
  ExpectError<std::invalid_argument>(fold({kUnknown, 1}, two), {"item -1", "0 to 119"});
  ExpectError<std::invalid_argument>(fold({1, 2}, {1.0F, std::numeric_limits<float>::infinity()}),
                                     {"the rating of item 2 must be a finite number; it is Infinity"});
  ExpectError<std::invalid_argument>(fold({9, 2}, {std::nanf(""), 1.0F}),
                                     {"the rating of item 9 must be a finite number; it is NaN"});
  ExpectError<std::invalid_argument>([&] { Explain(model, std::vector<Index>{1, 120}, two, 0); }, {"item 120"});
  ExpectError<std::invalid_argument>([&] { Explain(model, std::vector<Index>{1, 2}, two, 500); }, {"item 500"});
  ExpectError<std::invalid_argument>([&] { Predict(model, FoldIn(model, {}, {}), -7); }, {"item -7"});
}

INSTANTIATE_TEST_SUITE_P(SolversAndBiases, FoldInOfSolvers,
                         testing::Combine(testing::Values(SolverKind::kAls, SolverKind::kSgd,
                                                          SolverKind::kGradientDescent),
                                          testing::Bool()));

// After an epoch of als, U has each user's half-step with the items fixed, which is also the fold-in.
TEST(FoldIn, OfAUsersOwnRatingsIsTheUserForAls) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  for (const bool biases : {false, true}) {
    Options options = DefaultOptions(SolverKind::kAls);
    options.model.biases = biases;
    Trainer trainer(ratings, options);
    for (int epoch = 0; epoch < 3; ++epoch) trainer.Step();
    const Model& model = trainer.Result();
    for (Index user = 0; user < model.UserCount(); ++user) {
      const RatingsRow row = ratings->ByUser().Row(user);
      const Profile profile = FoldIn(model, row.others, row.values);
      EXPECT_NEAR(profile.bias, model.UserBias(user), 1e-5);
      for (int f = 0; f < model.Stride(); ++f) EXPECT_NEAR(profile.factors[f], model.user_factors(user, f), 1e-5);
    }
  }
}

}  // namespace
}  // namespace matfac
