#include "data/ratings.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
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
    ThrowNotFinite("time of rating ", i, times[i]);
  }
  const auto [first, last] = std::ranges::minmax_element(times);
  if (first == times.end() || *last - *first <= kLongestTime) return;
  throw std::invalid_argument(
      Concat({"times must be seconds, at most 136 years from the first to the last; they are from ", NumberText(*first),
              " to ", NumberText(*last)}));
}

void CheckTriplets(const Triplets& triplets, Index user_count, Index item_count) {
  CheckLengths(triplets);
  const std::size_t size = triplets.values.size();
  if (size == 0) throw std::invalid_argument("ratings must not be empty");
  for (std::size_t i = 0; i < size; ++i) {
    CheckIndex("user", triplets.users[i], user_count, i);
    CheckIndex("item", triplets.items[i], item_count, i);
    if (!std::isfinite(triplets.values[i])) ThrowNotFinite("rating ", i, triplets.values[i]);
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

/// The numbers of a column, of 32 bits each, in the order of the items; frees the column.
template <typename Number>
std::vector<Number> ByItem(std::vector<Number>& column, const std::vector<Index>& items, std::vector<Offset> next) {
  static_assert(sizeof(Number) == sizeof(std::uint32_t));
  std::vector<Number> grouped(column.size());
  for (std::size_t i = 0; i < column.size(); ++i) grouped[next[items[i]]++] = column[i];
  column = {};
  return grouped;
}

/// In the order of the columns, which it frees.
RatingsSide GroupByItem(RatingColumns& columns, Index item_count, double time_origin) {
  std::vector<Offset> offsets = CountRows(columns.items, item_count);
  std::vector<std::uint32_t> seconds;
  seconds.reserve(columns.times.size());
  for (const double time : columns.times) seconds.push_back(static_cast<std::uint32_t>(time - time_origin));
  columns.times = {};
  std::vector<Index> users = ByItem(columns.users, columns.items, offsets);
  std::vector<float> values = ByItem(columns.values, columns.items, offsets);
  std::vector<std::uint32_t> times = ByItem(seconds, columns.items, offsets);
  columns.items = {};
  return {std::move(offsets), std::move(users), std::move(values), std::move(times)};
}

void CheckPairsUnique(const RatingsSide& by_user) {
  for (Index user = 0; user < by_user.RowCount(); ++user) {
    const auto items = by_user.Row(user).others;
    const auto twice = std::ranges::adjacent_find(items);
    if (twice == items.end()) continue;
    throw std::invalid_argument(Concat({"user ", std::to_string(user), " must rate item ", std::to_string(*twice),
                                        " at most once; there are more ratings of this pair"}));
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
    throw std::invalid_argument(Concat({"times must be as many as the ratings, ", std::to_string(size), "; they are ",
                                        std::to_string(triplets.times.size())}));
  }
  if (triplets.users.size() == size && triplets.items.size() == size) return;
  throw std::invalid_argument(
      Concat({"users, items and ratings must have the same length; they have ", std::to_string(triplets.users.size()),
              ", ", std::to_string(triplets.items.size()), " and ", std::to_string(size)}));
}

void RatingColumns::Add(const Triplets& from, std::size_t i) {
  users.push_back(from.users[i]);
  items.push_back(from.items[i]);
  values.push_back(from.values[i]);
  if (!from.times.empty()) times.push_back(from.times[i]);
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
  return FromColumns({.users = {triplets.users.begin(), triplets.users.end()},
                      .items = {triplets.items.begin(), triplets.items.end()},
                      .values = {triplets.values.begin(), triplets.values.end()},
                      .times = {triplets.times.begin(), triplets.times.end()}},
                     user_count, item_count);
}

Ratings Ratings::FromColumns(RatingColumns columns, Index user_count, Index item_count) {
  CheckTriplets(columns.View(), user_count, item_count);
  Ratings ratings;
  ratings.time_origin_ = OriginOf(columns.times);
  const auto [least, greatest] = std::ranges::minmax(columns.values);
  std::vector<Offset> user_offsets = CountRows(columns.users, user_count);
  RatingsSide unsorted = GroupByItem(columns, item_count, ratings.time_origin_);
  std::vector<Offset> item_offsets = unsorted.Offsets();
  ratings.by_user_ = Transpose(unsorted, std::move(user_offsets));
  unsorted = {};
  CheckPairsUnique(ratings.by_user_);
  ratings.by_item_ = Transpose(ratings.by_user_, std::move(item_offsets));
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
