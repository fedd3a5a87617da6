#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/generator.h"
#include "fold_in/fold_in.h"
#include "fold_in/uncertainty.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

/// Ratings a r + b.
test::SharedRatings TinyRatings(double a, double b) {
  GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), 3);
  for (float& value : generated.columns.values) value = static_cast<float>(a * value + b);
  return test::Freeze(generated);
}

Model Trained(const test::SharedRatings& ratings, const Options& options) {
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  return trainer.Result();
}

double Rmse(const Model& model, const Ratings& ratings) {
  double squares = 0.0;
  for (Index user = 0; user < ratings.UserCount(); ++user) {
    const RatingsRow row = ratings.ByUser().Row(user);
    for (std::size_t j = 0; j < row.others.size(); ++j) {
      squares += std::pow(row.values[j] - model.Predict(user, row.others[j]), 2);
    }
  }
  return std::sqrt(squares / static_cast<double>(ratings.Size()));
}

bool HasUncertainty(const Model& model) {
  return model.options.solver == SolverKind::kBayesian || model.options.solver == SolverKind::kVariational;
}

struct Variant {
  std::string name;
  SolverKind solver;
  void (*set)(Options& options) = [](Options&) {};
  /// Whether ratings with another zero give the same model.
  bool shifts = true;

  Options With(int epochs) const {
    Options options = DefaultOptions(solver);
    set(options);
    if (epochs > 0) options.training.epochs = epochs;
    return options;
  }
};

class Units : public testing::TestWithParam<Variant> {
 protected:
  const std::vector<Index> items = {1, 5, 9, 20};
  std::vector<float> Values(double a, double b) const {
    std::vector<float> values;
    for (const double value : {5.0, 1.0, 3.0, 4.0}) values.push_back(static_cast<float>(a * value + b));
    return values;
  }
};

// Powers of 4 scale ratings, factors and every sum without rounding.
TEST_P(Units, FourTimesTheRatingsGiveTheSameModelToTheBit) {
  const Options options = GetParam().With(3);
  const Model one = Trained(TinyRatings(1.0, 0.0), options);
  const Model four = Trained(TinyRatings(4.0, 0.0), options);
  EXPECT_EQ(four.scale, 4.0 * one.scale);
  EXPECT_EQ(four.user_factors, 2.0F * one.user_factors);
  EXPECT_EQ(four.item_factors, 2.0F * one.item_factors);
  EXPECT_EQ(four.mean, 4.0 * one.mean);
  for (Index user = 0; user < one.UserCount(); ++user) EXPECT_EQ(four.UserBias(user), 4.0F * one.UserBias(user));
  for (Index item = 0; item < one.ItemCount(); ++item) EXPECT_EQ(four.ItemBias(item), 4.0F * one.ItemBias(item));

  const Visitors small(one);
  const Visitors large(four);
  const Profile profile = small.FoldIn(items, Values(1.0, 0.0));
  const Profile scaled = large.FoldIn(items, Values(4.0, 0.0));
  for (Index item = 0; item < one.ItemCount(); ++item) {
    EXPECT_EQ(Predict(four, scaled, item), 4.0 * Predict(one, profile, item));
  }
  const std::vector<float> parts = small.Explain(items, Values(1.0, 0.0), 7);
  const std::vector<float> scaled_parts = large.Explain(items, Values(4.0, 0.0), 7);
  for (std::size_t j = 0; j < parts.size(); ++j) EXPECT_EQ(scaled_parts[j], 4.0F * parts[j]);
  EXPECT_EQ(four.liked_users, one.liked_users);
  EXPECT_EQ(four.liked_items, one.liked_items);
  if (!HasUncertainty(one)) return;
  EXPECT_EQ(Uncertainty(four, 2, 3), 4.0 * Uncertainty(one, 2, 3));
  const std::vector<Index> asked = {3};
  EXPECT_EQ(large.Uncertainty(items, Values(4.0, 0.0), asked)[0],
            4.0F * small.Uncertainty(items, Values(1.0, 0.0), asked)[0]);
}

TEST_P(Units, OtherUnitsGiveTheSameModelToRounding) {
  const Options options = GetParam().With(3);
  const Model one = Trained(TinyRatings(1.0, 0.0), options);
  const Profile profile = FoldIn(one, items, Values(1.0, 0.0));
  const std::vector<float> parts = Explain(one, items, Values(1.0, 0.0), 7);
  for (const double a : {0.2, 2.0, 20.0}) {
    for (const double b : {0.0, -3.0}) {
      if (b != 0.0 && !GetParam().shifts) continue;
      const Model other = Trained(TinyRatings(a, b), options);
      const double near = 2e-4 * a;
      for (Index user = 0; user < one.UserCount(); ++user) {
        for (Index item = 0; item < one.ItemCount(); item += 7) {
          EXPECT_NEAR(other.Score(user, item), a * one.Score(user, item) + b, near) << a << " r " << b;
        }
      }
      const Profile folded = FoldIn(other, items, Values(a, b));
      EXPECT_NEAR(Score(other, folded, 7), a * Score(one, profile, 7) + b, near);
      const std::vector<float> other_parts = Explain(other, items, Values(a, b), 7);
      for (std::size_t j = 0; j < parts.size(); ++j) EXPECT_NEAR(other_parts[j], a * parts[j], near);
      if (!HasUncertainty(one)) continue;
      EXPECT_NEAR(Uncertainty(other, 2, 3), a * Uncertainty(one, 2, 3), near);
    }
  }
}

TEST_P(Units, WholeTrainingsHaveTheSameErrorInEveryUnit) {
  const Options options = GetParam().With(0);
  const auto ratings = TinyRatings(1.0, 0.0);
  const double expected = Rmse(Trained(ratings, options), *ratings);
  for (const double a : {0.2, 20.0}) {
    const double b = GetParam().shifts ? -3.0 : 0.0;
    const auto others = TinyRatings(a, b);
    EXPECT_NEAR(Rmse(Trained(others, options), *others) / a, expected, 0.002 * expected) << a << " r " << b;
  }
}

constexpr auto kWithBiases = [](Options& options) { options.model.biases = true; };

INSTANTIATE_TEST_SUITE_P(
    Solvers, Units,
    testing::Values(Variant{"Variational", SolverKind::kVariational},
                    Variant{"VariationalWithoutPreference", SolverKind::kVariational,
                            [](Options& o) { o.model.preference = false; }},
                    Variant{"Als", SolverKind::kAls},
                    Variant{"AlsByConjugateGradient", SolverKind::kAls,
                            [](Options& o) { o.training.sweep = Sweep::kConjugateGradient; }},
                    Variant{"AlsByBlocks", SolverKind::kAls, [](Options& o) { o.training.sweep = Sweep::kBlocks; }},
                    Variant{"Svdpp", SolverKind::kSvdpp}, Variant{"Bias", SolverKind::kBias},
                    Variant{"Bayesian", SolverKind::kBayesian, [](Options& o) { o.training.epochs = 40; }},
                    Variant{"BayesianWithImplicitTerms", SolverKind::kBayesian,
                            [](Options& o) {
                              o.model.implicit_terms = ImplicitTerms::kBoth;
                              o.training.epochs = 40;
                            }},
                    Variant{"Nmf", SolverKind::kNmf, [](Options&) {}, false},
                    Variant{"Sgd", SolverKind::kSgd, [](Options&) {}, false},
                    Variant{"SgdWithBiases", SolverKind::kSgd, kWithBiases},
                    Variant{"GradientDescent", SolverKind::kGradientDescent, [](Options&) {}, false},
                    Variant{"GradientDescentWithBiases", SolverKind::kGradientDescent, kWithBiases}),
    [](const auto& of) { return of.param.name; });

TEST(UnitsOfRatings, DeviationIsThePlainOneAndThatOfEqualRatingsIsOne) {
  const auto freeze = [](const std::vector<float>& values) {
    return test::Freeze({.users = {0, 0, 1}, .items = {0, 1, 1}, .values = values}, 2, 2);
  };
  EXPECT_NEAR(freeze({1.0F, 2.0F, 6.0F})->Deviation(), std::sqrt(14.0 / 3.0), 1e-12);
  EXPECT_EQ(freeze({0.1F, 0.1F, 0.1F})->Deviation(), 1.0);
  const auto [mean, largest] = DistancesFrom(*freeze({-1.0F, 2.0F, 6.0F}), 1.0);
  EXPECT_NEAR(mean, 8.0 / 3.0, 1e-12);
  EXPECT_EQ(largest, 5.0);
}

struct Hard {
  std::string name;
  RatingColumns columns;
  Index users;
  Index items;
};

std::vector<Hard> HardRatings() {
  std::vector<Hard> all;
  const auto random = [](Index users, Index items, double share) {
    return test::RandomColumns(users, items, share, 8);
  };
  for (const double a : {0.2, 20.0, 1e6, 1e-6}) {
    Hard hard{"times " + std::to_string(a), random(60, 90, 0.3), 60, 90};
    for (float& value : hard.columns.values) value *= static_cast<float>(a);
    all.push_back(hard);
  }
  Hard counts{"counts with a long tail", random(60, 90, 0.3), 60, 90};
  for (std::size_t j = 0; j < counts.columns.values.size(); ++j) {
    counts.columns.values[j] = counts.columns.users[j] == 3 || j % 50 == 0 ? 3e5F : 1.0F;
  }
  all.push_back(counts);
  all.push_back({"few users, many items", random(5, 1500, 0.9), 5, 1500});
  all.push_back({"few items, many users", random(1500, 5, 0.9), 1500, 5});
  all.push_back({"few ratings", random(6, 6, 0.2), 6, 6});
  all.push_back({"one rating", {.users = {0}, .items = {0}, .values = {70.0F}}, 1, 1});
  Hard equal{"all equal", random(60, 90, 0.5), 60, 90};
  for (float& value : equal.columns.values) value = -7.0F;
  all.push_back(equal);
  for (float& value : equal.columns.values) value = 0.0F;
  all.push_back({"all zero", equal.columns, 60, 90});
  return all;
}

TEST(OpenLearningRates, AreStableOnAnyRatings) {
  for (const Hard& hard : HardRatings()) {
    const auto ratings = test::Freeze(hard.columns, hard.users, hard.items);
    for (const SolverKind solver : {SolverKind::kSgd, SolverKind::kGradientDescent}) {
      for (const bool biases : {false, true}) {
        for (const double regularization : {0.0, 1e4}) {
          Options options = DefaultOptions(solver);
          options.model.biases = biases;
          options.model.regularization = regularization;
          options.training.epochs = 200;
          Trainer trainer(ratings, options);
          const double first = Rmse(trainer.Result(), *ratings);
          double last = 0.0;
          ASSERT_NO_THROW(while (!trainer.Finished()) last = trainer.Step().train_rmse)
              << hard.name << ", " << SolverName(solver);
          if (regularization == 0.0) EXPECT_LE(last, first * 1.001) << hard.name << ", " << SolverName(solver);
        }
      }
    }
  }
}

TEST(OpenLearningRates, AreLeftAsTheyAreGiven) {
  const auto ratings = TinyRatings(20.0, 0.0);
  Options options = DefaultOptions(SolverKind::kSgd);
  options.model.biases = true;
  options.model.initial_scale = 0.3;
  options.training.learning_rate = 1e-5;
  const Options resolved = Trainer(ratings, options).Resolved();
  EXPECT_EQ(resolved.training.learning_rate, 1e-5);
  EXPECT_EQ(resolved.training.bias_learning_rate, 0.0);
  EXPECT_EQ(resolved.model.initial_scale, 0.3);
}

}  // namespace
}  // namespace matfac
