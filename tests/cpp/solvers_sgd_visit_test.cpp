#include <gtest/gtest.h>

#include <vector>

#include "base/kernels.h"
#include "solvers/sgd.h"
#include "solvers/sgd_visit.h"
#include "support.h"
#include "training/trainer.h"

namespace matfac {
namespace {

using Pair = SgdTiles::Pair;

struct Rows {
  std::vector<float> users;
  std::vector<float> items;
  std::vector<float> user_bias;
  std::vector<float> item_bias;
  int stride;
  bool biases;

  SgdRows View() {
    return {.users = users.data(),
            .items = items.data(),
            .user_bias = biases ? user_bias.data() : nullptr,
            .item_bias = biases ? item_bias.data() : nullptr,
            .stride = stride};
  }
};

constexpr SgdSteps kSteps = {.baseline = 3.5F, .rate = 0.005F, .keep = 0.9995F, .bias_rate = 0.02F, .bias_keep = 0.99F};

/// The formula, one pair at a time.
void VisitPlainly(const Pair& pair, Rows& rows) {
  float* const u = rows.users.data() + pair.user * rows.stride;
  float* const v = rows.items.data() + pair.item * rows.stride;
  const float dot = kernels::Dot(u, v, rows.stride);
  float error = pair.rating - kSteps.baseline;
  if (rows.biases) error -= rows.user_bias[pair.user] + rows.item_bias[pair.item];
  error -= dot;
  if (rows.biases) {
    for (float* const bias : {&rows.user_bias[pair.user], &rows.item_bias[pair.item]}) {
      *bias = kSteps.bias_keep * *bias + kSteps.bias_rate * error;
    }
  }
  for (int f = 0; f < rows.stride; ++f) {
    const float old_u = u[f];
    u[f] = old_u * kSteps.keep + kSteps.rate * error * v[f];
    v[f] = v[f] * kSteps.keep + kSteps.rate * error * old_u;
  }
}

class SgdVisits : public testing::TestWithParam<std::tuple<int, bool>> {};

TEST_P(SgdVisits, HaveTheBitsOfOnePairAfterTheOther) {
  constexpr Index kUsers = 5;
  constexpr Index kItems = 4;
  const auto [stride, biases] = GetParam();
  Rows rows{.users = test::RandomFloats(kUsers * stride, 1),
            .items = test::RandomFloats(kItems * stride, 2),
            .user_bias = test::RandomFloats(kUsers, 3),
            .item_bias = test::RandomFloats(kItems, 4),
            .stride = stride,
            .biases = biases};
  std::mt19937 engine(6);
  std::vector<Pair> pairs;
  for (int i = 0; i < 300; ++i) {
    pairs.push_back({.user = static_cast<Index>(test::Draw(engine) * kUsers),
                     .item = static_cast<Index>(test::Draw(engine) * kItems),
                     .rating = static_cast<float>(1.0 + 4.0 * test::Draw(engine))});
  }
  Rows expected = rows;
  int share[3] = {0, 0, 0};  // rows in common with the pair before: none, one, both
  const SgdWalk walk(pairs, Random(7));
  SgdWalk same = walk;
  const Pair* before = nullptr;
  while (const Pair* const pair = same.Next()) {
    if (before != nullptr) ++share[(pair->user == before->user ? 1 : 0) + (pair->item == before->item ? 1 : 0)];
    before = pair;
    VisitPlainly(*pair, expected);
  }
  for (const int count : share) ASSERT_GE(count, 5) << "each kind of neighbours must come up";
  SgdVisitFor(stride)(walk, rows.View(), kSteps);
  EXPECT_EQ(rows.users, expected.users);
  EXPECT_EQ(rows.items, expected.items);
  EXPECT_EQ(rows.user_bias, expected.user_bias);
  EXPECT_EQ(rows.item_bias, expected.item_bias);
}

INSTANTIATE_TEST_SUITE_P(Strides, SgdVisits,
                         testing::Combine(testing::Values(4, 8, 12, 16, 20, 32, 44, 64, 80, 128), testing::Bool()));

TEST(SgdThreads, AndSlicesDoNotChangeABit) {
  const auto ratings = test::Freeze(test::RandomColumns(1'200, 900, 0.15, 8), 1'200, 900);
  ASSERT_GT(ratings->Size(), 131'072) << "enough for several tiles";
  for (const bool adaptive : {false, true}) {
    Options options = DefaultOptions(SolverKind::kSgd);
    options.model.factors = 254;  // so many that an epoch takes several slices, on three threads too
    options.model.biases = true;
    options.training.adaptive = adaptive;
    options.training.epochs = 5;
    int slices = 0;
    const auto train = [&](int threads, double seconds) {
      options.training.threads = threads;
      Trainer trainer(ratings, options);
      for (slices = 0; !trainer.Finished(); ++slices) trainer.Advance(seconds);
      return trainer.Result();
    };
    const Model one = train(1, test::kEndless);
    EXPECT_EQ(slices, 5);
    EXPECT_TRUE(test::SameBits(train(1, 0.0), one));
    EXPECT_GT(slices, 20);
    EXPECT_TRUE(test::SameBits(train(2, test::kEndless), one));
    EXPECT_TRUE(test::SameBits(train(3, test::kEndless), one));
    EXPECT_TRUE(test::SameBits(train(3, 0.0), one));
    EXPECT_GT(slices, 12);
  }
}

}  // namespace
}  // namespace matfac
