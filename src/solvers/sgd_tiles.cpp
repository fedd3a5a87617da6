#include "solvers/sgd_tiles.h"

#include <algorithm>
#include <numeric>

#include "base/random_streams.h"
#include "solvers/row_groups.h"

namespace matfac {
namespace {

/// Floats in a tile's user rows, and as many in its item rows: 256 KiB each.
constexpr int kTileFloats = 65'536;
/// With more ratings than this there are tiles for the threads to share: at least this many groups on each side.
constexpr Offset kOneTileRatings = 131'072;
constexpr Offset kFewestGroups = 12;
/// The most ratings of a group with several rows: a tile takes a few milliseconds. With fewer a tile would have too few
/// pairs for the rows that it loads into the cache.
constexpr Offset kGroupRatings = 1'048'576;
/// A walk of a tile has about this many runs. Long runs profit from prefetching; many runs keep the order random.
constexpr std::size_t kRuns = 32;
constexpr std::size_t kShortestRun = 64;
constexpr std::size_t kLongestRun = 512;

/// The ratings at which a group is full.
Offset GroupShare(Offset size) {
  return size <= kOneTileRatings ? size : std::min(kGroupRatings, size / kFewestGroups);
}

/// The group of each row.
std::vector<Index> GroupsOf(const std::vector<Index>& ends) {
  std::vector<Index> groups(ends.back());
  Index row = 0;
  for (Index group = 0; group < static_cast<Index>(ends.size()); ++group) {
    for (; row < ends[group]; ++row) groups[row] = group;
  }
  return groups;
}

}  // namespace

SgdTiles::SgdTiles(const Ratings& ratings, int stride, std::uint64_t seed, Workers& workers)
    : user_ends_(GroupEnds(ratings.ByUser(), std::max(1, kTileFloats / stride), GroupShare(ratings.Size()))),
      item_ends_(GroupEnds(ratings.ByItem(), std::max(1, kTileFloats / stride), GroupShare(ratings.Size()))),
      begin_(static_cast<std::size_t>(UserGroups()) * ItemGroups() + 1),
      pairs_(ratings.Size()) {
  const std::vector<Index> user_groups = GroupsOf(user_ends_);
  const std::vector<Index> item_groups = GroupsOf(item_ends_);
  const auto for_each_pair = [&](auto&& visit) {
    for (Index user = 0; user < ratings.UserCount(); ++user) {
      const RatingsRow row = ratings.ByUser().Row(user);
      const Index first_tile = user_groups[user] * ItemGroups();
      for (std::size_t j = 0; j < row.others.size(); ++j) {
        visit(first_tile + item_groups[row.others[j]], Pair{user, row.others[j], row.values[j]});
      }
    }
  };
  for_each_pair([&](Index tile, const Pair&) { ++begin_[tile + 1]; });
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  std::vector<Offset> next(begin_.begin(), begin_.end() - 1);
  for_each_pair([&](Index tile, const Pair& pair) { pairs_[next[tile]++] = pair; });
  workers.ForEachBlock(Count(), [&](Index tile, int) {
    Random(seed, StreamOf(RandomUse::kSgdTilePairs, 0, tile))
        .Shuffle(std::span(pairs_).subspan(begin_[tile], begin_[tile + 1] - begin_[tile]));
  });
}

SgdTiles::Schedule SgdTiles::Shuffled(Random random) const {
  Schedule schedule{.user_groups = std::vector<Index>(UserGroups()), .item_groups = std::vector<Index>(ItemGroups())};
  for (auto* groups : {&schedule.user_groups, &schedule.item_groups}) {
    std::iota(groups->begin(), groups->end(), 0);
    random.Shuffle(std::span(*groups));
  }
  return schedule;
}

std::vector<Index> SgdTiles::Round(const Schedule& schedule, Index round) const {
  std::vector<Index> tiles;
  for (Index place = 0; place < std::min(UserGroups(), ItemGroups()); ++place) {
    const Index moved = (place + round) % Rounds();
    const bool more_users = UserGroups() >= ItemGroups();
    const Index user_group = schedule.user_groups[more_users ? moved : place];
    const Index item_group = schedule.item_groups[more_users ? place : moved];
    tiles.push_back(user_group * ItemGroups() + item_group);
  }
  return tiles;
}

std::vector<Index> SgdTiles::Waits(std::span<const Index> tiles) const {
  std::vector<Index> of_user_group(UserGroups());
  std::vector<Index> of_item_group(ItemGroups());
  std::vector<Index> waits;
  for (const Index tile : tiles) {
    Index& users = of_user_group[tile / ItemGroups()];
    Index& items = of_item_group[tile % ItemGroups()];
    waits.push_back(std::max(users, items));
    users = items = static_cast<Index>(waits.size());
  }
  return waits;
}

SgdWalk::SgdWalk(std::span<const Pair> pairs, Random random)
    : pairs_(pairs),
      length_(std::clamp<std::size_t>(pairs.size() / kRuns, kShortestRun, kLongestRun)),
      runs_(static_cast<std::uint32_t>((pairs.size() + length_ - 1) / length_)),
      left_(runs_),
      direction_(random.Below(2) == 0 ? 1 : -1) {
  if (runs_ == 0) return;
  run_ = random.Below(runs_);
  do {
    stride_ = 1 + random.Below(runs_);
  } while (std::gcd(stride_, runs_) != 1);
}

}  // namespace matfac
