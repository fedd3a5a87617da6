#include "solvers/sgd_tiles.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random_streams.h"
#include "data/rating_errors.h"
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
    : seed_(seed),
      user_ends_(GroupEnds(ratings.ByUser(), std::max(1, kTileFloats / stride), GroupShare(ratings.Size()))),
      item_ends_(GroupEnds(ratings.ByItem(), std::max(1, kTileFloats / stride), GroupShare(ratings.Size()))),
      begin_(static_cast<std::size_t>(UserGroups()) * ItemGroups() + 1, ratings.Size()),
      stored_(ratings.IsStored() ? &ratings : nullptr),
      scratch_(ratings.Scratch()) {
  if (scratch_ != nullptr) {
    Write();
    return;
  }
  pairs_.resize(ratings.Size());
  const std::vector<Index> item_groups = GroupsOf(item_ends_);
  const RatingsSide& users = ratings.ByUser();
  workers.ForEachBlock(UserGroups(), [&](Index group, int) {
    const RowRange range = GroupUsers(group);
    const Offset begin = users.Begin(range.begin);
    Fill(ratings, group, item_groups, std::span(pairs_).subspan(begin, users.Begin(range.end) - begin));
  });
}

void SgdTiles::Fill(const Ratings& ratings, Index group, std::span<const Index> item_groups, std::span<Pair> pairs) {
  std::vector<Offset> begins(static_cast<std::size_t>(ItemGroups()) + 1);
  std::vector<Offset> next;
  const RowRange range = GroupUsers(group);
  for (const bool counts : {true, false}) {
    for (Index user = range.begin; user < range.end; ++user) {
      const RatingsRow row = ratings.ByUser().Row(user);
      for (std::size_t j = 0; j < row.others.size(); ++j) {
        const Index of_item = item_groups[row.others[j]];
        if (counts) {
          ++begins[of_item + 1];
          continue;
        }
        // Only in a store that changes is there no place left.
        if (next[of_item] == begins[of_item + 1]) ThrowChanged();
        pairs[next[of_item]++] = {user, row.others[j], row.values[j]};
      }
    }
    if (!counts) break;
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    next = begins;
  }
  const Offset begin = ratings.ByUser().Begin(range.begin);
  for (Index of_item = 0; of_item < ItemGroups(); ++of_item) {
    const Index tile = group * ItemGroups() + of_item;
    begin_[tile] = begin + begins[of_item];
    Random(seed_, StreamOf(RandomUse::kSgdTilePairs, 0, tile))
        .Shuffle(pairs.subspan(begins[of_item], begins[of_item + 1] - begins[of_item]));
  }
}

void SgdTiles::Write() {
  const std::vector<Index> item_groups = GroupsOf(item_ends_);
  scratch_->owner = nullptr;
  for (Index group = 0; group < UserGroups(); ++group) {
    const RowRange range = GroupUsers(group);
    const Offset begin = stored_->ByUser().Begin(range.begin);
    pairs_.resize(stored_->ByUser().Begin(range.end) - begin);
    Fill(*stored_, group, item_groups, pairs_);
    scratch_->store.Write(scratch_->begin + std::int64_t{sizeof(Pair)} * begin, std::as_bytes(std::span(pairs_)));
  }
  scratch_->owner = this;
}

std::span<const SgdTiles::Pair> SgdTiles::Read(Index tile) {
  // Another training on these ratings may have written its own.
  if (scratch_->owner != this) Write();
  pairs_.resize(Size(tile));
  if (pairs_.empty()) return {};
  scratch_->store.Read(scratch_->begin + std::int64_t{sizeof(Pair)} * begin_[tile],
                       std::as_writable_bytes(std::span(pairs_)));
  for (const Pair& pair : pairs_) {
    const bool is_valid = pair.user >= 0 && pair.user < user_ends_.back() && pair.item >= 0 &&
                          pair.item < item_ends_.back() && std::isfinite(pair.rating);
    if (!is_valid) ThrowChanged();
  }
  return pairs_;
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
