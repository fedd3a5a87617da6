#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "data/ratings.h"

namespace matfac {

/// The ratings in a grid of tiles, groups of users × groups of items. The rows of a tile fit a second-level cache, its
/// pairs are in a random order given by the seed. Groups hold about equally many ratings, so that tiles are about equal
/// work; they depend only on the data and the stride. Those of ratings in a store are there too.
class SgdTiles {
 public:
  struct Pair {
    Index user;
    Index item;
    float rating;
  };

  /// Consecutive users or items.
  struct RowRange {
    Index begin;
    Index end;
    Index Count() const { return end - begin; }
  };

  /// Ratings in a store must outlive this.
  SgdTiles(const Ratings& ratings, int stride, std::uint64_t seed, Workers& workers);

  Index Count() const { return static_cast<Index>(begin_.size()) - 1; }
  Offset Size(Index tile) const { return begin_[tile + 1] - begin_[tile]; }
  /// Of ratings in a store valid until the next call.
  std::span<const Pair> Pairs(Index tile) {
    if (scratch_ != nullptr) return Read(tile);
    return std::span(pairs_).subspan(begin_[tile], Size(tile));
  }

  /// The rows of a tile's two groups.
  RowRange Users(Index tile) const { return RangeOf(user_ends_, tile / ItemGroups()); }
  RowRange Items(Index tile) const { return RangeOf(item_ends_, tile % ItemGroups()); }

  Index Rounds() const { return std::max(UserGroups(), ItemGroups()); }
  /// An order of the groups. The rounds of a schedule visit each tile once; no two tiles of a round share a row.
  struct Schedule {
    std::vector<Index> user_groups;
    std::vector<Index> item_groups;
  };
  Schedule Shuffled(Random random) const;
  std::vector<Index> Round(const Schedule& schedule, Index round) const;
  /// Of tiles in the order of their visits: how many from the first on must be done before each, up to the last one
  /// that shares a row with it. In a schedule that is one tile less than a round before it.
  std::vector<Index> Waits(std::span<const Index> tiles) const;

  Index UserGroups() const { return static_cast<Index>(user_ends_.size()); }
  Index ItemGroups() const { return static_cast<Index>(item_ends_.size()); }

 private:
  static RowRange RangeOf(const std::vector<Index>& ends, Index group) {
    return {.begin = group == 0 ? 0 : ends[group - 1], .end = ends[group]};
  }
  RowRange GroupUsers(Index group) const { return RangeOf(user_ends_, group); }
  /// The tiles of a group of users, one after the other, and where they begin.
  void Fill(const Ratings& ratings, Index group, std::span<const Index> item_groups, std::span<Pair> pairs);
  void Write();
  std::span<const Pair> Read(Index tile);

  std::uint64_t seed_;
  std::vector<Index> user_ends_;  // the first user after each group
  std::vector<Index> item_ends_;
  std::vector<Offset> begin_;  // of each tile, and the end; tiles in the order of the users' groups
  std::vector<Pair> pairs_;    // of all tiles, or of the one that was last read
  const Ratings* stored_;      // null for ratings in memory, as is
  StoreScratch* scratch_;
};

/// A cheap random order of n pairs: short runs of neighbours, visited by a stride that is coprime to their number, all
/// forwards or all backwards.
class SgdWalk {
 public:
  using Pair = SgdTiles::Pair;

  SgdWalk(std::span<const Pair> pairs, Random random);

  /// The next pair; nullptr after the last.
  const Pair* Next() {
    if (left_in_run_ > 0) {
      at_ += direction_;
    } else if (!StartRun()) {
      return nullptr;
    }
    --left_in_run_;
    return at_;
  }

 private:
  bool StartRun() {
    if (left_ == 0) return false;
    --left_;
    run_ += stride_;
    if (run_ >= runs_) run_ -= runs_;
    const std::span run =
        pairs_.subspan(std::size_t{run_} * length_, std::min(length_, pairs_.size() - std::size_t{run_} * length_));
    at_ = direction_ > 0 ? &run.front() : &run.back();
    left_in_run_ = static_cast<std::uint32_t>(run.size());
    return true;
  }

  std::span<const Pair> pairs_;
  std::size_t length_;  // of a run
  std::uint32_t runs_;
  std::uint32_t left_;  // runs not started
  std::uint32_t run_ = 0;
  std::uint32_t stride_ = 1;
  std::ptrdiff_t direction_;
  const Pair* at_ = nullptr;
  std::uint32_t left_in_run_ = 0;
};

}  // namespace matfac
