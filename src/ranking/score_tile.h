#pragma once

#include <cstdint>
#include <span>

#include "base/factors.h"

namespace matfac {

/// scores[u · width + i] = kernels::Dot(users[u], items + i · stride, stride) with the same bits, for every user and
/// each of `count` contiguous rows of items: a product of two small matrices, tiled so that a row loaded into registers
/// serves several sums. Needs width ≥ count.
void ScoreTile(std::span<const float* const> users, const float* items, int count, int stride, float* scores,
               int width);

/// Twice the pairs (score, bar) in which the score is above the bar, and once those in which they are equal. A rank sum
/// (Mann and Whitney 1947) counts both. Needs `bars` in ascending order and `count` a multiple of 8, below 2²⁰.
std::int64_t CountAbove(const float* scores, int count, std::span<const float> bars);

/// Returns true when any of the 16 scores is above the bar.
bool AnyAbove(const float* scores, float bar);

}  // namespace matfac
