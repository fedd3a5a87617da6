#include "data/ratings.h"

#include <algorithm>
#include <cmath>
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

void CheckTimes(std::span<const double> times) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (std::isfinite(times[i])) continue;
    ThrowNotFinite("time of rating", i, times[i]);
  }
  const auto [first, last] = std::ranges::minmax_element(times);
  if (first == times.end() || *last - *first <= kLongestTime) return;
  ThrowInvalid("times must be seconds, at most 136 years from the first to the last; they are from {} to {}",
               {*first, *last});
}

void CheckTriplets(const Triplets& triplets, Index user_count, Index item_count) {
  CheckLengths(triplets);
  const std::size_t size = triplets.values.size();
  if (size == 0) ThrowInvalid("ratings must not be empty");
  for (std::size_t i = 0; i < size; ++i) {
    CheckIndex("user", triplets.users[i], user_count, i);
    CheckIndex("item", triplets.items[i], item_count, i);
    if (!std::isfinite(triplets.values[i])) ThrowNotFinite("rating", i, triplets.values[i]);
  }
  CheckTimes(triplets.times);
}

std::vector<Offset> CountRows(std::span<const Index> rows, Index row_count) {
  std::vector<Offset> offsets(static_cast<std::size_t>(row_count) + 1, 0);
  for (const Index row : rows) ++offsets[row + 1];
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  return offsets;
}

/// The other side's grouping; because `side` is walked in order of its rows, each new row comes out sorted.
RatingsSide Transpose(const RatingsSide& side, std::vector<Offset> offsets) {
  std::vector<Offset> next(offsets.begin(), offsets.end() - 1);
  const bool has_times = side.HasTimes();
  std::vector<Index> others(static_cast<std::size_t>(offsets.back()));
  std::vector<float> values(others.size());
  std::vector<std::uint32_t> times(has_times ? others.size() : 0);
  for (Index row = 0; row < side.RowCount(); ++row) {
    const RatingsRow ratings = side.Row(row);
    for (std::size_t j = 0; j < ratings.others.size(); ++j) {
      const Offset to = next[ratings.others[j]]++;
      others[to] = row;
      values[to] = ratings.values[j];
      if (has_times) times[to] = ratings.times[j];
    }
  }
  return {std::move(offsets), std::move(others), std::move(values), std::move(times)};
}

/// The last midnight, UTC, at or before all times.
double OriginOf(std::span<const double> times) {
  if (times.empty()) return 0.0;
  return kSecondsPerDay * std::floor(*std::ranges::min_element(times) / kSecondsPerDay);
}

RatingsSide GroupByItem(const Triplets& triplets, Index item_count, double time_origin) {
  std::vector<Offset> offsets = CountRows(triplets.items, item_count);
  std::vector<Offset> next(offsets.begin(), offsets.end() - 1);
  std::vector<Index> users(triplets.users.size());
  std::vector<float> values(triplets.values.size());
  std::vector<std::uint32_t> times(triplets.times.size());
  for (std::size_t i = 0; i < users.size(); ++i) {
    const Offset to = next[triplets.items[i]]++;
    users[to] = triplets.users[i];
    values[to] = triplets.values[i];
    if (!times.empty()) times[to] = static_cast<std::uint32_t>(triplets.times[i] - time_origin);
  }
  return {std::move(offsets), std::move(users), std::move(values), std::move(times)};
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
  const std::size_t size = triplets.values.size();
  if (!triplets.times.empty() && triplets.times.size() != size) {
    ThrowInvalid("times must be as many as the ratings, {}; they are {}", {size, triplets.times.size()});
  }
  if (triplets.users.size() == size && triplets.items.size() == size) return;
  ThrowInvalid("users, items and ratings must have the same length; they have {}, {} and {}",
               {triplets.users.size(), triplets.items.size(), size});
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
  CheckTriplets(triplets, user_count, item_count);
  Ratings ratings;
  ratings.time_origin_ = OriginOf(triplets.times);
  {
    const RatingsSide unsorted = GroupByItem(triplets, item_count, ratings.time_origin_);
    ratings.by_user_ = Transpose(unsorted, CountRows(triplets.users, user_count));
  }
  CheckPairsUnique(ratings.by_user_);
  ratings.by_item_ = Transpose(ratings.by_user_, CountRows(triplets.items, item_count));
  const auto [least, greatest] = std::ranges::minmax(triplets.values);
  ratings.SetMoments(least, greatest);
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
