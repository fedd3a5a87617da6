#pragma once

#include <limits>
#include <span>

#include "model/model.h"
#include "ranking/ranking.h"
#include "ranking/score_tile.h"

namespace matfac {

/// The score of an item that is not ranked.
inline constexpr float kNever = -std::numeric_limits<float>::infinity();
/// Scores looked at together.
inline constexpr int kScoreGroup = 16;

/// The number of items of a tile, a multiple of kScoreGroup. With some users' rows and their scores a tile fits a
/// second-level cache.
int TileItems(int stride);

/// The first n items of one user by r̂, found while tiles of products u·v go by in the order of the items.
class ItemSearch {
 public:
  /// `row` is the user's side; the excluded items are in ascending order, and outlive the search.
  ItemSearch(const Model& model, const float* row, float bias, std::span<const Index> excluded, int n);

  const float* Row() const { return row_; }
  std::span<const Index> Excluded() const { return excluded_; }

  /// Turns the products with `count` items from `first` on into scores, with the bits of Score. The excluded items, and
  /// the padding of the last group, get kNever. Needs room for a multiple of kScoreGroup.
  void Finish(float* products, Index first, int count);
  /// Keeps the items whose scores, as Finish left them, are among the first n.
  void Keep(const float* scores, Index first, int count);
  Ranking Take() { return top_.Take(); }

 private:
  const Model& model_;
  const float* row_;
  double base_;
  std::span<const Index> excluded_;
  std::size_t next_excluded_ = 0;
  TopN top_;
};

}  // namespace matfac
