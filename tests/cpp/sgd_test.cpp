#include "solvers/sgd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <tuple>

#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

using test::LargestDifference;
using test::PlainModel;

Options SgdOptions(int factors, double rate) {
  Options options = DefaultOptions(SolverKind::kSgd);
  options.model.factors = factors;
  options.training.learning_rate = rate;
  return options;
}

/// The textbook's step for one pair, in double precision and from the old values.
void VisitPlainly(PlainModel& model, Index user, Index item, double rating, double rate, double lambda, bool biases) {
  const double error = rating - model.Score(user, item);
  const Eigen::RowVectorXd u = model.users.row(user);
  const Eigen::RowVectorXd v = model.items.row(item);
  model.users.row(user) = u + rate * (error * v - lambda * u);
  model.items.row(item) = v + rate * (error * u - lambda * v);
  if (!biases) return;
  model.user_bias(user) += rate * (error - lambda * model.user_bias(user));
  model.item_bias(item) += rate * (error - lambda * model.item_bias(item));
}

TEST(Sgd, OnePairByHand) {
  const auto ratings = test::Freeze({.users = {0}, .items = {0}, .values = {4.0F}}, 1, 1);
  const Options options = SgdOptions(2, 0.1);
  Model model = InitialModel(*ratings, options.model, 1);
  model.user_factors.row(0).head(2) << 1.0F, 2.0F;
  model.item_factors.row(0).head(2) << 0.5F, -1.0F;  // e = 4 − (0.5 − 2) = 5.5
  Workers alone(1);
  Sgd solver(*ratings, options, alone);
  test::WorkWhole(solver, 1, model);
  EXPECT_FLOAT_EQ(model.user_factors(0, 0), 1.275F);  // 1 + 0.1 · 5.5 · 0.5
  EXPECT_FLOAT_EQ(model.user_factors(0, 1), 1.45F);   // 2 − 0.1 · 5.5 · 1
  EXPECT_FLOAT_EQ(model.item_factors(0, 0), 1.05F);   // 0.5 + 0.1 · 5.5 · 1, not 1.275
  EXPECT_FLOAT_EQ(model.item_factors(0, 1), 0.1F);    // −1 + 0.1 · 5.5 · 2
  EXPECT_TRUE(test::PaddingIsZero(model));
}

TEST(Sgd, OnePairWithBiasesRegularizationAndDecay) {
  const auto ratings = test::Freeze({.users = {1, 0}, .items = {0, 1}, .values = {4.5F, 1.0F}}, 2, 2);
  Options options = SgdOptions(6, 0.2);
  options.model.biases = true;
  options.model.regularization = 0.3;
  options.training.learning_rate_decay = 0.5;
  Workers alone(1);
  Sgd solver(*ratings, options, alone);
  double rate = 0.2;
  for (int epoch = 1; epoch <= 3; ++epoch, rate *= 0.5) {
    Model model = test::StartModel(*ratings, options);
    PlainModel expected(model);
    VisitPlainly(expected, 1, 0, 4.5, rate, 0.3, true);  // the two pairs share no row, so their order does not matter
    VisitPlainly(expected, 0, 1, 1.0, rate, 0.3, true);
    test::WorkWhole(solver, epoch, model);
    EXPECT_LT(LargestDifference(PlainModel(model), expected), 1e-6) << epoch;
    EXPECT_TRUE(test::PaddingIsZero(model));
  }
}

/// Factors, and the second item of a user who rates two: in the tile of item 0, or in another.
class SgdOrder : public testing::TestWithParam<std::tuple<int, Index>> {};

TEST_P(SgdOrder, OfTwoPairsOfOneUserIsOneOfTheTwo) {
  const auto [factors, second] = GetParam();
  const RatingColumns columns{.users = {0, 0}, .items = {0, second}, .values = {5.0F, 1.0F}};
  const auto ratings = test::Freeze(columns, 1, second + 1);
  Options options = SgdOptions(factors, 0.1);
  const Model start = InitialModel(*ratings, options.model, 1);
  PlainModel forward(start);
  VisitPlainly(forward, 0, 0, 5.0, 0.1, 0.0, false);
  VisitPlainly(forward, 0, second, 1.0, 0.1, 0.0, false);
  PlainModel backward(start);
  VisitPlainly(backward, 0, second, 1.0, 0.1, 0.0, false);
  VisitPlainly(backward, 0, 0, 5.0, 0.1, 0.0, false);
  ASSERT_GT(LargestDifference(forward, backward), 1e-3) << "the two orders must differ to be told apart";
  int forward_first = 0;
  int changes = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    options.training.seed = seed;
    Workers alone(1);
    Sgd solver(*ratings, options, alone);
    bool is_forward[2] = {false, false};
    for (int epoch = 1; epoch <= 2; ++epoch) {
      Model model = start;
      test::WorkWhole(solver, epoch, model);
      const double to_forward = LargestDifference(PlainModel(model), forward);
      const double to_backward = LargestDifference(PlainModel(model), backward);
      ASSERT_LT(std::min(to_forward, to_backward), 1e-6);
      is_forward[epoch - 1] = to_forward < to_backward;
    }
    forward_first += is_forward[0] ? 1 : 0;
    changes += is_forward[0] != is_forward[1] ? 1 : 0;
  }
  EXPECT_NEAR(forward_first, 20, 12) << "of 40 seeds about half";
  EXPECT_NEAR(changes, 20, 12) << "each epoch has an order of its own";
}

// A tile holds 65,536 floats per side: 16,384 rows of 4, or 64 of 1,024.
INSTANTIATE_TEST_SUITE_P(InOneTile, SgdOrder, testing::Values(std::tuple(3, 1)));
INSTANTIATE_TEST_SUITE_P(InTwoTiles, SgdOrder, testing::Values(std::tuple(1024, 64)));

/// Users, items, share of rated pairs, factors; with biases and regularization or without.
struct Shape {
  Index users;
  Index items;
  double share;
  int factors;
  bool whole;
};

void PrintTo(const Shape& shape, std::ostream* out) {
  *out << shape.users << " x " << shape.items << " x " << shape.factors << (shape.whole ? " with biases" : "");
}

class SgdEpoch : public testing::TestWithParam<Shape> {};

// To first order in η an epoch that visits every pair once moves by −η times the batch gradient, whatever the order.
TEST_P(SgdEpoch, VisitsEveryPairOnce) {
  const auto [users, items, share, factors, whole] = GetParam();
  const RatingColumns columns = test::RandomColumns(users, items, share, 3);
  const auto ratings = test::Freeze(columns, users, items);
  constexpr double kRate = 1e-4;
  Options options = SgdOptions(factors, kRate);
  options.model.biases = whole;
  options.model.regularization = whole ? 0.2 : 0.0;
  Model model = test::StartModel(*ratings, options);
  const PlainModel before(model);
  PlainModel expected = before;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const Index user = columns.users[i];
    const Index item = columns.items[i];
    const double error = columns.values[i] - before.Score(user, item);
    const double lambda = options.model.regularization;
    expected.users.row(user) += kRate * (error * before.items.row(item) - lambda * before.users.row(user));
    expected.items.row(item) += kRate * (error * before.users.row(user) - lambda * before.items.row(item));
    if (!whole) continue;
    expected.user_bias(user) += kRate * (error - lambda * before.user_bias(user));
    expected.item_bias(item) += kRate * (error - lambda * before.item_bias(item));
  }
  Workers alone(1);
  Sgd solver(*ratings, options, alone);
  test::WorkWhole(solver, 1, model);
  const PlainModel after(model);
  // One rating moves a row by about η |e| ‖v‖: a pair left out or visited twice would make that difference.
  constexpr double kTolerance = 0.05 * kRate;
  for (Index user = 0; user < users; ++user) {
    ASSERT_LT((after.users.row(user) - expected.users.row(user)).norm(), kTolerance) << "user " << user;
    ASSERT_NEAR(after.user_bias(user), expected.user_bias(user), kTolerance) << "user " << user;
  }
  for (Index item = 0; item < items; ++item) {
    ASSERT_LT((after.items.row(item) - expected.items.row(item)).norm(), kTolerance) << "item " << item;
    ASSERT_NEAR(after.item_bias(item), expected.item_bias(item), kTolerance) << "item " << item;
  }
}

INSTANTIATE_TEST_SUITE_P(OneTile, SgdEpoch, testing::Values(Shape{15, 20, 0.3, 4, false}, Shape{15, 20, 0.3, 5, true}));
// More pairs than one run of a walk has.
INSTANTIATE_TEST_SUITE_P(SeveralRuns, SgdEpoch,
                         testing::Values(Shape{900, 1000, 0.01, 4, false}, Shape{900, 1000, 0.01, 4, true}));
INSTANTIATE_TEST_SUITE_P(SeveralTiles, SgdEpoch,
                         testing::Values(Shape{4, 40'000, 1e-3, 4, false}, Shape{17'000, 40, 1e-3, 3, true},
                                         Shape{150, 200, 0.05, 1024, false}, Shape{65, 65, 0.2, 1021, true}));

TEST(Sgd, OneSeedGivesOneModelAndAnotherSeedAnotherOrder) {
  const auto ratings = test::Freeze(test::RandomColumns(20, 30, 0.3, 4), 20, 30);
  const auto train = [&](std::uint64_t seed) {
    Options options = SgdOptions(4, 0.05);
    options.training.seed = seed;
    Model model = InitialModel(*ratings, options.model, 1);  // the same start: only the order differs
    Workers alone(1);
    Sgd solver(*ratings, options, alone);
    test::WorkWhole(solver, 1, model);
    return model;
  };
  EXPECT_TRUE(test::SameBits(train(1), train(1)));
  EXPECT_FALSE(test::SameBits(train(1), train(2)));
}

TEST(Sgd, LowersTheLossAndDivergenceNamesTheLearningRate) {
  const auto ratings = test::Freeze(Generate(GeneratorSizeFromName("tiny"), 1));
  Trainer trainer(ratings, SgdOptions(4, 0.01));
  const double first = trainer.Step().loss;
  for (int epoch = 2; epoch <= 20; ++epoch) trainer.Step();
  EXPECT_LT(trainer.Step().loss, 0.5 * first);

  Trainer diverging(ratings, SgdOptions(4, 5.0));
  const auto train = [&] {
    while (!diverging.Finished()) diverging.Step();
  };
  test::ExpectError<DivergenceError>(train, {"learningRate must be smaller; it is 5, "});
  EXPECT_TRUE(test::IsFinite(diverging.Result()));
}

}  // namespace
}  // namespace matfac
