#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/index.h"

namespace matfac {

/// Ratings as three columns of equal length, owned by the caller.
struct Triplets {
  std::span<const Index> users;
  std::span<const Index> items;
  std::span<const float> values;
  /// Seconds since 1970; empty for ratings without times.
  std::span<const double> times;
};

/// Columns that own their ratings.
struct RatingColumns {
  std::vector<Index> users;
  std::vector<Index> items;
  std::vector<float> values;
  /// Empty for ratings without times.
  std::vector<double> times;

  /// Valid until ratings are added.
  Triplets View() const { return {.users = users, .items = items, .values = values, .times = times}; }
  /// Appends rating i of `from`. Needs i within its columns.
  void Add(const Triplets& from, std::size_t i);
};

/// Throws std::invalid_argument when the columns differ in length.
void CheckLengths(const Triplets& triplets);

/// The ratings of one user (or of one item): the indices of the other side, in ascending order, the values, and whole
/// seconds since Ratings::TimeOrigin(), empty for ratings without times.
struct RatingsRow {
  std::span<const Index> others;
  std::span<const float> values;
  std::span<const std::uint32_t> times;
};

/// Ratings grouped by row: the users' (CSR) or the items' (CSC).
class RatingsSide {
 public:
  RatingsSide() = default;
  /// The ratings of row r are at offsets[r] … offsets[r + 1] − 1. Needs offsets from 0 that never fall, the last of
  /// them the length of all columns; `times` may be empty instead.
  RatingsSide(std::vector<Offset> offsets, std::vector<Index> others, std::vector<float> values,
              std::vector<std::uint32_t> times = {});

  Index RowCount() const { return static_cast<Index>(offsets_.size()) - 1; }
  /// The number of ratings in the rows before `row`; `row` may be RowCount().
  Offset Begin(Index row) const { return offsets_[row]; }
  Offset Count(Index row) const { return offsets_[row + 1] - offsets_[row]; }
  /// Valid as long as this is. Needs 0 ≤ row < RowCount().
  RatingsRow Row(Index row) const;
  bool HasTimes() const { return !times_.empty(); }
  const std::vector<Offset>& Offsets() const { return offsets_; }

 private:
  std::vector<Offset> offsets_;
  std::vector<Index> others_;
  std::vector<float> values_;
  std::vector<std::uint32_t> times_;
};

inline constexpr double kSecondsPerDay = 86400.0;

/// A frozen matrix of ratings, by user and by item.
class Ratings {
 public:
  /// Needs 0 ≤ user < user_count, 0 ≤ item < item_count, finite values, each pair at most once, at least one rating;
  /// and of times, finite numbers within 136 years of the first.
  /// Copies the columns. Throws std::invalid_argument, which names the first rating that does not fit.
  static Ratings FromTriplets(const Triplets& triplets, Index user_count, Index item_count);
  /// The same, and frees each column when it is read.
  static Ratings FromColumns(RatingColumns columns, Index user_count, Index item_count);

  Index UserCount() const { return by_user_.RowCount(); }
  Index ItemCount() const { return by_item_.RowCount(); }
  Offset Size() const { return by_user_.Begin(UserCount()); }
  const RatingsSide& ByUser() const { return by_user_; }
  const RatingsSide& ByItem() const { return by_item_; }
  /// Of the values.
  double Mean() const { return mean_; }
  /// The standard deviation of the values about their mean; 1 where all are equal.
  double Deviation() const { return deviation_; }
  float Minimum() const { return minimum_; }
  float Maximum() const { return maximum_; }
  bool HasTimes() const { return by_user_.HasTimes(); }
  /// The midnight, UTC, before the first rating, in seconds since 1970; 0 without times.
  double TimeOrigin() const { return time_origin_; }

 private:
  Ratings() = default;

  RatingsSide by_user_;
  RatingsSide by_item_;
  double mean_ = 0.0;
  double deviation_ = 1.0;
  float minimum_ = 0.0F;
  float maximum_ = 0.0F;
  double time_origin_ = 0.0;
};

/// Of |r − centre| over all ratings.
struct Distances {
  double mean = 0.0;
  double largest = 0.0;
};

Distances DistancesFrom(const Ratings& ratings, double centre);

}  // namespace matfac
