#include "ranking/score_tile.h"

#include <array>
#include <cstdint>

#include "base/kernels.h"

namespace matfac {
namespace {

using kernels::Any;
using kernels::Float4;
using kernels::Int4;
using kernels::kWidth;
using kernels::Load;

/// Of kernels::Dot's four running sums.
constexpr int kSums = 4;
constexpr int kSpan = kSums * kWidth;
/// Up to this many bars each bar is compared with every score, without a branch; more bars are searched.
constexpr std::size_t kFewBars = 64;

/// Users that share the loads of a row of items.
constexpr int kUsers = 2;

/// One of Dot's running sums, for kUsers × 4 pairs.
struct Sums {
  std::array<std::array<Float4, kWidth>, kUsers> of{};

  Sums(const float* const* users, const float* items, int which, int stride) {
    const int whole = stride / kSpan * kSpan;
    for (int j = which * kWidth; j < whole; j += kSpan) Add(users, items, j, stride);
    if (whole + which * kWidth < stride) Add(users, items, whole + which * kWidth, stride);
  }

  void Add(const float* const* users, const float* items, int j, int stride) {
    for (int i = 0; i < kWidth; ++i) {
      const Float4 item = Load(items + i * stride + j);
      for (int u = 0; u < kUsers; ++u) of[u][i] = kernels::MultiplyAdd(Load(users[u] + j), item, of[u][i]);
    }
  }

  void Add(const Sums& other) {
    for (int u = 0; u < kUsers; ++u) {
      for (int i = 0; i < kWidth; ++i) of[u][i] += other.of[u][i];
    }
  }
};

void ScoreFour(const float* const* users, const float* items, int stride, float* scores, int width) {
  Sums low(users, items, 0, stride);
  low.Add(Sums(users, items, 1, stride));
  Sums high(users, items, 2, stride);
  high.Add(Sums(users, items, 3, stride));
  low.Add(high);
  for (int u = 0; u < kUsers; ++u) {
    kernels::Store(scores + u * width, kernels::Sums(low.of[u][0], low.of[u][1], low.of[u][2], low.of[u][3]));
  }
}

/// Row after row: for a single user the time is that of reading the items, which is fastest in their order.
void ScoreUser(const float* user, const float* items, int count, int stride, float* scores) {
  for (int i = 0; i < count; ++i) scores[i] = kernels::Dot(user, items + std::ptrdiff_t{i} * stride, stride);
}

void ScoreUsers(const float* const* users, const float* items, int count, int stride, float* scores, int width) {
  const int whole = count / kWidth * kWidth;
  for (int i = 0; i < whole; i += kWidth) {
    ScoreFour(users, items + std::ptrdiff_t{i} * stride, stride, scores + i, width);
  }
  for (int u = 0; u < kUsers; ++u) {
    ScoreUser(users[u], items + std::ptrdiff_t{whole} * stride, count - whole, stride, scores + u * width + whole);
  }
}

std::int64_t CountAboveFew(const float* scores, int count, std::span<const float> bars) {
  Int4 low{};
  Int4 high{};
  for (int i = 0; i < count; i += 2 * kWidth) {
    const Float4 a = Load(scores + i);
    const Float4 b = Load(scores + i + kWidth);
    for (const float bar : bars) {
      const Float4 all = kernels::Splat(bar);
      low -= (a > all) + (a >= all);  // a comparison that holds is −1
      high -= (b > all) + (b >= all);
    }
  }
  const Int4 sums = low + high;
  return std::int64_t{sums[0]} + sums[1] + sums[2] + sums[3];
}

/// Four bisections side by side, each with a product for a branch, whose outcome could not be foreseen.
std::int64_t CountBelow(const float* scores, std::span<const float> bars) {
  std::array<std::size_t, kWidth> below{};
  for (std::size_t left = bars.size(); left > 1;) {
    const std::size_t half = left / 2;
    for (int i = 0; i < kWidth; ++i) {
      below[i] += half * static_cast<std::size_t>(bars[below[i] + half - 1] < scores[i]);
    }
    left -= half;
  }
  std::int64_t sum = 0;
  for (int i = 0; i < kWidth; ++i) {
    below[i] += static_cast<std::size_t>(bars[below[i]] < scores[i]);
    sum += 2 * static_cast<std::int64_t>(below[i]);
    for (std::size_t b = below[i]; b < bars.size() && bars[b] == scores[i]; ++b) ++sum;
  }
  return sum;
}

}  // namespace

void ScoreTile(std::span<const float* const> users, const float* items, int count, int stride, float* scores,
               int width) {
  // One loop for every stride: five unrolled ones are a twelfth of the whole module.
  std::size_t u = 0;
  for (; u + kUsers <= users.size(); u += kUsers) {
    ScoreUsers(&users[u], items, count, stride, scores + u * width, width);
  }
  if (u < users.size()) ScoreUser(users[u], items, count, stride, scores + u * width);
}

std::int64_t CountAbove(const float* scores, int count, std::span<const float> bars) {
  if (bars.size() <= kFewBars) return CountAboveFew(scores, count, bars);
  const Float4 lowest = kernels::Splat(bars.front());
  std::int64_t sum = 0;
  for (int i = 0; i < count; i += kWidth) {
    if (!Any(Load(scores + i) >= lowest)) continue;
    sum += CountBelow(scores + i, bars);
  }
  return sum;
}

bool AnyAbove(const float* scores, float bar) {
  const Float4 all = kernels::Splat(bar);
  const Int4 mask = (Load(scores) > all) | (Load(scores + kWidth) > all) | (Load(scores + 2 * kWidth) > all) |
                    (Load(scores + 3 * kWidth) > all);
  return Any(mask);
}

}  // namespace matfac
