#pragma once

#include <cstdint>
#include <vector>

#include "data/ratings.h"

namespace matfac {

/// Selects the ratings to hold out of `size`: rating i is held out when Hash32(i ^ Hash32(seed)) < share · 2³².
/// Stateless, holds out about share · size ratings, and agrees with JavaScript (tests/golden/split.json). Needs 0 <
/// share < 1.
std::vector<bool> RandomSplit(std::size_t size, double share, std::uint32_t seed);

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

struct SplitRatings {
  RatingColumns train;
  RatingColumns test;
};

/// Copies each rating into one of the parts, by RandomSplit. Needs columns of equal length. Throws
/// std::invalid_argument when `share` is outside (0, 1) or either part would be empty.
SplitRatings Split(const Triplets& ratings, double share, std::uint32_t seed);

}  // namespace matfac
