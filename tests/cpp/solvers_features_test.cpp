#include <gtest/gtest.h>

#include <cmath>

#include "features_data.h"
#include "fold_in/fold_in.h"
#include "fold_in/new_rows.h"
#include "model/solver_traits.h"

namespace matfac {
namespace {

using test::Tastes;

constexpr SolverKind kSolvers[] = {SolverKind::kVariational, SolverKind::kAls, SolverKind::kImplicitAls,
                                   SolverKind::kBpr};

std::string NameOfCase(const testing::TestParamInfo<SolverKind>& info) {
  std::string name(SolverName(info.param));
  std::erase(name, '-');
  return name;
}

/// So few that implicit-als, by conjugate gradient, turns the factors into the basis of a Gram matrix on these ratings.
constexpr int kTurned = 3;

Sweep SweepOf(SolverKind solver, int factors) {
  const bool reads = Reads(TraitsOf(solver), OptionId::kSweep);
  return reads && factors == kTurned ? Sweep::kConjugateGradient : Sweep::kAuto;
}

std::shared_ptr<const SideFeatures> BothSides() {
  auto features = std::make_shared<SideFeatures>();
  features->users = test::KindOfRow(Tastes::kUsers, 2);
  features->items = test::KindOfRow(Tastes::kItems, Tastes::kKinds);
  return features;
}

/// Of predictions of the items without ratings, against what is expected of them.
double ColdError(const Model& model) {
  double squares = 0.0;
  int count = 0;
  for (Index user = 0; user < Tastes::kUsers; ++user) {
    for (Index item = Tastes().rated_items; item < Tastes::kItems; ++item, ++count) {
      const double error = model.Predict(user, item) - Tastes::Expected(user, item);
      squares += error * error;
    }
  }
  return std::sqrt(squares / count);
}

class SolversWithFeatures : public testing::TestWithParam<SolverKind> {
 protected:
  SolversWithFeatures() : options_(DefaultOptions(GetParam())) {
    ratings_ = IsImplicit(GetParam()) ? Tastes().Liked() : Tastes().Frozen();
    options_.model.factors = 6;
  }

  /// Trained on the items with ratings; the others are added by their features.
  Model WithColdItems() const {
    const Index rated = Tastes().rated_items;
    RatingColumns liked;
    for (Index user = 0; user < Tastes::kUsers; ++user) {
      for (const Index item : ratings_->ByUser().Row(user).others) {
        liked.users.push_back(user);
        liked.items.push_back(item);
        liked.values.push_back(1.0F);
      }
    }
    const auto kinds = std::make_shared<SideFeatures>();
    kinds->items = test::KindOfRow(rated, Tastes::kKinds);
    const Features all = test::KindOfRow(Tastes::kItems, Tastes::kKinds);
    std::vector<NewRow> rows;
    for (Index item = rated; item < Tastes::kItems; ++item) rows.push_back({.features = all.Row(item)});
    return WithItems(test::Train(test::Freeze(liked, Tastes::kUsers, rated), options_, kinds), rows);
  }

  test::SharedRatings ratings_;
  Options options_;
};

INSTANTIATE_TEST_SUITE_P(All, SolversWithFeatures, testing::ValuesIn(kSolvers), NameOfCase);

TEST_P(SolversWithFeatures, LossNeverRises) {
  if (GetParam() == SolverKind::kBpr) GTEST_SKIP() << "a step lowers the loss of its sample alone";
  // The rows of the preference layer, which change in the first epochs, are columns of variational's prior.
  options_.model.preference = false;
  for (const Sweep sweep : {Sweep::kExact, Sweep::kConjugateGradient, Sweep::kBlocks}) {
    options_.training.sweep = GetParam() == SolverKind::kVariational ? options_.training.sweep : sweep;
    Trainer trainer(ratings_, options_, {}, std::nullopt, BothSides());
    double before = std::numeric_limits<double>::infinity();
    while (!trainer.Finished()) {
      const EpochReport report = trainer.Step();
      EXPECT_LE(report.loss, before + 1e-5 * std::abs(before)) << "epoch " << report.epoch;
      // Variational learns the means of its rows from an epoch on: λ alone before.
      before = report.loss;
    }
  }
}

TEST_P(SolversWithFeatures, AnyThreadsAndSlicesGiveTheSameBits) {
  const Model whole = test::Train(ratings_, options_, BothSides());
  options_.training.threads = 3;
  Trainer sliced(ratings_, options_, {}, std::nullopt, BothSides());
  while (!sliced.Finished()) sliced.Advance(1e-5);
  Model result = sliced.Result();
  EXPECT_TRUE(test::SameBits(whole, result));
  EXPECT_EQ(whole.user_feature_weights, result.user_feature_weights);
  EXPECT_EQ(whole.item_feature_weights, result.item_feature_weights);
  EXPECT_EQ(whole.item_feature_liked, result.item_feature_liked);
}

TEST_P(SolversWithFeatures, ContinuesToTheBit) {
  for (const int factors : {6, 20, kTurned}) {
    options_.model.factors = factors;
    options_.training.sweep = SweepOf(GetParam(), factors);
    options_.training.epochs = 9;
    const Model whole = test::Train(ratings_, options_, BothSides());
    options_.training.epochs = 6;
    WarmStart start{.model = test::Train(ratings_, options_, BothSides()), .epochs_done = 6};
    for (Index user = 0; user < ratings_->UserCount(); ++user) start.users.push_back(user);
    for (Index item = 0; item < ratings_->ItemCount(); ++item) start.items.push_back(item);
    options_.training.epochs = 3;
    Trainer rest(ratings_, options_, {}, start, BothSides());
    while (!rest.Finished()) rest.Step();
    EXPECT_TRUE(test::SameBits(whole, rest.Result()));
    EXPECT_EQ(whole.item_feature_weights, rest.Result().item_feature_weights);
    EXPECT_EQ(whole.user_feature_weights, rest.Result().user_feature_weights);
  }
}

TEST_P(SolversWithFeatures, OtherColumnsStartAtZero) {
  options_.training.epochs = 6;
  WarmStart start{.model = test::Train(ratings_, options_, BothSides()), .epochs_done = 6};
  for (Index user = 0; user < ratings_->UserCount(); ++user) start.users.push_back(user);
  for (Index item = 0; item < ratings_->ItemCount(); ++item) start.items.push_back(item);
  auto others = std::make_shared<SideFeatures>();
  others->items = test::KindOfRow(Tastes::kItems, 7);
  Trainer trainer(ratings_, options_, {}, start, others);
  EXPECT_EQ(trainer.Result().user_feature_weights.rows(), 0);
  EXPECT_EQ(trainer.Result().item_feature_weights, FactorMatrix::Zero(7, options_.model.factors + 1));
  while (!trainer.Finished()) trainer.Step();
  EXPECT_TRUE(test::IsFinite(trainer.Result()));
}

TEST_P(SolversWithFeatures, PlantedKindsGiveItemsWithoutRatingsTheirScores) {
  // Items that nobody took are drawn by bpr as those that are not taken, so they come after the training.
  const bool later = GetParam() == SolverKind::kBpr;
  const Model model = later ? WithColdItems() : test::Train(ratings_, options_, Tastes::ItemKinds());
  if (!IsImplicit(GetParam())) {
    const Model without = test::Train(ratings_, options_, nullptr);
    EXPECT_LT(ColdError(model), 0.25);
    EXPECT_GT(ColdError(without), 0.7);
    return;
  }
  // A user's mean score of the kinds of the user's taste, against that of the others.
  for (Index user = 0; user < Tastes::kUsers; ++user) {
    double liked = 0.0;
    double disliked = 0.0;
    for (Index item = Tastes().rated_items; item < Tastes::kItems; ++item) {
      (Tastes::Expected(user, item) >= 3.0 ? liked : disliked) += model.Score(user, item);
    }
    EXPECT_GT(liked, disliked) << "user " << user;
  }
}

/// Of half of the ratings, by a model of the other half.
double HeldOutError(const Options& options, const std::shared_ptr<const SideFeatures>& features) {
  const RatingColumns all = Tastes().columns;
  RatingColumns train;
  RatingColumns test;
  for (std::size_t j = 0; j < all.values.size(); ++j) {
    RatingColumns& to = j % 2 == 0 ? train : test;
    to.users.push_back(all.users[j]);
    to.items.push_back(all.items[j]);
    to.values.push_back(all.values[j]);
  }
  const Model model = test::Train(test::Freeze(train, Tastes::kUsers, Tastes::kItems), options, features);
  double squares = 0.0;
  for (std::size_t j = 0; j < test.values.size(); ++j) {
    const double error = model.Predict(test.users[j], test.items[j]) - test.values[j];
    squares += error * error;
  }
  return std::sqrt(squares / static_cast<double>(test.values.size()));
}

TEST_P(SolversWithFeatures, NoiseChangesHeldOutErrorsByLessThanTwoThousandths) {
  if (IsImplicit(GetParam())) GTEST_SKIP() << "implicit feedback has no errors of ratings";
  auto noise = std::make_shared<SideFeatures>();
  noise->users = test::NoiseFeatures(Tastes::kUsers, 1, 3);
  noise->items = test::NoiseFeatures(Tastes::kItems, 1, 4);
  EXPECT_NEAR(HeldOutError(options_, noise), HeldOutError(options_, nullptr), 0.002);
}

TEST_P(SolversWithFeatures, RowsAreTheFoldInOfTheirRatingsAndFeatures) {
  if (GetParam() == SolverKind::kVariational) GTEST_SKIP() << "its fold-in is by the diagonals of covariances";
  if (GetParam() == SolverKind::kBpr) GTEST_SKIP() << "its fold-in is not the steps of its training";
  options_.model.preference = false;
  for (const int factors : {6, kTurned}) {
    options_.model.factors = factors;
    options_.training.sweep = SweepOf(GetParam(), factors);
    const Model model = test::Train(ratings_, options_, BothSides());
    const Visitors visitors(model);
    for (Index user = 0; user < model.UserCount(); ++user) {
      const RatingsRow row = ratings_->ByUser().Row(user);
      const Profile profile = visitors.FoldIn(row.others, row.values, BothSides()->users.Row(user));
      for (int f = 0; f < factors; ++f) EXPECT_NEAR(profile.factors[f], model.user_factors(user, f), 2e-5);
      EXPECT_NEAR(profile.bias, model.UserBias(user), 2e-5);
    }
  }
}

/// The same numbers by another way: L of implicit_als.h, with the penalties of rows and weights, from the model.
TEST(ImplicitAlsWithFeatures, LossIsThatOfTheModelInATurnedBasis) {
  const auto ratings = Tastes().Liked();
  Options options = DefaultOptions(SolverKind::kImplicitAls);
  options.model.factors = kTurned;
  options.model.weights = Weights::kRaw;
  options.model.confidence = 2.0;
  options.model.regularization = 0.01;
  options.training.sweep = Sweep::kConjugateGradient;
  options.training.epochs = 9;
  const auto features = BothSides();
  Trainer trainer(ratings, options, {}, std::nullopt, features);
  double loss = 0.0;
  while (!trainer.Finished()) loss = trainer.Step().loss;
  const Model model = trainer.Result();
  double expected = 0.0;
  for (Index user = 0; user < Tastes::kUsers; ++user) {
    for (Index item = 0; item < Tastes::kItems; ++item) expected += std::pow(model.Score(user, item), 2.0);
    for (const Index item : ratings->ByUser().Row(user).others) {
      expected += 2.0 * std::pow(1.0 - model.Score(user, item), 2.0);
    }
  }
  const auto add_side = [&](const RatingsSide& side, const FactorMatrix& rows, const Features& of,
                            const FactorMatrix& w, float ridge) {
    const Index others = Tastes::kUsers + Tastes::kItems - side.RowCount();
    for (Index row = 0; row < side.RowCount(); ++row) {
      const double strength = 0.01 * (others + 2.0 * static_cast<double>(side.Count(row)));
      for (int f = 0; f < kTurned; ++f) {
        double away = rows(row, f);
        const FeaturesRow x = of.Row(row);
        for (std::size_t j = 0; j < x.columns.size(); ++j) away -= x.values[j] * w(x.columns[j], f);
        expected += strength * away * away;
      }
    }
    for (Index column = 0; column < w.rows(); ++column) {
      for (int f = 0; f < kTurned; ++f) expected += ridge * std::pow(w(column, f), 2.0);
    }
  };
  add_side(ratings->ByUser(), model.user_factors, features->users, model.user_feature_weights, model.feature_ridges[0]);
  add_side(ratings->ByItem(), model.item_factors, features->items, model.item_feature_weights, model.feature_ridges[2]);
  EXPECT_NEAR(loss, 0.5 * expected, 1e-4 * loss);
}

}  // namespace
}  // namespace matfac
