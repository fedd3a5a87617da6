#include "data/item_lists.h"

#include <algorithm>
#include <numeric>

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
    : offsets_(static_cast<std::size_t>(user_count) + 1) {
  if (users.size() != items.size()) {
    ThrowInvalid("{} users and items must have the same length; they have {} and {}",
                 {what, users.size(), items.size()});
  }
  // Counts of users, and of items, each one place further on.
  std::vector<Offset> user_next(offsets_.size() + 1);
  std::vector<Offset> item_next(static_cast<std::size_t>(item_count) + 2);
  const auto is_known = [&](std::size_t j) { return users[j] != kUnknown && items[j] != kUnknown; };
  for (std::size_t j = 0; j < users.size(); ++j) {
    Check(what, "user", users[j], user_count);
    Check(what, "item", items[j], item_count);
    if (!is_known(j)) continue;
    ++user_next[users[j] + 2];
    ++item_next[items[j] + 2];
  }
  std::partial_sum(user_next.begin(), user_next.end(), user_next.begin());
  std::partial_sum(item_next.begin(), item_next.end(), item_next.begin());
  // Of each item in turn, those who have it: linear, where sorting each list takes several times as long.
  std::vector<Index> owners(user_next.back());
  for (std::size_t j = 0; j < users.size(); ++j) {
    if (is_known(j)) owners[item_next[items[j] + 1]++] = users[j];
  }
  items_.resize(owners.size());
  const std::vector<Offset> starts(user_next.begin() + 1, user_next.end());
  for (Index item = 0; item < item_count; ++item) {
    for (Offset at = item_next[item]; at < item_next[item + 1]; ++at) {
      Offset& next = user_next[owners[at] + 1];
      const bool is_repeated = next > starts[owners[at]] && items_[next - 1] == item;
      if (!is_repeated) items_[next++] = item;
    }
  }
  auto end = items_.begin();
  for (Index user = 0; user < user_count; ++user) {
    end = std::copy(items_.begin() + starts[user], items_.begin() + user_next[user + 1], end);
    offsets_[user + 1] = end - items_.begin();
  }
  items_.erase(end, items_.end());
}

}  // namespace matfac
