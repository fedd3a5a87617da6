#include "ranking/item_order.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "model/score_bound.h"

namespace matfac {
namespace {

/// Of reach: items of the same step stay in the order of the model.
constexpr int kSteps = 4'096;
constexpr double kLeastRange = 1e-30;
/// The users whose mean norm weighs the items' norms against their biases.
constexpr Index kSampledUsers = 256;

double MeanUserNorm(const Model& model) {
  const Index step = std::max(Index{1}, model.UserCount() / kSampledUsers);
  double sum = 0.0;
  int count = 0;
  for (Index user = 0; user < model.UserCount(); user += step, ++count) {
    sum += NormBound(RowOf(model.user_factors, user), model.Stride());
  }
  return sum / std::max(count, 1);
}

/// About the share of the largest reach that the best scores of a user attain, and the least share of the items below
/// it, as one part of so many, that pays for reading rows out of the order of memory. Random rows, all of about one
/// length, have none below it; trained ones a third and more.
constexpr double kBestOfReach = 0.4;
constexpr std::size_t kLeastShare = 8;

/// By falling reach.
void Arrange(std::span<const double> reach, std::span<Index> items) {
  const auto [least, most] = std::ranges::minmax(reach);
  const double width = std::max(most - least, kLeastRange) / kSteps;
  // NaN, of a training that diverges, comes last.
  const auto step = [&](double r) {
    const double steps = (most - r) / width;
    return steps < kSteps ? static_cast<std::size_t>(std::max(steps, 0.0)) : std::size_t{kSteps};
  };
  std::vector<Index> starts(kSteps + 2);
  for (const double r : reach) ++starts[step(r) + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  for (std::size_t item = 0; item < reach.size(); ++item) items[starts[step(reach[item])]++] = static_cast<Index>(item);
}

}  // namespace

ItemOrder::ItemOrder(const Model& model, bool by_reach) : items_(model.ItemCount()) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::iota(items_.begin(), items_.end(), Index{0});
  std::vector<double> norms(items_.size(), kInfinity);
  if (by_reach) {
    const double length = MeanUserNorm(model);
    std::vector<double> reach(items_.size());
    double best = -kInfinity;
    std::vector<float> room;
    for (const Index item : items_) {
      const double bias = model.ItemBias(item);
      norms[item] = NormBound(model.ItemFactors().Row(item, room), model.Stride());
      reach[item] = bias + length * norms[item];
      best = std::max(best, bias + kBestOfReach * length * norms[item]);
    }
    const auto out = std::ranges::count_if(reach, [&](double r) { return r < best; });
    if (kLeastShare * static_cast<std::size_t>(out) > items_.size()) Arrange(reach, items_);
  }
  for (std::size_t first = 0; first < items_.size(); first += kTileItems) {
    Tile tile{.items = std::span(items_).subspan(first, std::min<std::size_t>(kTileItems, items_.size() - first)),
              .bias = -kInfinity,
              .norm = 0.0};
    for (const Index item : tile.items) {
      tile.bias = std::max<double>(tile.bias, model.ItemBias(item));
      tile.norm = std::max(tile.norm, norms[item]);
    }
    tiles_.push_back(tile);
  }
}

double NormBound(const float* row, int stride) {
  // Float32 loses the squares of small numbers; the rest is for its rounding, there and in a product of two rows.
  constexpr double kSmall = 1e-18;
  constexpr double kRounding = 1.0 + 0x1p-10;
  return kRounding * RowBound({row, static_cast<std::size_t>(stride)}, 0.0F, {}).factors + kSmall;
}

}  // namespace matfac
