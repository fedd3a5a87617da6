#include "ranking/search_all.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "ranking/bounded_search.h"
#include "ranking/score_tile.h"

namespace matfac {
namespace {

/// The bounds for fewer users would take longer than their scores.
constexpr std::size_t kLeastBounded = 12;

}  // namespace

void SearchAll(const Model& model, std::span<ItemSearch> searches, [[maybe_unused]] const ItemOrder* order) {
// A page that serves recommends to its visitor: it should not load the bounds, which are two kilobytes.
#ifndef MATFAC_SERVE
  if (searches.size() >= kLeastBounded) {
    std::optional<ItemOrder> plain;
    return SearchBounded(model, order != nullptr ? *order : plain.emplace(model, false), searches);
  }
#endif
  std::vector<const float*> users;
  for (const ItemSearch& search : searches) users.push_back(search.Row());
  const int stride = model.Stride();
  const int width = TileItems(stride);
  const StoredRows factors = model.ItemFactors();
  std::vector<float> scores(users.size() * width);
  std::vector<float> room;
  for (Index first = 0; first < model.ItemCount(); first += width) {
    const int items = std::min(width, model.ItemCount() - first);
    ScoreTile(users, factors.Rows(first, items, room), items, stride, scores.data(), width);
    for (std::size_t u = 0; u < users.size(); ++u) {
      searches[u].Finish(&scores[u * width], first, items);
      searches[u].Keep(&scores[u * width], first, items);
    }
  }
}

}  // namespace matfac
