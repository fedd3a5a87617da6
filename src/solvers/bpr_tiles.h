#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "data/ratings.h"
#include "solvers/bpr_visit.h"

namespace matfac {

/// Items fall into this many groups, a power of two, of about equally many ratings; each two groups are a tile, which
/// has the samples whose two items are in them. A sample of one group alone is in a tile of that group and another.
inline constexpr int kBprItemGroups = 8;
/// Tiles of a round have no item in common, and each item group is in one of them.
inline constexpr int kBprTilesPerRound = kBprItemGroups / 2;
inline constexpr int kBprRounds = kBprItemGroups - 1;
inline constexpr int kBprTiles = kBprRounds * kBprTilesPerRound;

/// The samples of a group of users in one epoch, tile by tile, each in random order.
class BprTiles {
 public:
  /// Draws for each rating of the users from `begin` up to `end` an item that the user has not rated: items are drawn
  /// until one is unrated, or among the unrated ones of a user who rated more than half of all. With `whole` all
  /// samples are in the first tile. `is_rated` has a zero for each item, before and after.
  void Draw(const Ratings& ratings, Index begin, Index end, bool whole, Random random,
            std::vector<std::uint8_t>& is_rated);

  std::span<const BprSample> Tile(int round, int place) const {
    const int tile = round * kBprTilesPerRound + place;
    return std::span(samples_).subspan(begin_[tile], begin_[tile + 1] - begin_[tile]);
  }

 private:
  void Sort(bool whole);

  std::vector<BprSample> drawn_;
  std::vector<BprSample> samples_;
  std::array<std::size_t, kBprTiles + 1> begin_{};
};

/// True when the user has unrated items, and so a sample per rating and epoch.
inline bool IsSampled(const Ratings& ratings, Index user) { return ratings.ByUser().Count(user) < ratings.ItemCount(); }

}  // namespace matfac
