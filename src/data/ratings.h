#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/index.h"
#include "data/ratings_store.h"

namespace matfac {

/// Ratings as three columns of equal length, owned by the caller.
struct Triplets {
  std::span<const Index> users;
  std::span<const Index> items;
  std::span<const float> values;
  /// Seconds since 1970; empty for ratings without times.
  std::span<const double> times;
};

/// Throws std::invalid_argument when the columns differ in length.
void CheckLengths(const Triplets& triplets);
/// The same of columns that are not in memory; 0 times are none.
void CheckLengths(std::size_t users, std::size_t items, std::size_t values, std::size_t times);

/// Ratings as columns that are read in blocks, from the first to the last and more than once, so that all of them need
/// not be in memory.
class TripletBlocks {
 public:
  TripletBlocks() = default;
  TripletBlocks(const TripletBlocks&) = delete;
  TripletBlocks(TripletBlocks&&) = delete;
  TripletBlocks& operator=(const TripletBlocks&) = delete;
  TripletBlocks& operator=(TripletBlocks&&) = delete;
  virtual ~TripletBlocks() = default;

  /// How many ratings there are.
  virtual std::size_t Size() const = 0;
  /// Some ratings from `begin` on, at least one, the same each time; valid until the next call. Needs begin < Size().
  virtual Triplets Read(std::size_t begin) = 0;
};

/// The ratings of one user (or of one item): the indices of the other side, in ascending order, the values, and whole
/// seconds since Ratings::TimeOrigin(), empty for ratings without times.
struct RatingsRow {
  std::span<const Index> others;
  std::span<const float> values;
  std::span<const std::uint32_t> times;
};

class RatingsWindow;

/// Ratings grouped by row: the users' (CSR) or the items' (CSC); in memory, or in a store.
class RatingsSide {
 public:
  RatingsSide() = default;
  /// The ratings of row r are at offsets[r] … offsets[r + 1] − 1. Needs offsets from 0 that never fall, the last of
  /// them the length of all columns; `times` may be empty instead.
  RatingsSide(std::vector<Offset> offsets, std::vector<Index> others, std::vector<float> values,
              std::vector<std::uint32_t> times = {});
  /// The same of columns in a store.
  RatingsSide(std::vector<Offset> offsets, std::shared_ptr<RatingsWindow> window);

  Index RowCount() const { return static_cast<Index>(offsets_.size()) - 1; }
  /// The number of ratings in the rows before `row`; `row` may be RowCount().
  Offset Begin(Index row) const { return offsets_[row]; }
  Offset Count(Index row) const { return offsets_[row + 1] - offsets_[row]; }
  /// Valid as long as this is, and of ratings in a store until the next call: only one thread may ask for those, in
  /// ascending order if it is to be fast, and what the store throws leaves this. Needs 0 ≤ row < RowCount().
  RatingsRow Row(Index row) const;
  bool HasTimes() const { return !times_.empty(); }

 private:
  std::vector<Offset> offsets_;
  std::vector<Index> others_;
  std::vector<float> values_;
  std::vector<std::uint32_t> times_;
  std::shared_ptr<RatingsWindow> window_;  // in place of the columns
};

/// How many ratings of a side are in memory, of ratings in a store: two megabytes.
inline constexpr Offset kWindowRatings = 1 << 18;

inline constexpr double kSecondsPerDay = 86400.0;

/// A frozen matrix of ratings, by user and by item.
class Ratings {
 public:
  /// Needs 0 ≤ user < user_count, 0 ≤ item < item_count, finite values, each pair at most once, at least one rating;
  /// and of times, finite numbers within 136 years of the first.
  /// Copies the columns, and needs no other memory than the ratings themselves and a number for each user and item.
  /// Throws std::invalid_argument, which names the first rating that does not fit.
  static Ratings FromTriplets(const Triplets& triplets, Index user_count, Index item_count);
  /// The same of columns that are read twice. Throws what they throw, too.
  static Ratings FromTriplets(TripletBlocks& blocks, Index user_count, Index item_count);
  /// Ratings that stay in a store, for the solvers that can read them there (SolverTraits). In the store are the items
  /// as int32 from byte 0 on and then the values as float32, in the byte order of the machine, by user: those of user u
  /// at offsets[u] … offsets[u + 1] − 1, the items of a user in ascending order. From byte `scratch` on it belongs to
  /// these ratings, which write 20 bytes a rating there, the last 12 of them for sgd; two of them may not share it. In
  /// memory are a number for each user and item, two `window`s and whole rows; while the ratings are made also 16
  /// `window`s, or a sixteenth of the ratings where that is more.
  /// Throws std::invalid_argument that names the first rating that does not fit, and what the store throws.
  static Ratings FromStore(std::shared_ptr<RatingsStore> store, std::vector<Offset> offsets, Index item_count,
                           std::int64_t scratch, Offset window = kWindowRatings);

  Index UserCount() const { return by_user_.RowCount(); }
  Index ItemCount() const { return by_item_.RowCount(); }
  Offset Size() const { return by_user_.Begin(UserCount()); }
  const RatingsSide& ByUser() const { return by_user_; }
  const RatingsSide& ByItem() const { return by_item_; }
  /// The part of the store that is free for a solver; null for ratings in memory.
  StoreScratch* Scratch() const { return scratch_.get(); }
  bool IsStored() const { return scratch_ != nullptr; }
  /// Of the values.
  double Mean() const { return mean_; }
  /// The standard deviation of the values about their mean; 1 where all are equal.
  double Deviation() const { return deviation_; }
  float Minimum() const { return minimum_; }
  float Maximum() const { return maximum_; }
  /// False for ratings in a store.
  bool HasTimes() const { return by_user_.HasTimes(); }
  /// The midnight, UTC, before the first rating, in seconds since 1970; 0 without times.
  double TimeOrigin() const { return time_origin_; }

 private:
  Ratings() = default;
  /// Sets the numbers below from the ratings by user, whose values are from `least` to `greatest`.
  void SetMoments(float least, float greatest);

  RatingsSide by_user_;
  RatingsSide by_item_;
  double mean_ = 0.0;
  double deviation_ = 1.0;
  float minimum_ = 0.0F;
  float maximum_ = 0.0F;
  double time_origin_ = 0.0;
  std::shared_ptr<StoreScratch> scratch_;
};

/// Of |r − centre| over all ratings.
struct Distances {
  double mean = 0.0;
  double largest = 0.0;
};

Distances DistancesFrom(const Ratings& ratings, double centre);

}  // namespace matfac
