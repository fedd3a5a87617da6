#include "data/ratings.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>

#include "base/errors.h"
#include "data/rating_errors.h"
#include "data/ratings_window.h"

namespace matfac {
namespace {

void CheckIndex(const char* name, Index index, Index count, std::size_t position) {
  if (index < 0 || index >= count) ThrowOutOfRange(name, position, 0, count - 1, index);
}

/// Whole seconds since the midnight before the first fit into 32 bits.
constexpr double kLongestTime = 4294967295.0 - kSecondsPerDay;

/// All ratings as one block.
class OneBlock final : public TripletBlocks {
 public:
  explicit OneBlock(const Triplets& triplets) : triplets_(triplets) {}

  std::size_t Size() const override { return triplets_.values.size(); }
  Triplets Read(std::size_t /*begin*/) override { return triplets_; }

 private:
  const Triplets& triplets_;
};

/// Calls `take` with each block and the number of its first rating.
template <typename Take>
void ForEachBlock(TripletBlocks& blocks, const Take& take) {
  for (std::size_t begin = 0; begin < blocks.Size();) {
    const Triplets block = blocks.Read(begin);
    take(block, begin);
    begin += block.values.size();
  }
}

/// What a first reading of the ratings tells.
struct Contents {
  /// Where the ratings of each user and each item begin, and the end of all.
  std::vector<Offset> user_offsets;
  std::vector<Offset> item_offsets;
  float least = std::numeric_limits<float>::infinity();
  float greatest = -std::numeric_limits<float>::infinity();
  double first_time = std::numeric_limits<double>::infinity();
  double last_time = -std::numeric_limits<double>::infinity();

  bool HasTimes() const { return first_time <= last_time; }
};

void Examine(const Triplets& block, std::size_t begin, Contents& found) {
  const auto user_count = static_cast<Index>(found.user_offsets.size()) - 1;
  const auto item_count = static_cast<Index>(found.item_offsets.size()) - 1;
  for (std::size_t i = 0; i < block.values.size(); ++i) {
    const float value = block.values[i];
    CheckIndex("user", block.users[i], user_count, begin + i);
    CheckIndex("item", block.items[i], item_count, begin + i);
    if (!std::isfinite(value)) ThrowNotFinite("rating", begin + i, value);
    ++found.user_offsets[block.users[i] + 1];
    ++found.item_offsets[block.items[i] + 1];
    found.least = std::min(found.least, value);
    found.greatest = std::max(found.greatest, value);
  }
  for (std::size_t i = 0; i < block.times.size(); ++i) {
    if (!std::isfinite(block.times[i])) ThrowNotFinite("time of rating", begin + i, block.times[i]);
    found.first_time = std::min(found.first_time, block.times[i]);
    found.last_time = std::max(found.last_time, block.times[i]);
  }
}

Contents Examine(TripletBlocks& blocks, Index user_count, Index item_count) {
  if (blocks.Size() == 0) ThrowInvalid("ratings must not be empty");
  Contents found{.user_offsets = std::vector<Offset>(static_cast<std::size_t>(user_count) + 1),
                 .item_offsets = std::vector<Offset>(static_cast<std::size_t>(item_count) + 1)};
  ForEachBlock(blocks, [&](const Triplets& block, std::size_t begin) { Examine(block, begin, found); });
  for (std::vector<Offset>* offsets : {&found.user_offsets, &found.item_offsets}) {
    std::partial_sum(offsets->begin(), offsets->end(), offsets->begin());
  }
  if (found.HasTimes() && found.last_time - found.first_time > kLongestTime) {
    ThrowInvalid("times must be seconds, at most 136 years from the first to the last; they are from {} to {}",
                 {found.first_time, found.last_time});
  }
  return found;
}

/// One side of the ratings, whose rows are filled in any order.
struct Rows {
  std::vector<Offset> offsets;
  std::vector<Index> others;
  std::vector<float> values;
  std::vector<std::uint32_t> times;

  Rows(std::vector<Offset> begins, bool has_times)
      : offsets(std::move(begins)),
        others(offsets.back()),
        values(others.size()),
        times(has_times ? others.size() : 0) {}

  /// The first place of each row.
  std::vector<Offset> Places() const { return {offsets.begin(), offsets.end() - 1}; }
  RatingsSide Frozen() && { return {std::move(offsets), std::move(others), std::move(values), std::move(times)}; }
};

/// The ratings of an item are in the order of the blocks.
void GroupByItem(TripletBlocks& blocks, double time_origin, Rows& by_item) {
  std::vector<Offset> next = by_item.Places();
  ForEachBlock(blocks, [&](const Triplets& block, std::size_t /*begin*/) {
    for (std::size_t i = 0; i < block.values.size(); ++i) {
      const Offset to = next[block.items[i]]++;
      by_item.others[to] = block.users[i];
      by_item.values[to] = block.values[i];
      if (!by_item.times.empty()) by_item.times[to] = static_cast<std::uint32_t>(block.times[i] - time_origin);
    }
  });
}

/// Fills the other side; because the rows of this one are walked in their order, each new row comes out sorted.
void Transpose(const Rows& from, Rows& to) {
  std::vector<Offset> next = to.Places();
  for (std::size_t row = 0; row + 1 < from.offsets.size(); ++row) {
    for (Offset j = from.offsets[row]; j < from.offsets[row + 1]; ++j) {
      const Offset at = next[from.others[j]]++;
      to.others[at] = static_cast<Index>(row);
      to.values[at] = from.values[j];
      if (!to.times.empty()) to.times[at] = from.times[j];
    }
  }
}

void CheckPairsUnique(const RatingsSide& by_user) {
  for (Index user = 0; user < by_user.RowCount(); ++user) {
    const auto items = by_user.Row(user).others;
    const auto twice = std::ranges::adjacent_find(items);
    if (twice == items.end()) continue;
    ThrowInvalid("user {} must rate item {} at most once; there are more ratings of this pair", {user, *twice});
  }
}

/// In the order by user, so that the sum does not depend on the order in which the ratings came.
template <typename Term>
double MeanOver(const RatingsSide& by_user, const Term& term) {
  double sum = 0.0;
  for (Index user = 0; user < by_user.RowCount(); ++user) {
    for (const float value : by_user.Row(user).values) sum += term(value);
  }
  return sum / static_cast<double>(by_user.Begin(by_user.RowCount()));
}

}  // namespace

void CheckLengths(const Triplets& triplets) {
  CheckLengths(triplets.users.size(), triplets.items.size(), triplets.values.size(), triplets.times.size());
}

void CheckLengths(std::size_t users, std::size_t items, std::size_t values, std::size_t times) {
  if (times != 0 && times != values) {
    ThrowInvalid("times must be as many as the ratings, {}; they are {}", {values, times});
  }
  if (users == values && items == values) return;
  ThrowInvalid("users, items and ratings must have the same length; they have {}, {} and {}", {users, items, values});
}

RatingsSide::RatingsSide(std::vector<Offset> offsets, std::vector<Index> others, std::vector<float> values,
                         std::vector<std::uint32_t> times)
    : offsets_(std::move(offsets)), others_(std::move(others)), values_(std::move(values)), times_(std::move(times)) {}

RatingsSide::RatingsSide(std::vector<Offset> offsets, std::shared_ptr<RatingsWindow> window)
    : offsets_(std::move(offsets)), window_(std::move(window)) {}

RatingsRow RatingsSide::Row(Index row) const {
  if (window_) return window_->Row(offsets_[row], Count(row));
  const auto begin = static_cast<std::size_t>(offsets_[row]);
  const auto count = static_cast<std::size_t>(Count(row));
  RatingsRow ratings{.others = std::span(others_).subspan(begin, count),
                     .values = std::span(values_).subspan(begin, count)};
  if (HasTimes()) ratings.times = std::span(times_).subspan(begin, count);
  return ratings;
}

Ratings Ratings::FromTriplets(const Triplets& triplets, Index user_count, Index item_count) {
  CheckLengths(triplets);
  OneBlock block(triplets);
  return FromTriplets(block, user_count, item_count);
}

Ratings Ratings::FromTriplets(TripletBlocks& blocks, Index user_count, Index item_count) {
  Contents found = Examine(blocks, user_count, item_count);
  Ratings ratings;
  // The last midnight, UTC, at or before all times.
  if (found.HasTimes()) ratings.time_origin_ = kSecondsPerDay * std::floor(found.first_time / kSecondsPerDay);
  Rows by_item(std::move(found.item_offsets), found.HasTimes());
  GroupByItem(blocks, ratings.time_origin_, by_item);
  Rows by_user(std::move(found.user_offsets), found.HasTimes());
  Transpose(by_item, by_user);
  // In its own place, now by user within an item.
  Transpose(by_user, by_item);
  ratings.by_user_ = std::move(by_user).Frozen();
  CheckPairsUnique(ratings.by_user_);
  ratings.by_item_ = std::move(by_item).Frozen();
  ratings.SetMoments(found.least, found.greatest);
  return ratings;
}

void Ratings::SetMoments(float least, float greatest) {
  mean_ = MeanOver(by_user_, [](double value) { return value; });
  minimum_ = least;
  maximum_ = greatest;
  if (least < greatest) {
    const double mean = mean_;
    deviation_ = std::sqrt(MeanOver(by_user_, [mean](double value) { return (value - mean) * (value - mean); }));
  }
}

Distances DistancesFrom(const Ratings& ratings, double centre) {
  return {.mean = MeanOver(ratings.ByUser(), [centre](double value) { return std::abs(value - centre); }),
          .largest = std::max(std::abs(ratings.Minimum() - centre), std::abs(ratings.Maximum() - centre))};
}

}  // namespace matfac
