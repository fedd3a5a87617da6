#include "data/ratings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>

#include "support.h"

namespace matfac {
namespace {

using test::ExpectError;

/// A row → (other → value), filled pair by pair.
using NaiveSide = std::map<Index, std::map<Index, float>>;

void ExpectSide(const RatingsSide& side, const NaiveSide& expected, Index row_count) {
  ASSERT_EQ(side.RowCount(), row_count);
  Offset begin = 0;
  for (Index row = 0; row < row_count; ++row) {
    const auto found = expected.find(row);
    const std::map<Index, float> naive = found == expected.end() ? std::map<Index, float>() : found->second;
    const RatingsRow ratings = side.Row(row);
    ASSERT_EQ(side.Begin(row), begin);
    ASSERT_EQ(side.Count(row), static_cast<Offset>(naive.size()));
    ASSERT_EQ(ratings.others.size(), naive.size());
    ASSERT_EQ(ratings.values.size(), naive.size());
    begin += side.Count(row);
    std::size_t j = 0;
    for (const auto& [other, value] : naive) {  // a map is sorted, and so must the row be
      EXPECT_EQ(ratings.others[j], other);
      EXPECT_EQ(ratings.values[j], value);
      ++j;
    }
  }
  EXPECT_EQ(side.Begin(row_count), begin);
}

TEST(Ratings, HoldsWhatCameInByUserAndByItem) {
  constexpr Index kUsers = 40;
  constexpr Index kItems = 60;
  const RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.3, 1);
  const auto ratings = test::Freeze(columns, kUsers, kItems);
  NaiveSide by_user;
  NaiveSide by_item;
  double sum = 0.0;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    by_user[columns.users[i]][columns.items[i]] = columns.values[i];
    by_item[columns.items[i]][columns.users[i]] = columns.values[i];
    sum += columns.values[i];
  }
  ExpectSide(ratings->ByUser(), by_user, kUsers);
  ExpectSide(ratings->ByItem(), by_item, kItems);
  EXPECT_EQ(ratings->UserCount(), kUsers);
  EXPECT_EQ(ratings->ItemCount(), kItems);
  EXPECT_EQ(ratings->Size(), static_cast<Offset>(columns.values.size()));
  EXPECT_DOUBLE_EQ(ratings->Mean(), sum / static_cast<double>(columns.values.size()));
  EXPECT_EQ(ratings->Minimum(), std::ranges::min(columns.values));
  EXPECT_EQ(ratings->Maximum(), std::ranges::max(columns.values));
  EXPECT_EQ(ratings->ByUser().Count(kUsers - 1), 0) << "the last user has no ratings";
  EXPECT_EQ(ratings->ByItem().Count(kItems - 1), 0) << "the last item has no ratings";
}

TEST(Ratings, MeanDoesNotDependOnTheOrder) {
  RatingColumns columns{.users = {0, 0, 1, 1, 2}, .items = {0, 1, 0, 1, 0}, .values = {0.1F, 1e7F, -3.3F, 0.7F, 1e-3F}};
  const double mean = test::Freeze(columns, 3, 2)->Mean();
  std::ranges::reverse(columns.users);
  std::ranges::reverse(columns.items);
  std::ranges::reverse(columns.values);
  EXPECT_EQ(test::Freeze(columns, 3, 2)->Mean(), mean);
}

TEST(Ratings, TakesOneRatingAndNegativeValues) {
  const auto ratings = test::Freeze({.users = {0}, .items = {0}, .values = {-2.5F}}, 1, 1);
  EXPECT_EQ(ratings->Size(), 1);
  EXPECT_EQ(ratings->Mean(), -2.5);
  EXPECT_EQ(ratings->Minimum(), -2.5F);
  EXPECT_EQ(ratings->Maximum(), -2.5F);
}

TEST(Ratings, KeepsWholeSecondsSinceTheMidnightBeforeTheFirst) {
  constexpr Index kUsers = 30;
  constexpr Index kItems = 20;
  constexpr double kMidnight = 10957.0 * kSecondsPerDay;
  RatingColumns columns = test::RandomColumns(kUsers, kItems, 0.3, 2);
  std::map<std::pair<Index, Index>, std::uint32_t> seconds;
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const auto since = static_cast<std::uint32_t>(500 + 7919 * (i % 1000));
    columns.times.push_back(kMidnight + since + 0.75);
    seconds[{columns.users[i], columns.items[i]}] = since;
  }
  const auto ratings = test::Freeze(columns, kUsers, kItems);
  ASSERT_TRUE(ratings->HasTimes());
  EXPECT_EQ(ratings->TimeOrigin(), kMidnight);
  for (Index user = 0; user < kUsers; ++user) {
    const RatingsRow row = ratings->ByUser().Row(user);
    ASSERT_EQ(row.times.size(), row.others.size());
    for (std::size_t j = 0; j < row.times.size(); ++j) EXPECT_EQ(row.times[j], (seconds[{user, row.others[j]}]));
  }
  for (Index item = 0; item < kItems; ++item) {
    const RatingsRow row = ratings->ByItem().Row(item);
    ASSERT_EQ(row.times.size(), row.others.size());
    for (std::size_t j = 0; j < row.times.size(); ++j) EXPECT_EQ(row.times[j], (seconds[{row.others[j], item}]));
  }
}

TEST(Ratings, TimesBefore1970AreAllowed) {
  const auto ratings =
      test::Freeze({.users = {0, 0}, .items = {0, 1}, .values = {1.0F, 2.0F}, .times = {-90000.5, -1.0}}, 1, 2);
  EXPECT_EQ(ratings->TimeOrigin(), -2.0 * kSecondsPerDay);
  EXPECT_EQ(ratings->ByUser().Row(0).times[0], 82799U);
  EXPECT_EQ(ratings->ByUser().Row(0).times[1], 172799U);
}

TEST(Ratings, WithoutTimesRowsHaveNone) {
  const auto ratings = test::Freeze({.users = {0}, .items = {0}, .values = {1.0F}}, 1, 1);
  EXPECT_FALSE(ratings->HasTimes());
  EXPECT_TRUE(ratings->ByUser().Row(0).times.empty());
  EXPECT_EQ(ratings->TimeOrigin(), 0.0);
}

/// Columns that are read a few ratings at a time.
class FewAtATime final : public TripletBlocks {
 public:
  FewAtATime(const RatingColumns& columns, std::size_t most) : all_(columns.View()), most_(most) {}

  std::size_t Size() const override { return all_.values.size(); }
  Triplets Read(std::size_t begin) override {
    const std::size_t count = std::min(most_, Size() - begin);
    Triplets block{.users = all_.users.subspan(begin, count),
                   .items = all_.items.subspan(begin, count),
                   .values = all_.values.subspan(begin, count)};
    if (!all_.times.empty()) block.times = all_.times.subspan(begin, count);
    return block;
  }

 private:
  Triplets all_;
  std::size_t most_;
};

void ExpectSameRows(const RatingsSide& found, const RatingsSide& expected) {
  ASSERT_EQ(found.RowCount(), expected.RowCount());
  for (Index row = 0; row < found.RowCount(); ++row) {
    ASSERT_EQ(found.Begin(row), expected.Begin(row));
    EXPECT_TRUE(std::ranges::equal(found.Row(row).others, expected.Row(row).others));
    EXPECT_TRUE(std::ranges::equal(found.Row(row).values, expected.Row(row).values));
    EXPECT_TRUE(std::ranges::equal(found.Row(row).times, expected.Row(row).times));
  }
}

TEST(Ratings, AreTheSameReadInBlocks) {
  RatingColumns columns = test::RandomColumns(50, 70, 0.3, 5);
  for (std::size_t i = 0; i < columns.values.size(); ++i) columns.times.push_back(1e9 + 12.5 * static_cast<double>(i));
  const auto whole = test::Freeze(columns, 50, 70);
  for (const std::size_t most : {std::size_t{1}, std::size_t{7}, columns.values.size() - 1, columns.values.size()}) {
    FewAtATime blocks(columns, most);
    const Ratings ratings = Ratings::FromTriplets(blocks, 50, 70);
    ExpectSameRows(ratings.ByUser(), whole->ByUser());
    ExpectSameRows(ratings.ByItem(), whole->ByItem());
    EXPECT_EQ(ratings.Mean(), whole->Mean());
    EXPECT_EQ(ratings.Deviation(), whole->Deviation());
    EXPECT_EQ(ratings.Minimum(), whole->Minimum());
    EXPECT_EQ(ratings.Maximum(), whole->Maximum());
    EXPECT_EQ(ratings.TimeOrigin(), whole->TimeOrigin());
  }
}

TEST(Ratings, InBlocksAreNamedByTheirPlaceAmongAll) {
  RatingColumns columns = test::RandomColumns(50, 70, 0.3, 5);
  const auto expect = [&](std::initializer_list<const char*> parts) {
    FewAtATime blocks(columns, 7);
    ExpectError<std::invalid_argument>([&] { Ratings::FromTriplets(blocks, 50, 70); }, parts);
  };
  columns.values[100] = std::numeric_limits<float>::infinity();
  expect({"rating 100 must be a finite number; it is Infinity"});
  columns.items[99] = 70;
  expect({"item of rating 99 must be from 0 to 69; it is 70"});
  columns.times.assign(columns.values.size(), 1e9);
  columns.times[80] = -std::numeric_limits<double>::infinity();
  expect({"time of rating 80 must be a finite number; it is -Infinity"});
}

class RatingsErrors : public testing::Test {
 protected:
  /// Expects that two valid ratings of 3 users and 4 items are refused with these words after `change`.
  template <typename Change>
  static void Expect(Change&& change, std::initializer_list<const char*> parts) {
    RatingColumns columns{.users = {0, 2}, .items = {3, 0}, .values = {1.0F, 2.0F}};
    ASSERT_NO_THROW(test::Freeze(columns, 3, 4));
    std::forward<Change>(change)(columns);
    ExpectError<std::invalid_argument>([&] { test::Freeze(columns, 3, 4); }, parts);
  }
};

TEST_F(RatingsErrors, Lengths) {
  Expect([](RatingColumns& c) { c.users.push_back(1); },
         {"users, items and ratings must have the same length; they have 3, 2 and 2"});
  Expect([](RatingColumns& c) { c.items.pop_back(); }, {"they have 2, 1 and 2"});
  Expect([](RatingColumns& c) { c.values.clear(); }, {"they have 2, 2 and 0"});
}

TEST_F(RatingsErrors, Ranges) {
  Expect([](RatingColumns& c) { c.users[1] = 3; }, {"user of rating 1 must be from 0 to 2; it is 3"});
  Expect([](RatingColumns& c) { c.users[0] = -1; }, {"user of rating 0 must be from 0 to 2; it is -1"});
  Expect([](RatingColumns& c) { c.items[1] = 4; }, {"item of rating 1 must be from 0 to 3; it is 4"});
  Expect([](RatingColumns& c) { c.items[0] = kUnknown; }, {"item of rating 0 must be from 0 to 3; it is -1"});
}

TEST_F(RatingsErrors, NumbersThatAreNotFinite) {
  using Limits = std::numeric_limits<float>;
  Expect([](RatingColumns& c) { c.values[1] = Limits::quiet_NaN(); }, {"rating 1 must be a finite number; it is NaN"});
  Expect([](RatingColumns& c) { c.values[0] = Limits::infinity(); },
         {"rating 0 must be a finite number; it is Infinity"});
  Expect([](RatingColumns& c) { c.values[0] = -Limits::infinity(); },
         {"rating 0 must be a finite number; it is -Infinity"});
}

TEST_F(RatingsErrors, Times) {
  Expect([](RatingColumns& c) { c.times = {1.0}; }, {"times must be as many as the ratings, 2; they are 1"});
  Expect([](RatingColumns& c) { c.times = {1.0, std::numeric_limits<double>::quiet_NaN()}; },
         {"time of rating 1 must be a finite number; it is NaN"});
  Expect([](RatingColumns& c) { c.times = {1e12, 0.0}; },
         {"times must be seconds, at most 136 years from the first to the last; they are from 0 to 1e+12"});
}

TEST_F(RatingsErrors, NamesTheFirstOffender) {
  Expect([](RatingColumns& c) { c.users = {9, 8}; }, {"user of rating 0 must be from 0 to 2; it is 9"});
}

TEST_F(RatingsErrors, Duplicates) {
  Expect(
      [](RatingColumns& c) {
        c.users = {2, 2};
        c.items = {1, 1};
      },
      {"user 2 must rate item 1 at most once"});
  ExpectError<std::invalid_argument>(
      [] { test::Freeze({.users = {1, 0, 1}, .items = {3, 3, 3}, .values = {1.0F, 2.0F, 1.0F}}, 2, 4); },
      {"user 1 must rate item 3 at most once"});
}

TEST_F(RatingsErrors, Nothing) {
  Expect([](RatingColumns& c) { c = {}; }, {"ratings must not be empty"});
}

}  // namespace
}  // namespace matfac
