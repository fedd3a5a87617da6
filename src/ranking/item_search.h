#pragma once

#include <limits>
#include <span>
#include <vector>

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
/// So many items and those that the last group lacks.
int PaddedItems(int count);

/// excluded[item], for every item of the model. Throws std::invalid_argument for an item outside it.
std::vector<bool> MarksOf(const Model& model, std::span<const Index> excluded);

/// The first n items of one user by r̂, found while tiles of products u·v go by in the order of the items.
class ItemSearch {
 public:
  /// `row` is the user's side; the excluded items may repeat. Throws std::invalid_argument for one outside the model.
  ItemSearch(const Model& model, const float* row, float bias, std::span<const Index> excluded, int n);

  const float* Row() const { return row_; }

  /// Turns the products with `count` items from `first` on into scores, with the bits of Score. The padding of
  /// the last group gets kNever. Needs room for a multiple of kScoreGroup.
  void Finish(float* products, Index first, int count);
  /// Keeps the items whose scores, as Finish left them, are among the first n.
  void Keep(const float* scores, Index first, int count);

  /// What the bound of a product, together with the bias of the item, must exceed for a score among the first n.
  float Limit() const;
  /// Keeps those of the listed items that are among the first n, by ProductBounds with their rows; `biases` are theirs,
  /// and empty without biases. Searches that keep items so may see them in any order. Needs room like Finish.
  void KeepBounded(float* bounds, std::span<const Index> items, std::span<const float> biases,
                   std::span<const float* const> rows);

  Ranking Take() { return top_.Take(); }

 private:
  const Model& model_;
  const float* row_;
  double base_;
  std::vector<bool> excluded_;
  TopN top_;
};

}  // namespace matfac
