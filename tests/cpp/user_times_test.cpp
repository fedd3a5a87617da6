#include "model/user_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "model/tensors.h"
#include "ranking/metrics.h"
#include "ranking/recommend.h"
#include "support.h"
#include "training/kept_rows.h"
#include "training/trainer.h"

namespace matfac {
namespace {

constexpr double kOrigin = 11000.0 * kSecondsPerDay;

struct Bin {
  std::uint32_t number;
  float effect;
};

/// `bins`: scale by scale, user by user.
std::vector<float> Packed(double origin, const std::vector<std::uint32_t>& widths,
                          const std::vector<std::vector<Bin>>& bins) {
  TimesWriter writer(origin, widths);
  for (const auto& of_user : bins) {
    writer.StartUser();
    for (const Bin& bin : of_user) writer.AddBin(bin.number, bin.effect);
  }
  return writer.Take();
}

/// Of three users, the second of whom has none.
std::vector<float> ThreePacked() {
  return Packed(kOrigin, {3600, 30},
                {{{5, 0.5F}, {7, -0.25F}}, {}, {{1, 1.0F}}, {{840, 2.0F}}, {}, {{100'000'000, 4.0F}}});
}
UserTimes Three() { return {ThreePacked(), 3}; }

TEST(UserTimes, ShiftsToABinFromTheLast) {
  const UserTimes times = Three();
  const double last = -0.25 + 2.0;
  EXPECT_EQ(times.Last(0), last);
  EXPECT_EQ(times.Shift(0, kOrigin + 5 * 3600), 0.5 - last);
  EXPECT_EQ(times.Shift(0, kOrigin + 6 * 3600 - 1), 0.5 - last);
  EXPECT_EQ(times.Shift(0, kOrigin + 6 * 3600), -last);
  EXPECT_EQ(times.Shift(0, kOrigin + 840 * 30), -0.25 + 2.0 - last) << "its hour is the seventh";
  EXPECT_EQ(times.Shift(0, kOrigin - 1e9), -last);
  EXPECT_EQ(times.Shift(0, 1e300), -last);
  EXPECT_EQ(times.Shift(1, kOrigin), 0.0);
  EXPECT_EQ(times.Shift(2, kOrigin + 100'000'000.0 * 30), 4.0 - 5.0)
      << "float32 does not hold the distance to the origin";
}

TEST(UserTimes, AreAbsentWithoutBins) {
  EXPECT_TRUE(Packed(kOrigin, {30}, {{}, {}}).empty());
  EXPECT_EQ(UserTimes({}, 3).Shift(0, kOrigin), 0.0);
}

TEST(UserTimes, FurtherUsersKeepTheirTimes) {
  const UserTimes earlier(Packed(kOrigin - 2 * kSecondsPerDay, {3600, 30}, {{}, {{2, 8.0F}}, {}, {{9, 16.0F}}}), 2);
  const UserTimes times(Three().With(earlier, std::vector<Index>{1}), 4);
  for (const double since : {5 * 3600.0, 840 * 30.0, 100'000'000.0 * 30, 0.0}) {
    for (Index user = 0; user < 3; ++user) {
      EXPECT_EQ(times.Shift(user, kOrigin + since), Three().Shift(user, kOrigin + since));
    }
  }
  for (const double since : {7300.0, 270.0, 0.0}) {
    const double at = kOrigin - 2 * kSecondsPerDay + since;
    EXPECT_EQ(times.Shift(3, at), earlier.Shift(1, at)) << since;
  }
  const UserTimes alone(UserTimes({}, 2).With(earlier, std::vector<Index>{1}), 3);
  EXPECT_EQ(alone.Last(0), 0.0);
  EXPECT_EQ(alone.Last(2), 24.0);
}

TEST(UserTimes, RefuseDamagedNumbers) {
  const std::vector<float> good = ThreePacked();
  const auto expect = [&](std::vector<float> bad, Index users, const char* part) {
    test::ExpectError<std::invalid_argument>([&] { UserTimes(bad, users); }, {"userTimes must be", part});
  };
  expect({good.begin(), good.end() - 1}, 3, "as long as its counts say; it is shorter");
  expect(good, 2, "as long as its counts say; it is longer");
  expect(good, 4, "as long as its counts say; it is shorter");
  for (const std::size_t count : {1, 2, 4, 5}) {
    for (const float number : {-1.0F, 0.5F, 1e30F}) {
      std::vector<float> bad = good;
      bad[count] = number;
      expect(bad, 3, "whole numbers");
    }
  }
  std::vector<float> bad = good;
  bad[2] = 0.0F;
  expect(bad, 3, "whole numbers");
  Model model;
  model.user_factors = model.item_factors = FactorMatrix::Zero(3, 4);
  const TensorRule& tensor = *FindTensor("userTimes");
  test::ExpectError<std::invalid_argument>([&] { Unpack(tensor, good, model); }, {"userTimes must have 0 numbers"});
  model.options.time = TimeKind::kMood;
  EXPECT_NO_THROW(Unpack(tensor, good, model));
  EXPECT_EQ(model.user_times, good);
}

/// Ratings whose users rate higher or lower for five minutes at a time, a fifth held out.
SplitRatings Moody(std::uint64_t seed) {
  const GeneratedRatings generated = Generate(GeneratorSizeFromName("tiny"), seed);
  RatingColumns columns = generated.columns;
  Random random(seed, 8);
  std::map<Index, double> clocks;
  std::map<std::pair<Index, std::int64_t>, double> moods;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    double& clock = clocks.try_emplace(columns.users[i], 1e9 + 1e7 * random.Uniform()).first->second;
    clock += random.Uniform() < 0.1 ? 1e5 : 20.0;
    columns.times.push_back(clock);
    const auto [mood, is_new] = moods.try_emplace({columns.users[i], static_cast<std::int64_t>(clock / 300)});
    if (is_new) mood->second = 0.8 * random.Normal();
    columns.values[i] += static_cast<float>(mood->second);
  }
  return Split(columns.View(), 0.2, 3);
}

class TimedModel : public testing::Test {
 protected:
  static constexpr std::uint64_t kSeed = 2;

  static Options Timed() {
    Options options = DefaultOptions(SolverKind::kVariational);
    options.model.time = TimeKind::kMood;
    return options;
  }
  static test::SharedRatings Frozen(const RatingColumns& columns) {
    const GeneratedRatings sizes = Generate(GeneratorSizeFromName("tiny"), kSeed);
    return test::Freeze(columns, sizes.user_count, sizes.item_count);
  }
  static Model Trained(const test::SharedRatings& ratings, const Options& options) {
    Trainer trainer(ratings, options);
    while (!trainer.Finished()) trainer.Step();
    return trainer.Result();
  }

  const SplitRatings split_ = Moody(kSeed);
  const test::SharedRatings ratings_ = Frozen(split_.train);
};

TEST_F(TimedModel, PredictsBetterAtTheTimesOfHeldOutRatings) {
  const Model timed = Trained(ratings_, Timed());
  const Model plain = Trained(ratings_, DefaultOptions(SolverKind::kVariational));
  EXPECT_LT(Evaluate(timed, split_.test.View()).rmse, 0.9 * Evaluate(plain, split_.test.View()).rmse);
}

TEST_F(TimedModel, AtNewTimesPredictsAboutAsWellAsWithoutTime) {
  const Model timed = Trained(ratings_, Timed());
  const Model plain = Trained(ratings_, DefaultOptions(SolverKind::kVariational));
  RatingColumns later = split_.test;
  for (double& time : later.times) time += 1e9;
  EXPECT_LT(Evaluate(timed, later.View()).rmse, 1.02 * Evaluate(plain, later.View()).rmse);
}

TEST_F(TimedModel, ByItselfIsTheModelAtTheLastTimes) {
  const Model model = Trained(ratings_, Timed());
  ASSERT_FALSE(model.user_times.empty());
  const UserTimes times(model);
  for (Index user = 0; user < model.UserCount(); ++user) {
    const auto row = ratings_->ByUser().Row(user);
    if (row.times.empty()) continue;
    const double last = ratings_->TimeOrigin() + *std::ranges::max_element(row.times);
    EXPECT_EQ(PredictAt(model, times, user, 0, last), model.Predict(user, 0));
  }
}

TEST_F(TimedModel, TheMeasuredErrorIsThatOfPredictionsAtTheTimes) {
  Trainer trainer(ratings_, Timed());
  EpochReport report;
  for (int epoch = 0; epoch < 5; ++epoch) report = trainer.Step();
  EXPECT_NEAR(report.train_rmse, Evaluate(trainer.Result(), split_.train.View()).rmse, 1e-5);
}

TEST_F(TimedModel, ValidatesAtTheTimesOfTheValidationRatings) {
  const auto& [users, items, values, times] = split_.test;
  Trainer trainer(ratings_, Timed(), {.users = users, .items = items, .values = values, .times = times});
  const double found = trainer.Step().validation_rmse;
  EXPECT_NEAR(found, Evaluate(trainer.Result(), split_.test.View()).rmse, 1e-12);
  test::ExpectError<std::invalid_argument>(
      [&] {
        std::vector<double> bad = times;
        bad[1] = std::numeric_limits<double>::infinity();
        Trainer(ratings_, Timed(), {.users = users, .items = items, .values = values, .times = bad});
      },
      {"time of validation rating 1 must be a finite number; it is Infinity"});
}

TEST_F(TimedModel, TheFreeEnergyNeverRises) {
  Options options = Timed();
  options.model.preference = false;
  Trainer trainer(ratings_, options);
  double last = test::kEndless;
  while (!trainer.Finished()) {
    const EpochReport report = trainer.Step();
    EXPECT_LE(report.loss, last + 2e-6 * std::abs(report.loss)) << "in epoch " << report.epoch;
    last = report.loss;
  }
}

TEST_F(TimedModel, ThreadsSlicesAndAWarmStartDoNotChangeIt) {
  Options options = Timed();
  options.training.epochs = 6;
  const Model one = Trained(ratings_, options);
  options.training.threads = 3;
  Trainer threaded(ratings_, options);
  while (!threaded.Finished()) threaded.Advance(0.0);
  EXPECT_TRUE(test::SameBits(threaded.Result(), one));
  options.training.epochs = 2;
  WarmStart start{.model = Trained(ratings_, options), .epochs_done = 2};
  for (Index user = 0; user < ratings_->UserCount(); ++user) start.users.push_back(user);
  for (Index item = 0; item < ratings_->ItemCount(); ++item) start.items.push_back(item);
  options.training.epochs = 4;
  Trainer continued(ratings_, options, {}, start);
  while (!continued.Finished()) continued.Step();
  EXPECT_TRUE(test::SameBits(continued.Result(), one));
  EXPECT_EQ(continued.Result().user_times, one.user_times);
}

TEST_F(TimedModel, TheTimesChangeNoOrderOfRecommendations) {
  const Model model = Trained(ratings_, Timed());
  Model shifted = model;
  shifted.user_bias[3] += static_cast<float>(UserTimes(model).Shift(3, 0.0));
  EXPECT_EQ(Recommend(model, ProfileOf(model, 3), {}, {}).indices,
            Recommend(shifted, ProfileOf(shifted, 3), {}, {}).indices);
}

TEST_F(TimedModel, KeptUsersKeepTheirTimes) {
  const Model before = Trained(ratings_, Timed());
  // The users of the next training are the first five, and a new one.
  RatingColumns columns;
  for (std::size_t i = 0; i < split_.test.values.size(); ++i) {
    if (split_.test.users[i] < 6) columns.Add(split_.test.View(), i);
  }
  const auto next = test::Freeze(columns, 6, ratings_->ItemCount());
  WarmStart start{
      .model = before, .users = {0, 1, 2, 3, 4, kUnknown}, .epochs_done = before.options.factors, .keep = true};
  for (Index item = 0; item < ratings_->ItemCount(); ++item) start.items.push_back(item);
  Options options = Timed();
  options.training.epochs = 2;
  options.model.factors = before.options.factors;
  Trainer trainer(next, options, {}, start);
  while (!trainer.Finished()) trainer.Step();
  const Model after = WithKept(trainer.Result(), start);
  const UserTimes old_times(before);
  const UserTimes times(after);
  for (std::size_t i = 0; i < split_.test.values.size(); ++i) {
    const Index user = split_.test.users[i];
    if (user < 5) continue;
    EXPECT_EQ(times.Shift(user + 1, split_.test.times[i]), old_times.Shift(user, split_.test.times[i]));
  }
}

TEST_F(TimedModel, NeedsRatingsWithTimes) {
  RatingColumns untimed = split_.train;
  untimed.times.clear();
  test::ExpectError<std::invalid_argument>([&] { Trainer(Frozen(untimed), Timed()); },
                                           {"time must be 'none' for ratings without times; it is 'mood'"});
  Options options = Timed();
  options.model.time = TimeKind::kDays;
  test::ExpectError<std::invalid_argument>(
      [&] { Validate(options); }, {"time must be 'none', 'mood' or 'all' with the solver 'variational'; it is 'days'"});
  options = DefaultOptions(SolverKind::kAls);
  options.model.time = TimeKind::kMood;
  test::ExpectError<std::invalid_argument>(
      [&] { Validate(options); },
      {"time must be 'none' with the solver 'als', which does not read it (read by 'variational', 'bayesian')"});
}

TEST_F(TimedModel, WithoutTimeTimesChangeNothing) {
  RatingColumns untimed = split_.train;
  untimed.times.clear();
  const Options options = DefaultOptions(SolverKind::kVariational);
  EXPECT_TRUE(test::SameBits(Trained(ratings_, options), Trained(Frozen(untimed), options)));
}

}  // namespace
}  // namespace matfac
