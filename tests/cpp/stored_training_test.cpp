#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "features_data.h"
#include "implicit_data.h"
#include "model/solver_traits.h"
#include "stored_data.h"
#include "support.h"
#include "training/trainer.h"

// A training on ratings in a store gives the bits of the training in memory.
namespace matfac {
namespace {

using test::ByteStore;
using test::ExpectError;
using test::FailingStore;
using test::SharedRatings;

constexpr SolverKind kStreaming[] = {SolverKind::kSgd, SolverKind::kAls, SolverKind::kImplicitAls};

struct Data {
  RatingColumns train;
  ValidationRatings validation;
  Index users;
  Index items;
};

Data RandomData(Index users, Index items, double share, unsigned seed) {
  const RatingColumns all = test::RandomColumns(users, items, share, seed);
  SplitRatings split = Split(all.View(), 0.2, seed);
  return {.train = std::move(split.train),
          .validation = {.users = std::move(split.test.users),
                         .items = std::move(split.test.items),
                         .values = std::move(split.test.values),
                         .times = {}},
          .users = users,
          .items = items};
}

Options SmallOptions(SolverKind solver, bool preference = false) {
  Options options = DefaultOptions(solver);
  options.model.factors = 12;
  options.model.preference = preference;
  options.training.epochs = 3;
  return options;
}

void ExpectSameReport(const EpochReport& a, const EpochReport& b) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_TRUE(same(a.train_rmse, b.train_rmse));
  EXPECT_TRUE(same(a.validation_rmse, b.validation_rmse));
  EXPECT_TRUE(same(a.validation_ndcg, b.validation_ndcg));
}

void ExpectSameModel(const Model& a, const Model& b) {
  EXPECT_TRUE(test::SameBits(a, b));
  EXPECT_TRUE(a.user_feature_weights == b.user_feature_weights);
  EXPECT_TRUE(a.item_feature_weights == b.item_feature_weights);
  EXPECT_EQ(a.feature_ridges, b.feature_ridges);
  EXPECT_EQ(a.scale, b.scale);
}

void ExpectSameTraining(Trainer& a, Trainer& b) {
  while (!a.Finished()) {
    ASSERT_FALSE(b.Finished());
    ExpectSameReport(a.Step(), b.Step());
  }
  EXPECT_TRUE(b.Finished());
  ExpectSameModel(a.Result(), b.Result());
}

using Case = std::tuple<SolverKind, bool, bool, Offset>;

/// Solver, preference, validation, ratings in the window.
class StoredTraining : public testing::TestWithParam<Case> {
 protected:
  void ExpectSame(const Data& data) const {
    const auto [solver, preference, validated, window] = GetParam();
    Options options = SmallOptions(solver, preference);
    if (validated) options.training.patience = 2;
    const ValidationRatings validation = validated ? data.validation : ValidationRatings();
    Trainer in_memory(test::Freeze(data.train, data.users, data.items), options, validation);
    Trainer stored(test::Store(std::make_shared<ByteStore>(), data.train, data.users, data.items, window), options,
                   validation);
    ExpectSameTraining(in_memory, stored);
  }
};

TEST_P(StoredTraining, HasTheBitsOfMemory) { ExpectSame(RandomData(60, 80, 0.2, 1)); }

TEST_P(StoredTraining, OfOneUserWithRatings) { ExpectSame(RandomData(2, 300, 0.8, 2)); }

TEST_P(StoredTraining, OfManyUsersAndFewItems) { ExpectSame(RandomData(700, 5, 0.7, 3)); }

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const SolverKind solver : kStreaming) {
    for (const bool preference : {false, true}) {
      if (preference && IsImplicit(solver)) continue;
      for (const bool validated : {false, true}) {
        for (const Offset window : {Offset{5}, Offset{64}, kWindowRatings}) {
          cases.emplace_back(solver, preference, validated, window);
        }
      }
    }
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(All, StoredTraining, testing::ValuesIn(Cases()));

TEST(StoredTrainings, OfSweepsOfEveryKindAreThoseOfMemory) {
  const Data data = RandomData(50, 40, 0.3, 5);
  for (const SolverKind solver : {SolverKind::kAls, SolverKind::kImplicitAls}) {
    for (const Sweep sweep : {Sweep::kExact, Sweep::kConjugateGradient, Sweep::kBlocks}) {
      Options options = SmallOptions(solver);
      options.training.sweep = sweep;
      Trainer in_memory(test::Freeze(data.train, data.users, data.items), options);
      Trainer stored(test::Store(std::make_shared<ByteStore>(), data.train, data.users, data.items, 32), options);
      ExpectSameTraining(in_memory, stored);
    }
  }
}

TEST(StoredTrainings, OfManyTilesInAFileAreThoseOfMemory) {
  const RatingColumns columns = test::RandomColumns(1'000, 800, 0.3, 6);
  for (const bool adaptive : {false, true}) {
    Options options = SmallOptions(SolverKind::kSgd);
    options.training.adaptive = adaptive;
    Trainer in_memory(test::Freeze(columns, 1'000, 800), options);
    Trainer stored(test::Store(std::make_shared<test::FileStore>(), columns, 1'000, 800, 5'000), options);
    ExpectSameTraining(in_memory, stored);
  }
}

TEST(StoredTrainings, WithFeaturesAreThoseOfMemory) {
  const Data data = RandomData(50, 40, 0.3, 7);
  const auto features = std::make_shared<const SideFeatures>(
      SideFeatures{.users = test::KindOfRow(50, 3), .items = test::NoiseFeatures(40, 4, 1)});
  for (const SolverKind solver : {SolverKind::kAls, SolverKind::kImplicitAls}) {
    Options options = SmallOptions(solver, solver == SolverKind::kAls);
    options.training.epochs = 6;
    Trainer in_memory(test::Freeze(data.train, 50, 40), options, {}, std::nullopt, features);
    Trainer stored(test::Store(std::make_shared<ByteStore>(), data.train, 50, 40, 32), options, {}, std::nullopt,
                   features);
    ExpectSameTraining(in_memory, stored);
    EXPECT_GT(stored.Result().item_feature_weights.rows(), 0);
  }
}

TEST(StoredTrainings, FromAWarmStartAreThoseOfMemory) {
  const Data data = RandomData(50, 40, 0.3, 8);
  const SharedRatings in_memory = test::Freeze(data.train, 50, 40);
  const SharedRatings in_store = test::Store(std::make_shared<ByteStore>(), data.train, 50, 40, 32);
  for (const SolverKind solver : kStreaming) {
    const Options options = SmallOptions(solver, !IsImplicit(solver));
    Trainer first(in_store, options);
    while (!first.Finished()) first.Step();
    WarmStart start{.model = first.Result(),
                    .users = std::vector<Index>(50),
                    .items = std::vector<Index>(40),
                    .epochs_done = options.training.epochs};
    for (Index user = 0; user < 50; ++user) start.users[user] = user;
    for (Index item = 0; item < 40; ++item) start.items[item] = item;
    Trainer a(in_memory, options, {}, start);
    Trainer b(in_store, options, {}, start);
    ExpectSameTraining(a, b);
  }
}

TEST(StoredTrainings, InSlicesOrWithThreadsAreTheSame) {
  const RatingColumns columns = test::RandomColumns(1'000, 800, 0.2, 6);
  const SharedRatings in_store = test::Store(std::make_shared<ByteStore>(), columns, 1'000, 800, 5'000);
  for (const SolverKind solver : kStreaming) {
    Options options = SmallOptions(solver);
    options.training.epochs = 2;
    Trainer whole(in_store, options);
    while (!whole.Finished()) whole.Step();
    options.training.threads = 3;
    Trainer sliced(in_store, options);
    while (!sliced.Finished()) sliced.Advance(0.0);
    ExpectSameModel(whole.Result(), sliced.Result());
  }
}

TEST(StoredTrainings, OnTheSameRatingsTakeTurns) {
  const RatingColumns columns = test::RandomColumns(1'000, 800, 0.2, 6);
  const SharedRatings in_store = test::Store(std::make_shared<ByteStore>(), columns, 1'000, 800, 5'000);
  const SharedRatings in_memory = test::Freeze(columns, 1'000, 800);
  std::vector<Trainer> stored;
  std::vector<Trainer> expected;
  for (const int factors : {4, 12}) {
    Options options = SmallOptions(SolverKind::kSgd);
    options.model.factors = factors;
    stored.emplace_back(in_store, options);
    expected.emplace_back(in_memory, options);
  }
  for (int epoch = 0; epoch < 3; ++epoch) {
    for (const int training : {0, 1}) ExpectSameReport(stored[training].Step(), expected[training].Step());
  }
  for (const int training : {0, 1}) ExpectSameModel(stored[training].Result(), expected[training].Result());
}

TEST(StoredTrainings, WhoseStoreFailsKeepTheLastWholeEpoch) {
  const Data data = RandomData(60, 80, 0.2, 9);
  for (const SolverKind solver : kStreaming) {
    const Options options = SmallOptions(solver, !IsImplicit(solver));
    const ValidationRatings validation = data.validation;
    Trainer expected(test::Freeze(data.train, 60, 80), options, validation);
    const auto store = std::make_shared<FailingStore>(std::make_shared<ByteStore>());
    const SharedRatings ratings = test::Store(store, data.train, 60, 80, 64);
    store->calls = 0;
    {
      Trainer whole(ratings, options, validation);
      whole.Step();
      expected.Step();
      const int before = store->calls;
      whole.Step();
      const int epoch = store->calls - before;
      ASSERT_GT(epoch, 2);
      for (int call = 0; call < epoch; ++call) {
        Trainer trainer(ratings, options, validation);
        trainer.Step();
        store->fails_at = store->calls + call;
        ExpectError<std::runtime_error>([&] { trainer.Step(); }, {"the disk is full"});
        EXPECT_EQ(trainer.EpochsDone(), 1);
        ExpectSameModel(trainer.Result(), expected.Result());
        ExpectError<std::logic_error>([&] { trainer.Step(); }, {"the training must not go on after an error"});
      }
    }
    store->calls = 0;
    const int making = [&] {
      Trainer made(ratings, options, validation);
      return store->calls;
    }();
    for (int call = 0; call < making; ++call) {
      store->fails_at = store->calls + call;
      ExpectError<std::runtime_error>([&] { Trainer(ratings, options, validation); }, {"the disk is full"});
    }
    store->fails_at = -1;
    Trainer again(ratings, options, validation);
    again.Step();
    ExpectSameTraining(expected, again);
  }
}

TEST(StoredTrainings, FindOutThatTheirTilesChanged) {
  const RatingColumns columns = test::RandomColumns(30, 20, 0.5, 1);
  const auto store = std::make_shared<ByteStore>();
  const SharedRatings ratings = test::Store(store, columns, 30, 20, 64);
  const std::int64_t tiles = (12 + 8) * std::ssize(columns.values);
  const auto train = [&](std::int64_t offset, auto value) {
    Trainer trainer(ratings, SmallOptions(SolverKind::kSgd));
    store->Put(tiles + offset, value);
    trainer.Step();
  };
  for (const Index user : {-1, 30}) {
    ExpectError<std::invalid_argument>([&] { train(24, user); }, {"stored ratings must stay as they were written"});
    ExpectError<std::invalid_argument>([&] { train(28, user); }, {"stored ratings must stay as they were written"});
  }
  ExpectError<std::invalid_argument>([&] { train(32, std::numeric_limits<float>::infinity()); },
                                     {"stored ratings must stay as they were written"});
  EXPECT_NO_THROW(train(24, Index{3}));
}

TEST(StoredTrainings, AreForTheSolversThatReadRowsInOrder) {
  const RatingColumns columns = test::RandomColumns(30, 20, 0.5, 1);
  const SharedRatings ratings = test::Store(std::make_shared<ByteStore>(), columns, 30, 20, 64);
  for (const SolverTraits* const traits : AllSolvers()) {
    const Options options = DefaultOptions(traits->kind);
    if (traits->reads_stored) {
      EXPECT_NO_THROW(Trainer(ratings, options));
      continue;
    }
    const std::string is = "it is '" + std::string(traits->name) + "'";
    ExpectError<std::invalid_argument>(
        [&] { Trainer(ratings, options); },
        {"solver must be one of 'als', 'sgd', 'implicit-als' for stored ratings; ", is.c_str()});
  }
}

}  // namespace
}  // namespace matfac
