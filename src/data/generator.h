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

/// Item popularity falls with a flattened head, user activity is log-normal with a floor, and
///   r = 3.15 + b_u + b_i + p_u·q_i + noise, in half stars, clipped to 0.5 … 5,
/// with 16 planted factors of falling weight; popular items are liked more. Which items a user rates follows the taste,
/// by genres g, the two poles of each of the six strongest factors k (probabilistic latent semantic analysis, Hofmann
/// 1999):
///   P(i | u) = Σ_g P(g | u) P(i | g),  P(i | g) ∝ popularity_i · exp(±7 q_ik) / Σ exp(±7 q_ik'),
///   P(g | u) ∝ exp(1.9 (±0.7 p_uk + 0.71 ε_ug)),
/// p and q in standard deviations: ε is a habit, because people also take what they rate 3. The time is linear in the
/// number of ratings. One seed gives the same data set everywhere. Values are finite and each pair comes at most once,
/// so that Ratings::FromTriplets takes them as they are.
GeneratedRatings Generate(const GeneratorSize& size, std::uint64_t seed);

/// The planted q_i of Generate, which learned factors should recover: one row per item, 16 columns by falling weight.
FactorMatrix PlantedItemFactors(const GeneratorSize& size, std::uint64_t seed);

}  // namespace matfac
