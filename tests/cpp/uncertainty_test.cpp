#include "fold_in/uncertainty.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "base/errors.h"
#include "base/random.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

/// Ratings drawn from the model: normal factors and biases around a level, normal noise, nothing rounded or clipped.
struct Planted {
  RatingColumns train;
  RatingColumns test;
};

Planted Plant(Index users, Index items, double share, std::uint64_t seed) {
  constexpr int kFactors = 4;
  Random random(seed, 99);
  const auto draw = [&](std::size_t count, double deviation) {
    std::vector<double> values(count);
    for (double& value : values) value = deviation * random.Normal();
    return values;
  };
  const auto user_bias = draw(users, 0.4);
  const auto item_bias = draw(items, 0.6);
  const auto p = draw(static_cast<std::size_t>(users) * kFactors, 0.6);
  const auto q = draw(static_cast<std::size_t>(items) * kFactors, 0.6);
  Planted planted;
  for (Index user = 0; user < users; ++user) {
    for (Index item = 0; item < items; ++item) {
      if (random.Uniform() > share) continue;
      double rating = 3.5 + user_bias[user] + item_bias[item] + 0.8 * random.Normal();
      for (int f = 0; f < kFactors; ++f) rating += p[user * kFactors + f] * q[item * kFactors + f];
      RatingColumns& part = random.Uniform() < 0.2 ? planted.test : planted.train;
      part.users.push_back(user);
      part.items.push_back(item);
      part.values.push_back(static_cast<float>(rating));
    }
  }
  return planted;
}

class Intervals : public testing::TestWithParam<ImplicitTerms> {};

TEST_P(Intervals, CoverHeldOutRatingsAsOftenAsTheySay) {
  const Planted planted = Plant(300, 200, 0.2, 5);
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.preference = false;
  options.model.implicit_terms = GetParam();
  Trainer trainer(test::Freeze(planted.train, 300, 200), options);
  while (!trainer.Finished()) trainer.Step();
  const Model& model = trainer.Result();
  const auto count = static_cast<double>(planted.test.values.size());
  ASSERT_GT(count, 2000.0);
  int within_half = 0;
  int within_ninety = 0;
  for (std::size_t i = 0; i < planted.test.values.size(); ++i) {
    const Index user = planted.test.users[i];
    const Index item = planted.test.items[i];
    const double deviations =
        std::abs(planted.test.values[i] - model.Score(user, item)) / Uncertainty(model, user, item);
    within_half += deviations < 0.6745 ? 1 : 0;
    within_ninety += deviations < 1.645 ? 1 : 0;
  }
  EXPECT_GT(within_ninety / count, 0.87);
  EXPECT_LT(within_ninety / count, 0.93);
  EXPECT_NEAR(within_half / count, 0.5, 0.04);
}

INSTANTIATE_TEST_SUITE_P(Terms, Intervals,
                         testing::Values(ImplicitTerms::kNone, ImplicitTerms::kUser, ImplicitTerms::kBoth));

TEST(Uncertainty, IsLargerWhereLessIsKnown) {
  // The last user and the last item have no ratings.
  const auto ratings = test::Freeze(test::RandomColumns(60, 50, 0.6, 8), 60, 50);
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.preference = false;
  options.training.epochs = 100;
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  const Model& model = trainer.Result();
  double known = 0.0;
  double unknown = 0.0;
  for (Index item = 0; item < 49; ++item) {
    known += std::pow(Uncertainty(model, 3, item), 2) - model.posterior.user_noise[3];
    unknown += std::pow(Uncertainty(model, 59, item), 2) - model.posterior.user_noise[59];
  }
  EXPECT_GT(unknown, 1.2 * known);
}

TEST(UncertaintyErrors, OtherSolversAndUnknownIndices) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  const Model als = InitialModel(*ratings, DefaultOptions(SolverKind::kAls).model, 1);
  test::ExpectError<UnsupportedError>([&] { Uncertainty(als, 0, 0); }, {"als", "bayesian"});
  Options options = DefaultOptions(SolverKind::kBayesian);
  options.model.preference = false;
  options.training.epochs = 2;
  Trainer trainer(ratings, options);
  while (!trainer.Finished()) trainer.Step();
  EXPECT_THROW(Uncertainty(trainer.Result(), -1, 0), std::invalid_argument);
  EXPECT_THROW(Uncertainty(trainer.Result(), 0, ratings->ItemCount()), std::invalid_argument);
}

}  // namespace
}  // namespace matfac
