#pragma once

#include <span>
#include <vector>

#include "model/model.h"

namespace matfac {

/// The items of a model in tiles. In the order of the scores that they can reach, a search for the best n leaves out
/// the tiles whose items cannot be among these:
///   b + b_i + u·v_i ≤ b + b_i + ‖u‖ ‖v_i‖
/// (Teflioudi, Gemulla and Mykytiuk 2015, "LEMP: Fast Retrieval of Large Entries in a Matrix Product"). Items that few
/// have rated have short rows, so that of a large catalogue little is left.
class ItemOrder {
 public:
  struct Tile {
    std::span<const Index> items;
    /// At least the largest of their b_i and ‖v_i‖; without `by_reach` infinite, and nothing is left out.
    double bias;
    double norm;
  };
  static constexpr int kTileItems = 128;
  /// Fewer are ranked before the items are in order.
  static constexpr std::size_t kLeastUsers = 32;

  /// By reach where that pays; else, or without `by_reach`, in the order of the model.
  ItemOrder(const Model& model, bool by_reach);
  ItemOrder(const ItemOrder&) = delete;
  ItemOrder(ItemOrder&&) = delete;
  ItemOrder& operator=(const ItemOrder&) = delete;
  ItemOrder& operator=(ItemOrder&&) = delete;
  ~ItemOrder() = default;

  std::span<const Tile> Tiles() const { return tiles_; }

 private:
  std::vector<Index> items_;
  std::vector<Tile> tiles_;
};

/// At least ‖x‖, and more than 0.
double NormBound(const float* row, int stride);

}  // namespace matfac
