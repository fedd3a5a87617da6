#pragma once

#include <span>

#include "ranking/item_order.h"
#include "ranking/item_search.h"

namespace matfac {

/// Lets every search see all items of the model, whose users and items these are; in `order`, or else in that of the
/// model. Several users share the reading of the items.
void SearchAll(const Model& model, std::span<ItemSearch> searches, const ItemOrder* order = nullptr);

}  // namespace matfac
