#pragma once

#include <span>

#include "ranking/item_order.h"
#include "ranking/item_search.h"

namespace matfac {

/// Lets every search see the items of the model that may be among its first n, in any order: where neither the reach of
/// a tile nor the bound of a product rules an item out, its score is computed, so that the rankings are those of all
/// scores, to the bit.
void SearchBounded(const Model& model, const ItemOrder& order, std::span<ItemSearch> searches);

}  // namespace matfac
