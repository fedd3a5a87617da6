#include "solvers/bpr_tiles.h"

#include <numeric>

namespace matfac {
namespace {

/// Neighbouring items that are in one group: their biases share a cache line.
constexpr Index kRun = 16;

int GroupOf(Index item) { return static_cast<int>(static_cast<std::uint32_t>(item) / kRun % kBprItemGroups); }

/// Round r, counted from 1, pairs group g with g xor r.
constexpr auto kTileOfGroups = [] {
  std::array<std::uint8_t, kBprItemGroups * kBprItemGroups> tiles{};
  int tile = 0;
  for (int round = 1; round <= kBprRounds; ++round) {
    for (int group = 0; group < kBprItemGroups; ++group) {
      const int partner = group ^ round;
      if (partner < group) continue;
      tiles[group * kBprItemGroups + partner] = static_cast<std::uint8_t>(tile);
      tiles[partner * kBprItemGroups + group] = static_cast<std::uint8_t>(tile);
      if (round == 1) {
        tiles[group * kBprItemGroups + group] = static_cast<std::uint8_t>(tile);
        tiles[partner * kBprItemGroups + partner] = static_cast<std::uint8_t>(tile);
      }
      ++tile;
    }
  }
  return tiles;
}();

int TileOf(const BprSample& sample) {
  return kTileOfGroups[GroupOf(sample.item) * kBprItemGroups + GroupOf(sample.other)];
}

/// The unrated items lie between the rated ones: rated[p] − p of them come before rated[p].
Index DrawBetween(std::span<const Index> rated, std::uint32_t items, Random& random) {
  const auto drawn = static_cast<Index>(random.Below(items - static_cast<std::uint32_t>(rated.size())));
  std::size_t below = 0;
  for (std::size_t left = rated.size(); left > 0;) {  // compiles without a branch, which would be unpredictable
    const std::size_t half = left / 2;
    const bool before = rated[below + half] - static_cast<Index>(below + half) <= drawn;
    below += before ? half + 1 : 0;
    left = before ? left - half - 1 : half;
  }
  return drawn + static_cast<Index>(below);
}

/// Writes the samples of a user, and returns where the next go.
BprSample* DrawFor(Index user, const Ratings& ratings, Random& random, std::vector<std::uint8_t>& is_rated,
                   BprSample* to) {
  const std::span<const Index> rated = ratings.ByUser().Row(user).others;
  const auto items = static_cast<std::uint32_t>(ratings.ItemCount());
  if (2 * rated.size() > items) {
    for (const Index item : rated) *to++ = {user, item, DrawBetween(rated, items, random)};
    return to;
  }
  for (const Index item : rated) is_rated[item] = 1;
  for (const Index item : rated) {
    std::uint32_t other = random.Below(items);
    while (is_rated[other] != 0) other = random.Below(items);
    *to++ = {user, item, static_cast<Index>(other)};
  }
  for (const Index item : rated) is_rated[item] = 0;
  return to;
}

}  // namespace

void BprTiles::Draw(const Ratings& ratings, Index begin, Index end, bool whole, Random random,
                    std::vector<std::uint8_t>& is_rated) {
  drawn_.resize(ratings.ByUser().Begin(end) - ratings.ByUser().Begin(begin));
  BprSample* next = drawn_.data();
  for (Index user = begin; user < end; ++user) {
    if (IsSampled(ratings, user)) next = DrawFor(user, ratings, random, is_rated, next);
  }
  drawn_.resize(next - drawn_.data());
  Sort(whole);
  for (int tile = 0; tile < kBprTiles; ++tile) {
    random.Shuffle(std::span(samples_).subspan(begin_[tile], begin_[tile + 1] - begin_[tile]));
  }
}

void BprTiles::Sort(bool whole) {
  begin_.fill(0);
  if (whole) {
    samples_.swap(drawn_);
    std::fill(begin_.begin() + 1, begin_.end(), samples_.size());
    return;
  }
  for (const BprSample& sample : drawn_) ++begin_[TileOf(sample) + 1];
  std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  std::array<std::size_t, kBprTiles + 1> next = begin_;
  samples_.resize(drawn_.size());
  for (const BprSample& sample : drawn_) samples_[next[TileOf(sample)]++] = sample;
}

}  // namespace matfac
