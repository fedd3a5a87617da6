#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <tuple>

#include "data/ratings.h"
#include "stored_data.h"
#include "support.h"

// Ratings in a store are those in memory: every row, every number.
namespace matfac {
namespace {

using test::ByteStore;
using test::ExpectError;
using test::FailingStore;

void ExpectSameSide(const RatingsSide& stored, const RatingsSide& in_memory) {
  ASSERT_EQ(stored.RowCount(), in_memory.RowCount());
  for (Index row = 0; row < stored.RowCount(); ++row) {
    ASSERT_EQ(stored.Begin(row), in_memory.Begin(row));
    const RatingsRow expected = in_memory.Row(row);
    const RatingsRow found = stored.Row(row);
    ASSERT_TRUE(std::ranges::equal(found.others, expected.others)) << "row " << row;
    ASSERT_TRUE(std::ranges::equal(found.values, expected.values)) << "row " << row;
    EXPECT_TRUE(found.times.empty());
  }
}

/// Users, items, share of rated pairs, ratings in the window.
class StoredShape : public testing::TestWithParam<std::tuple<Index, Index, double, Offset>> {
 protected:
  const Index users_ = std::get<0>(GetParam());
  const Index items_ = std::get<1>(GetParam());
  const RatingColumns columns_ = test::RandomColumns(users_, items_, std::get<2>(GetParam()), 3);
  const Offset window_ = std::get<3>(GetParam());
};

TEST_P(StoredShape, HoldsWhatMemoryHolds) {
  const auto in_memory = test::Freeze(columns_, users_, items_);
  const std::shared_ptr<RatingsStore> stores[] = {std::make_shared<ByteStore>(), std::make_shared<test::FileStore>()};
  for (const auto& store : stores) {
    const auto stored = test::Store(store, columns_, users_, items_, window_);
    ExpectSameSide(stored->ByUser(), in_memory->ByUser());
    ExpectSameSide(stored->ByItem(), in_memory->ByItem());
    EXPECT_EQ(stored->Size(), in_memory->Size());
    EXPECT_EQ(stored->Mean(), in_memory->Mean());
    EXPECT_EQ(stored->Deviation(), in_memory->Deviation());
    EXPECT_EQ(stored->Minimum(), in_memory->Minimum());
    EXPECT_EQ(stored->Maximum(), in_memory->Maximum());
    EXPECT_TRUE(stored->IsStored());
    EXPECT_FALSE(in_memory->IsStored());
    EXPECT_FALSE(stored->HasTimes());
  }
}

// The last user and the last item have no ratings; two users are one with ratings, and so are two items.
INSTANTIATE_TEST_SUITE_P(Shapes, StoredShape,
                         testing::Values(std::tuple(40, 60, 0.3, 1), std::tuple(40, 60, 0.3, 7),
                                         std::tuple(40, 60, 0.3, 100'000), std::tuple(2, 500, 0.9, 8),
                                         std::tuple(500, 2, 0.9, 8), std::tuple(2, 2, 1.0, 4),
                                         std::tuple(300, 900, 0.05, 16)));

TEST(StoredRatings, HaveRowsInAnyOrder) {
  const RatingColumns columns = test::RandomColumns(30, 20, 0.5, 9);
  const auto in_memory = test::Freeze(columns, 30, 20);
  const auto stored = test::Store(std::make_shared<ByteStore>(), columns, 30, 20, 16);
  for (const Index user : {29, 28, 0, 17, 16, 3, 29, 1}) {
    EXPECT_TRUE(std::ranges::equal(stored->ByUser().Row(user).others, in_memory->ByUser().Row(user).others));
  }
}

TEST(StoredRatings, OfEqualValuesHaveTheDeviationOne) {
  RatingColumns columns = test::RandomColumns(5, 5, 0.9, 1);
  std::ranges::fill(columns.values, 3.0F);
  EXPECT_EQ(test::Store(std::make_shared<ByteStore>(), columns, 5, 5, 4)->Deviation(), 1.0);
}

TEST(StoredRatings, AreReadAndWrittenInLongPieces) {
  const RatingColumns columns = test::RandomColumns(200, 300, 0.4, 2);
  const auto store = std::make_shared<ByteStore>();
  constexpr Offset kWindow = 1'000;
  test::WriteByUser(columns, *store);
  store->calls = 0;
  test::FromStore(store, columns, 200, 300, kWindow);
  // Passes in windows of two columns, of which a part of a row is read again: for the mean, the deviation, what is
  // there, and each of two groups of items; then the groups are written.
  const auto windows = std::ssize(columns.values) / (kWindow - 300) + 1;
  EXPECT_LE(store->calls, 1 + 5 * 2 * windows + 2 * 2);
}

/// Ratings in a store, to be damaged: two for each of three users.
class DamagedStore : public testing::Test {
 protected:
  RatingColumns columns_{
      .users = {0, 0, 1, 1, 2, 2}, .items = {0, 3, 1, 2, 0, 2}, .values = {1, 2, 3, 4, 5, 6}, .times = {}};
  std::shared_ptr<ByteStore> store_ = std::make_shared<ByteStore>();

  DamagedStore() { test::WriteByUser(columns_, *store_); }

  void ExpectRefused(std::initializer_list<const char*> parts) {
    ExpectError<std::invalid_argument>([&] { test::FromStore(store_, columns_, 3, 4, 2); }, parts);
  }
};

TEST_F(DamagedStore, NamesAnItemOutOfRange) {
  store_->Put<Index>(4 * 3, 4);
  ExpectRefused({"item of rating 3 must be from 2 to 3; it is 4"});
  store_->Put<Index>(4 * 3, -1);
  ExpectRefused({"item of rating 3 must be from 2 to 3; it is -1"});
}

TEST_F(DamagedStore, NamesItemsOutOfOrder) {
  store_->Put<Index>(4 * 3, 1);
  ExpectRefused({"item of rating 3 must be from 2 to 3; it is 1"});
  store_->Put<Index>(4 * 3, 0);
  ExpectRefused({"item of rating 3 must be from 2 to 3; it is 0"});
}

TEST_F(DamagedStore, NamesAValueThatIsNotFinite) {
  store_->Put(4 * (6 + 2), std::numeric_limits<float>::quiet_NaN());
  ExpectRefused({"rating 2 must be a finite number; it is NaN"});
  store_->Put(4 * (6 + 2), -std::numeric_limits<float>::infinity());
  ExpectRefused({"rating 2 must be a finite number; it is -Infinity"});
}

TEST_F(DamagedStore, ThrowsWhatAShortOneThrows) {
  store_->bytes.resize(4 * 11);
  ExpectError<std::runtime_error>([&] { test::FromStore(store_, columns_, 3, 4, 2); }, {"the store ends before"});
}

TEST_F(DamagedStore, IsHeldAgainstTheOffsetsBeforeAnythingIsAllocated) {
  // So many bytes are not there.
  const std::vector<Offset> offsets = {0, Offset{1} << 40};
  ExpectError<std::runtime_error>([&] { Ratings::FromStore(store_, offsets, 4, 0); }, {"the store ends before"});
}

TEST_F(DamagedStore, RefusesOffsetsThatDoNotRise) {
  for (const std::vector<Offset>& offsets : {std::vector<Offset>{}, {1, 6}, {0, 4, 2, 6}, {0, -1}}) {
    ExpectError<std::invalid_argument>([&] { Ratings::FromStore(store_, offsets, 4, 48); },
                                       {"offsets must rise from 0 to the number of ratings; they do not"});
  }
  for (const std::vector<Offset>& offsets : {std::vector<Offset>{0}, {0, 0, 0}}) {
    ExpectError<std::invalid_argument>([&] { Ratings::FromStore(store_, offsets, 4, 48); },
                                       {"ratings must not be empty"});
  }
}

TEST_F(DamagedStore, IsFoundOutLater) {
  const auto ratings = test::FromStore(store_, columns_, 3, 4, 2);
  const std::int64_t by_item = 12 * 6;
  const auto expect_changed = [&] {
    ratings->ByItem().Row(0);  // the window moves
    ExpectError<std::invalid_argument>([&] { ratings->ByItem().Row(3); },
                                       {"stored ratings must stay as they were written; they have changed"});
  };
  store_->Put<Index>(by_item + 4 * 5, 3);
  expect_changed();
  store_->Put<Index>(by_item + 4 * 5, 0);
  store_->Put(by_item + 4 * (6 + 5), std::numeric_limits<float>::quiet_NaN());
  expect_changed();
  store_->Put(by_item + 4 * (6 + 5), 2.0F);
  EXPECT_EQ(ratings->ByItem().Row(0).others[0], 0);
  EXPECT_EQ(ratings->ByItem().Row(3).others[0], 0) << "the error left no trace";
}

TEST(StoredRatings, ThrowWhatTheStoreThrowsAtAnyCall) {
  const RatingColumns columns = test::RandomColumns(30, 40, 0.3, 4);
  const auto bytes = std::make_shared<ByteStore>();
  test::WriteByUser(columns, *bytes);
  const auto counted = std::make_shared<FailingStore>(bytes);
  test::FromStore(counted, columns, 30, 40, 50);
  ASSERT_GT(counted->calls, 30);
  for (int call = 0; call < counted->calls; ++call) {
    const auto failing = std::make_shared<FailingStore>(bytes);
    failing->fails_at = call;
    ExpectError<std::runtime_error>([&] { test::FromStore(failing, columns, 30, 40, 50); }, {"the disk is full"});
  }
}

TEST(StoredRatings, OfAFailedRowAreWholeInTheNext) {
  const RatingColumns columns = test::RandomColumns(30, 40, 0.3, 4);
  const auto in_memory = test::Freeze(columns, 30, 40);
  const auto store = std::make_shared<FailingStore>(std::make_shared<ByteStore>());
  const auto ratings = test::Store(store, columns, 30, 40, 16);
  for (const int after : {0, 1}) {
    for (Index user = 0; user < 29; ++user) {
      ratings->ByUser().Row((user + 15) % 29);
      store->fails_at = store->calls + after;
      ExpectError<std::runtime_error>([&] { ratings->ByUser().Row(user); }, {"the disk is full"});
      ASSERT_TRUE(std::ranges::equal(ratings->ByUser().Row(user).values, in_memory->ByUser().Row(user).values));
    }
  }
}

}  // namespace
}  // namespace matfac
