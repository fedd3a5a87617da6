#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "data/rating_errors.h"
#include "data/ratings.h"
#include "data/ratings_window.h"

namespace matfac {
namespace {

/// In windows: the ratings of a group of items with several of them, and of all buffers of all groups.
constexpr Offset kGroupWindows = 8;
constexpr Offset kBufferWindows = 4;

void CheckOffsets(std::span<const Offset> offsets) {
  if (offsets.empty() || offsets.front() != 0 || !std::ranges::is_sorted(offsets)) {
    throw std::invalid_argument("offsets must rise from 0 to the number of ratings; they do not");
  }
  if (offsets.back() == 0) throw std::invalid_argument("ratings must not be empty");
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

/// Groups the ratings by item within bounded memory: they go to the groups of their items in the store, by way of a
/// buffer for each, and then each group is sorted in memory. So reads and writes are long.
class Transposition {
 public:
  /// Writes users and values from byte `to` on, and uses the next 12 bytes a rating.
  Transposition(RatingsStore& store, std::span<const Offset> offsets, std::int64_t to, Offset window)
      : store_(store),
        offsets_(offsets),
        to_(to),
        next_(offsets.begin(), offsets.end()),
        share_(kGroupWindows * window),
        buffers_(std::max(Groups(), std::min(kBufferWindows * window, offsets.back()))) {}

  void Run(const RatingsSide& by_user) {
    Distribute(by_user);
    for (Index first = 0; first < ItemCount();) {
      Index end = first + 1;
      while (end < ItemCount() && GroupOf(end) == GroupOf(first)) ++end;
      Sort(first, end);
      first = end;
    }
  }

 private:
  struct Rating {
    Index item;
    Index user;
    float value;
  };

  Index ItemCount() const { return static_cast<Index>(offsets_.size()) - 1; }
  Offset Groups() const { return offsets_.back() / share_ + 1; }
  Offset GroupOf(Index item) const { return offsets_[item] / share_; }
  std::int64_t PlaceOf(Offset rating) const {
    return to_ + std::int64_t{8} * offsets_.back() + std::int64_t{sizeof(Rating)} * rating;
  }

  /// In the order of the users.
  void Distribute(const RatingsSide& by_user) {
    const Offset room = std::ssize(buffers_) / Groups();
    std::vector<Offset> filled(Groups());
    std::vector<Offset> next(Groups());
    for (Index item = ItemCount() - 1; item >= 0; --item) next[GroupOf(item)] = offsets_[item];
    const auto flush = [&](Offset group) {
      if (filled[group] == 0) return;
      store_.Write(PlaceOf(next[group]), std::as_bytes(std::span(buffers_).subspan(group * room, filled[group])));
      next[group] += std::exchange(filled[group], 0);
    };
    for (Index user = 0; user < by_user.RowCount(); ++user) {
      const RatingsRow row = by_user.Row(user);
      for (std::size_t j = 0; j < row.others.size(); ++j) {
        const Offset group = GroupOf(row.others[j]);
        buffers_[group * room + filled[group]++] = {.item = row.others[j], .user = user, .value = row.values[j]};
        if (filled[group] == room) flush(group);
      }
    }
    for (Offset group = 0; group < Groups(); ++group) flush(group);
  }

  /// The items of a group.
  void Sort(Index first, Index end) {
    const Offset begin = offsets_[first];
    const Offset count = offsets_[end] - begin;
    if (count == 0) return;
    std::vector<Index> users(count);
    std::vector<float> values(count);
    for (Offset done = 0; done < count;) {
      const std::span<Rating> part = std::span(buffers_).first(std::min(std::ssize(buffers_), count - done));
      store_.Read(PlaceOf(begin + done), std::as_writable_bytes(part));
      for (const Rating& rating : part) {
        if (rating.item < first || rating.item >= end || next_[rating.item] == offsets_[rating.item + 1]) {
          ThrowChanged();
        }
        const Offset at = next_[rating.item]++ - begin;
        users[at] = rating.user;
        values[at] = rating.value;
      }
      done += std::ssize(part);
    }
    store_.Write(to_ + std::int64_t{4} * begin, std::as_bytes(std::span(users)));
    store_.Write(to_ + std::int64_t{4} * (offsets_.back() + begin), std::as_bytes(std::span(values)));
  }

  RatingsStore& store_;
  std::span<const Offset> offsets_;
  std::int64_t to_;
  std::vector<Offset> next_;  // where the next rating of each item goes
  Offset share_;              // of a group
  std::vector<Rating> buffers_;
};

}  // namespace

Ratings Ratings::FromStore(std::shared_ptr<RatingsStore> store, std::vector<Offset> offsets, Index item_count,
                           std::int64_t scratch, Offset window) {
  CheckOffsets(offsets);
  const Offset size = offsets.back();
  const auto user_count = static_cast<Index>(offsets.size()) - 1;
  CheckIsThere(*store, size);
  const auto window_at = [&](std::int64_t begin, const char* name, Index others) {
    return std::make_shared<RatingsWindow>(
        StoredColumns{.store = store, .begin = begin, .size = size, .name = name, .others = others}, window);
  };
  Ratings ratings;
  ratings.by_user_ = RatingsSide(std::move(offsets), window_at(0, "item", item_count));
  Contents found = Examine(ratings.by_user_, item_count);
  ratings.SetMoments(found.least, found.greatest);
  Transposition(*store, found.offsets, scratch, window).Run(ratings.by_user_);
  ratings.by_item_ = RatingsSide(std::move(found.offsets), window_at(scratch, "user", user_count));
  ratings.scratch_ = std::make_shared<StoreScratch>(*store, scratch + std::int64_t{8} * size);
  return ratings;
}

}  // namespace matfac
