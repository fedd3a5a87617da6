#pragma once

#include <cstdint>
#include <string_view>

#include "base/factors.h"
#include "data/split.h"

namespace matfac {

/// Synthetic ratings with the shape of MovieLens.
struct GeneratedRatings {
  Index user_count = 0;
  Index item_count = 0;
  /// Ordered by user; the ratings of a user in the order of the draws.
  RatingColumns columns;
};

/// The numbers of users, items and ratings, each above 0. The number of ratings is met to within a few percent.
struct GeneratorSize {
  std::string_view name;
  Index users;
  Index items;
  Offset ratings;
};

/// tiny, ml100k, ml1m, ml10m or ml20m; throws std::invalid_argument for any other name.
GeneratorSize GeneratorSizeFromName(std::string_view name);

/// Item popularity by Zipf's law with a flattened head, log-normal user activity with a floor, and
///   r = 3.5 + b_u + b_i + p_u·q_i + noise, in half stars, clipped to 0.5 … 5,
/// with 16 planted factors of falling weight; users tend to rate items that they like. One seed gives the same data set
/// everywhere. Values are finite and each pair comes at most once, so that Ratings::FromTriplets takes them as they
/// are.
GeneratedRatings Generate(const GeneratorSize& size, std::uint64_t seed);

/// The planted q_i of Generate, which learned factors should recover: one row per item, 16 columns by falling weight.
FactorMatrix PlantedItemFactors(const GeneratorSize& size, std::uint64_t seed);

}  // namespace matfac
