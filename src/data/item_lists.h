#pragma once

#include <span>
#include <vector>

#include "data/ratings.h"

namespace matfac {

/// A list of items for each user, in ascending order, each item once.
class ItemLists {
 public:
  ItemLists() = default;
  /// Pairs of users[j] with items[j], in any order; a repeated pair counts once. Pairs with kUnknown on either side are
  /// left out. Throws std::invalid_argument, which names the columns as `what`, for columns that differ in length and
  /// for an index outside 0 … count − 1.
  ItemLists(const char* what, std::span<const Index> users, std::span<const Index> items, Index user_count,
            Index item_count);

  /// Empty for every user of default-constructed lists, else needs 0 ≤ user < user_count. Valid as long as the lists
  /// are.
  std::span<const Index> Row(Index user) const {
    if (begins_.empty()) return {};
    return std::span(items_).subspan(begins_[user], ends_[user] - begins_[user]);
  }

 private:
  // Of each user in items_; what was repeated leaves a gap.
  std::vector<Offset> begins_;
  std::vector<Offset> ends_;
  std::vector<Index> items_;
};

}  // namespace matfac
