#include "ranking/bounded_search.h"

#include <algorithm>
#include <vector>

#include "ranking/product_bounds.h"

namespace matfac {

void SearchBounded(const Model& model, const ItemOrder& order, std::span<ItemSearch> searches) {
  constexpr int kWidth = ItemOrder::kTileItems;
  const int stride = model.Stride();
  std::vector<const float*> users;
  std::vector<double> norms;
  for (const ItemSearch& search : searches) {
    users.push_back(search.Row());
    norms.push_back(NormBound(search.Row(), stride));
  }
  ProductBounds products(users, stride, kWidth);
  std::vector<float> bounds((searches.size() + 1) * kWidth);
  std::vector<std::uint8_t> looking(searches.size() + 1);
  std::vector<float> biases;
  FactorMatrix room;
  for (const ItemOrder::Tile& tile : order.Tiles()) {
    bool any = false;
    for (std::size_t u = 0; u < searches.size(); ++u) {
      looking[u] = tile.bias + norms[u] * tile.norm > searches[u].Limit() ? 1 : 0;
      any = any || looking[u] != 0;
    }
    if (!any) continue;
    const std::vector<const float*> items = model.ItemFactors().Listed(tile.items, room);
    biases.clear();
    if (!model.item_bias.empty()) {
      for (const Index item : tile.items) biases.push_back(model.item_bias[item]);
    }
    products.Fill(items, looking, bounds.data(), kWidth);
    for (std::size_t u = 0; u < searches.size(); ++u) {
      if (looking[u] != 0) searches[u].KeepBounded(&bounds[u * kWidth], tile.items, biases, items);
    }
  }
}

}  // namespace matfac
