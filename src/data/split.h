#pragma once

#include <cstdint>
#include <vector>

#include "data/ratings.h"

namespace matfac {

/// Selects the ratings to hold out of `size`: rating i is held out when Hash32(i ^ Hash32(seed)) < share · 2³².
/// Stateless, holds out about share · size ratings, and agrees with JavaScript (tests/golden/split.json). Needs 0 <
/// share < 1.
std::vector<bool> RandomSplit(std::size_t size, double share, std::uint32_t seed);

struct SplitRatings {
  RatingColumns train;
  RatingColumns test;
};

/// Copies each rating into one of the parts, by RandomSplit. Needs columns of equal length. Throws
/// std::invalid_argument when `share` is outside (0, 1) or either part would be empty.
SplitRatings Split(const Triplets& ratings, double share, std::uint32_t seed);

}  // namespace matfac
