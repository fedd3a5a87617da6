#include "ranking/item_search.h"

#include <algorithm>

namespace matfac {
namespace {

/// Numbers of a tile.
constexpr int kTileFloats = 1 << 13;

int Padded(int count) { return (count + kScoreGroup - 1) / kScoreGroup * kScoreGroup; }

}  // namespace

int TileItems(int stride) { return std::max(kScoreGroup, kTileFloats / stride / kScoreGroup * kScoreGroup); }

ItemSearch::ItemSearch(const Model& model, const float* row, float bias, std::span<const Index> excluded, int n)
    : model_(model),
      row_(row),
      base_(model.Baseline() + bias),
      excluded_(excluded),
      top_(std::min(n, model.ItemCount())) {}

void ItemSearch::Finish(float* products, Index first, int count) {
  // In the order of the additions in Score; without a condition, so that it compiles to vector instructions.
  const double base = base_;
  if (!model_.item_bias.empty()) {
    const float* const biases = model_.item_bias.data() + first;
    for (int i = 0; i < count; ++i) products[i] = static_cast<float>((base + biases[i]) + products[i]);
  } else if (base != 0.0) {
    for (int i = 0; i < count; ++i) products[i] = static_cast<float>((base + 0.0) + products[i]);
  }
  // Else the products are the scores: a sum that starts from 0 is never −0.
  std::fill(products + count, products + Padded(count), kNever);
  for (; next_excluded_ < excluded_.size() && excluded_[next_excluded_] < first + count; ++next_excluded_) {
    products[excluded_[next_excluded_] - first] = kNever;
  }
}

void ItemSearch::Keep(const float* scores, Index first, int count) {
  float bar = top_.Bar();
  const int padded = Padded(count);
  for (int group = 0; group < padded; group += kScoreGroup) {
    if (!AnyAbove(scores + group, bar)) continue;
    for (int i = group; i < group + kScoreGroup; ++i) {
      if (!(scores[i] > bar)) continue;
      top_.Offer(first + i, scores[i]);
      bar = top_.Bar();
    }
  }
}

}  // namespace matfac
