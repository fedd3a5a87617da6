#include "data/item_lists.h"

#include "base/errors.h"

namespace matfac {
namespace {

void Check(const char* what, const char* side, Index index, Index count) {
  if (index == kUnknown || (index >= 0 && index < count)) return;
  ThrowInvalid("{} {} must be from 0 to {}; it is {}", {what, side, count - 1, index});
}

}  // namespace

ItemLists::ItemLists(const char* what, std::span<const Index> users, std::span<const Index> items, Index user_count,
                     Index item_count)
    : begins_(static_cast<std::size_t>(user_count) + 1) {
  if (users.size() != items.size()) {
    ThrowInvalid("{} users and items must have the same length; they have {} and {}",
                 {what, users.size(), items.size()});
  }
  const auto is_known = [&](std::size_t j) { return users[j] != kUnknown && items[j] != kUnknown; };
  std::vector<Offset> item_ends(static_cast<std::size_t>(item_count) + 1);
  for (std::size_t j = 0; j < users.size(); ++j) {
    Check(what, "user", users[j], user_count);
    Check(what, "item", items[j], item_count);
    if (!is_known(j)) continue;
    ++begins_[users[j] + 1];
    ++item_ends[items[j] + 1];
  }
  for (Index user = 0; user < user_count; ++user) begins_[user + 1] += begins_[user];
  for (Index item = 0; item < item_count; ++item) item_ends[item + 1] += item_ends[item];
  // The users of each item in turn: linear, where sorting each list takes several times as long.
  std::vector<Index> owners(begins_.back());
  for (std::size_t j = 0; j < users.size(); ++j) {
    if (is_known(j)) owners[item_ends[items[j]]++] = users[j];
  }
  ends_ = begins_;
  items_.resize(owners.size());
  Offset at = 0;
  for (Index item = 0; item < item_count; ++item) {
    for (; at < item_ends[item]; ++at) {
      const Index user = owners[at];
      Offset& end = ends_[user];
      if (end == begins_[user] || items_[end - 1] != item) items_[end++] = item;
    }
  }
}

}  // namespace matfac
