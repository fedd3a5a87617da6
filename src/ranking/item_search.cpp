#include "ranking/item_search.h"

#include <algorithm>
#include <cmath>

#include "base/kernels.h"

namespace matfac {
namespace {

/// Numbers of a tile.
constexpr int kTileFloats = 1 << 13;

void AddTo(float* sums, const float* numbers, int count) {
  using namespace kernels;
  int i = 0;
#pragma clang loop unroll(disable)
  for (; i + kWidth <= count; i += kWidth) Store(sums + i, Load(sums + i) + Load(numbers + i));
#pragma clang loop unroll(disable) vectorize(disable)
  for (; i < count; ++i) sums[i] += numbers[i];
}

}  // namespace

int PaddedItems(int count) { return (count + kScoreGroup - 1) / kScoreGroup * kScoreGroup; }

int TileItems(int stride) { return std::max(kScoreGroup, kTileFloats / stride / kScoreGroup * kScoreGroup); }

std::vector<bool> MarksOf(const Model& model, std::span<const Index> excluded) {
  std::vector<bool> marks(model.ItemCount());
  for (const Index item : excluded) {
    model.CheckItem(item);
    marks[item] = true;
  }
  return marks;
}

ItemSearch::ItemSearch(const Model& model, const float* row, float bias, std::span<const Index> excluded, int n)
    : model_(model),
      row_(row),
      base_(model.Baseline() + bias),
      excluded_(MarksOf(model, excluded)),
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
  std::fill(products + count, products + PaddedItems(count), kNever);
}

void ItemSearch::Keep(const float* scores, Index first, int count) {
  float bar = top_.Bar();
  const int padded = PaddedItems(count);
  for (int group = 0; group < padded; group += kScoreGroup) {
    if (!AnyAbove(scores + group, bar)) continue;
    for (int i = group; i < group + kScoreGroup; ++i) {
      if (!(scores[i] > bar) || excluded_[first + i]) continue;
      top_.Offer(first + i, scores[i]);
      bar = top_.Bar();
    }
  }
}

void ItemSearch::KeepBounded(float* bounds, std::span<const Index> items, std::span<const float> biases,
                             std::span<const float* const> rows) {
  const auto count = static_cast<int>(items.size());
  const int padded = PaddedItems(count);
  if (!biases.empty()) AddTo(bounds, biases.data(), count);
  std::fill(bounds + count, bounds + padded, kNever);
  float limit = Limit();
  for (int group = 0; group < padded; group += kScoreGroup) {
    if (!AnyAbove(bounds + group, limit)) continue;
#pragma clang loop unroll(disable)
    for (int i = group; i < group + kScoreGroup; ++i) {
      if (!(bounds[i] > limit) || excluded_[items[i]]) continue;
      const double bias = biases.empty() ? 0.0F : biases[i];
      const auto score = static_cast<float>((base_ + bias) + kernels::Dot(row_, rows[i], model_.Stride()));
      if (score < top_.Bar()) continue;
      top_.Offer(items[i], score);
      limit = Limit();
    }
  }
}

float ItemSearch::Limit() const {
  const double bar = top_.Bar();
  // Less by what rounding may add, to the score and to this limit itself, and by what ProductBounds leaves out.
  constexpr double kRounding = 0x1p-22;
  constexpr double kUnderflow = 1e-34;
  return static_cast<float>(bar - base_ - kRounding * (std::abs(bar) + std::abs(base_)) - kUnderflow);
}

}  // namespace matfac
