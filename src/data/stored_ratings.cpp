#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "base/errors.h"
#include "data/rating_errors.h"
#include "data/ratings.h"
#include "data/ratings_window.h"

namespace matfac {
namespace {

/// The most ratings of a group of several items, in windows or as a share of all, whichever is more: about as many
/// passes at most.
constexpr Offset kGroups = 16;

void CheckOffsets(std::span<const Offset> offsets) {
  if (offsets.empty() || offsets.front() != 0 || !std::ranges::is_sorted(offsets)) {
    ThrowInvalid("offsets must rise from 0 to the number of ratings; they do not");
  }
  if (offsets.back() == 0) ThrowInvalid("ratings must not be empty");
}

/// Throws unless all of two columns from byte 0 on is there, before anything is allocated for them.
void CheckIsThere(RatingsStore& store, Offset size) {
  std::byte last{};
  store.Read(std::int64_t{8} * size - 1, {&last, 1});
}

struct Contents {
  /// Where the ratings of each item begin, and the end of all.
  std::vector<Offset> offsets;
  float least;
  float greatest;
};

Contents Examine(const RatingsSide& by_user, Index item_count) {
  Contents found{.offsets = std::vector<Offset>(static_cast<std::size_t>(item_count) + 1),
                 .least = std::numeric_limits<float>::infinity(),
                 .greatest = -std::numeric_limits<float>::infinity()};
  for (Index user = 0; user < by_user.RowCount(); ++user) {
    const RatingsRow row = by_user.Row(user);
    for (const Index item : row.others) ++found.offsets[item + 1];
    for (const float value : row.values) {
      found.least = std::min(found.least, value);
      found.greatest = std::max(found.greatest, value);
    }
  }
  std::partial_sum(found.offsets.begin(), found.offsets.end(), found.offsets.begin());
  return found;
}

/// Writes users and values by item, from byte `to` on: a group of items at a time, in a pass over the ratings for each.
void Transpose(const RatingsSide& by_user, std::span<const Offset> offsets, Offset share, RatingsStore& store,
               std::int64_t to) {
  const auto item_count = static_cast<Index>(offsets.size()) - 1;
  std::vector<Offset> next(offsets.begin(), offsets.end());
  std::vector<Index> users;
  std::vector<float> values;
  users.reserve(std::min(share, offsets.back()));
  values.reserve(users.capacity());
  for (Index first = 0, end = 0; first < item_count; first = end) {
    const Offset begin = offsets[first];
    for (++end; end < item_count && offsets[end + 1] - begin <= share;) ++end;
    users.resize(offsets[end] - begin);
    values.resize(users.size());
    for (Index user = 0; user < by_user.RowCount(); ++user) {
      const RatingsRow row = by_user.Row(user);
      for (std::size_t j = 0; j < row.others.size(); ++j) {
        const Index item = row.others[j];
        if (item < first || item >= end) continue;
        // Only in a store that changes is there no place left.
        if (next[item] == offsets[item + 1]) ThrowChanged();
        const Offset at = next[item]++ - begin;
        users[at] = user;
        values[at] = row.values[j];
      }
    }
    if (users.empty()) continue;
    store.Write(to + std::int64_t{4} * begin, std::as_bytes(std::span(users)));
    store.Write(to + std::int64_t{4} * (offsets.back() + begin), std::as_bytes(std::span(values)));
  }
}

}  // namespace

Ratings Ratings::FromStore(std::shared_ptr<RatingsStore> store, std::vector<Offset> offsets, Index item_count,
                           std::int64_t scratch, Offset window) {
  CheckOffsets(offsets);
  const Offset size = offsets.back();
  const auto user_count = static_cast<Index>(offsets.size()) - 1;
  CheckIsThere(*store, size);
  const auto window_at = [&](std::int64_t begin, Index others, bool is_given) {
    return std::make_shared<RatingsWindow>(
        StoredColumns{.store = store, .begin = begin, .size = size, .others = others, .is_given = is_given}, window);
  };
  Ratings ratings;
  ratings.by_user_ = RatingsSide(std::move(offsets), window_at(0, item_count, true));
  Contents found = Examine(ratings.by_user_, item_count);
  ratings.SetMoments(found.least, found.greatest);
  Transpose(ratings.by_user_, found.offsets, std::max(kGroups * std::min(window, kWindowRatings), size / kGroups),
            *store, scratch);
  ratings.by_item_ = RatingsSide(std::move(found.offsets), window_at(scratch, user_count, false));
  ratings.scratch_ = std::make_shared<StoreScratch>(*store, scratch + std::int64_t{8} * size);
  return ratings;
}

}  // namespace matfac
