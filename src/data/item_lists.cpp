#include "data/item_lists.h"

#include <algorithm>

#include "base/errors.h"
#include "base/sort.h"

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
  std::vector<Offset> starts(offsets_.size());
  for (std::size_t j = 0; j < users.size(); ++j) {
    Check(what, "user", users[j], user_count);
    Check(what, "item", items[j], item_count);
    if (users[j] != kUnknown && items[j] != kUnknown) ++starts[users[j] + 1];
  }
  for (Index user = 0; user < user_count; ++user) starts[user + 1] += starts[user];
  items_.resize(starts.back());
  std::vector<Offset> next = starts;
  for (std::size_t j = 0; j < users.size(); ++j) {
    if (users[j] != kUnknown && items[j] != kUnknown) items_[next[users[j]]++] = items[j];
  }
  auto end = items_.begin();
  for (Index user = 0; user < user_count; ++user) {
    const auto begin = items_.begin() + starts[user];
    const auto row_end = items_.begin() + starts[user + 1];
    Sort(std::span(begin, row_end));
    end = std::copy(begin, std::unique(begin, row_end), end);
    offsets_[user + 1] = end - items_.begin();
  }
  items_.erase(end, items_.end());
}

}  // namespace matfac
